package dev.remit.http.server;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// A client's connection. It notices when the client hangs up while a request is being answered.
///
/// Jetty does not read from a connection between the end of a request and the end of its answer. In
/// that time [#watch] takes its place: it asks the selector to be told of anything to read, and
/// reads. The end of the input means that the client is gone. Bytes are those of a next request;
/// they are kept and handed to Jetty when it reads again. The [Sweep] has it begin only when the
/// answer takes longer than a moment.
final class ClientEndPoint extends SocketChannelEndPoint {
    /// Of a next request, kept while this one is answered. With more than this the client is not
    /// watched any longer.
    private static final int READ_AHEAD = 16 << 10;

    private final Receiving receiving;
    private final Sending sending;
    private final Sweep sweep;
    private final Object lock = new Object();
    private volatile @Nullable Watch watch;
    private boolean answering;

    /// The watch was there when the sweep came by before.
    private boolean seen;

    /// Our callback waits for something to read, or is just being called.
    private boolean looking;

    private @Nullable ByteBuffer ahead;

    /// No next request will have come yet: Jetty, which looks at once, is sent to the selector.
    private volatile boolean rests;

    private boolean unread;

    /// The selector will tell when there is something to read, and has not done so yet.
    private volatile boolean armed;

    ClientEndPoint(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            Scheduler scheduler,
            HttpServer.Pace pace,
            Sweep sweep) {
        super(channel, selector, key, scheduler);
        this.sweep = sweep;
        this.receiving = new Receiving(pace);
        this.sending = new Sending(pace);
    }

    static ClientEndPoint of(Request request) {
        return (ClientEndPoint) request.getConnectionMetaData().getConnection().getEndPoint();
    }

    /// Until [#unwatch], runs something when the client hangs up: on a thread of its own, once. To
    /// be called when the request was read to its end.
    void watch(Runnable hungUp) {
        synchronized (lock) {
            if (answering) {
                watch = watch == null ? new Watch(hungUp) : watch.and(hungUp);
            }
        }
        sweep.expect();
    }

    /// From the second time on that a watch is seen here, the selector is asked.
    ///
    /// @return whether anybody is to be told
    boolean look() {
        if (watch == null) {
            return false;
        }
        synchronized (lock) {
            var now = watch;
            if (now != null && seen) {
                ask(now);
            }
            seen = now != null;
            return seen;
        }
    }

    /// Asks the selector to be told of anything to read, if that was not done.
    private void ask(Watch now) {
        if (!looking && !isFull()) {
            looking = true;
            tryFillInterested(now);
        }
    }

    /// A request is being answered from now on.
    ///
    /// @param withBody whether there is something of it to be read
    void answering(boolean withBody) {
        rests = false;
        unread = withBody;
        synchronized (lock) {
            answering = true;
        }
    }

    /// The request was read to its end.
    void read() {
        unread = false;
    }

    /// Nobody is to be told any more. What a client does that has its answer is its own affair.
    void unwatch() {
        boolean asked;
        synchronized (lock) {
            asked = looking;
            looking = false;
            seen = false;
            watch = null;
            answering = false;
        }
        if (asked) {
            getFillInterest().fillable(); // takes our callback away
        }
    }

    /// The answer is complete, and the connection Jetty's to read again.
    void answered() {
        unwatch();
        rests = !unread;
        receiving.ended();
        sending.ended();
    }

    /// Closes the connection in the middle of an answer.
    ///
    /// @param reset whether the client could take a mere end for the end of the answer
    void cut(boolean reset) {
        if (reset) {
            try {
                getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // it is closed already
            }
        }
        close();
    }

    private final class Watch implements Callback {
        private final Runnable hungUp;

        Watch(Runnable hungUp) {
            this.hungUp = hungUp;
        }

        Watch and(Runnable also) {
            return new Watch(() -> {
                hungUp.run();
                also.run();
            });
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        public void succeeded() {
            synchronized (lock) {
                looking = false;
                var now = watch;
                if (now == null) {
                    return;
                }
                if (readAhead() < 0) {
                    watch = null;
                    Thread.startVirtualThread(now.hungUp);
                } else if (!isFull()) {
                    ask(now);
                }
            }
        }

        /// The connection was closed on our side, or nothing moved on it for too long.
        @Override
        public void failed(Throwable cause) {
            synchronized (lock) {
                looking = false;
                var now = watch;
                if (now != null && !isOpen()) {
                    watch = null;
                    Thread.startVirtualThread(now.hungUp);
                }
            }
        }
    }

    private int readAhead() {
        var into = ahead;
        if (into == null) {
            into = BufferUtil.allocate(READ_AHEAD);
        }
        try {
            int count = super.fill(into);
            ahead = into.hasRemaining() ? into : null;
            return count;
        } catch (IOException e) {
            return -1;
        }
    }

    private boolean isFull() {
        var kept = ahead;
        return kept != null && BufferUtil.space(kept) == 0;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        if (rests && !hasAhead()) {
            return 0;
        }
        if (receiving.isTooSlow()) {
            return -1; // as if the client had gone
        }
        int count = next(buffer);
        if (count > 0) {
            receiving.received(count);
        }
        return count;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        long before = sending.isBlocked() ? BufferUtil.remaining(buffers) : 0;
        boolean all = super.flush(buffers);
        if (!all || sending.isBlocked()) {
            sending.flushed(before - (all ? 0 : BufferUtil.remaining(buffers)), all);
        }
        return all;
    }

    private int next(ByteBuffer buffer) throws IOException {
        synchronized (lock) {
            var kept = ahead;
            if (kept != null) {
                int count = BufferUtil.append(buffer, kept);
                if (!kept.hasRemaining()) {
                    ahead = null;
                }
                return count;
            }
        }
        return super.fill(buffer);
    }

    @Override
    public void onOpen() {
        sweep.opened(this);
        super.onOpen();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        sweep.closed(this);
        super.onClose(cause);
    }

    @Override
    protected void needsFillInterest() {
        if (hasAhead()) {
            // What Jetty waits for is here. Not on this thread, which may be registering.
            Thread.startVirtualThread(() -> getFillInterest().fillable());
        } else if (!armed) {
            armed = true;
            super.needsFillInterest();
        }
    }

    private boolean hasAhead() {
        synchronized (lock) {
            return ahead != null && watch == null;
        }
    }

    @Override
    public Runnable onSelected() {
        rests = false;
        var task = super.onSelected();
        // Not before the selector's own note of it is gone: who finds it set in between is served
        // by
        // the task, which is yet to run; who finds it gone sets both again.
        armed = false;
        return task;
    }
}
