package dev.remit.http.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One connection to a server, used by one request at a time, and its buffer.
///
/// The time by which something must have come is one number. The [Deadlines] swap it for `CUT` when
/// it has passed, and the user swaps in the next one; so a connection is never cut for a request
/// that it no longer carries.
final class Connection {
    static final int BUFFER = 16 << 10;

    private static final long CUT = Long.MIN_VALUE;

    /// The most handed to the system at once; it copies what it is given.
    private static final int LARGEST_WRITE = 64 << 10;

    private static final VarHandle DUE;

    static {
        try {
            DUE = MethodHandles.lookup().findVarHandle(Connection.class, "due", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Deadlines deadlines;
    private final SocketChannel channel;
    private final byte[] buffer = new byte[BUFFER];
    private final ByteBuffer view = ByteBuffer.wrap(buffer);
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable SSLSocket tls;
    private @Nullable InputStream secureIn;
    private @Nullable OutputStream secureOut;

    @SuppressWarnings("UnusedVariable") // by its handle
    private volatile long due = Deadlines.NEVER;

    private int position;
    private int limit;

    /// Whether it has carried a request before.
    boolean used;

    /// Since when nobody uses it.
    long idleSince;

    /// How long the server said it keeps it.
    long keptFor = Deadlines.NEVER;

    private @Nullable Pool pool;

    Connection(Deadlines deadlines) throws IOException {
        this.deadlines = deadlines;
        this.channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        deadlines.watch(this);
    }

    void connect(InetSocketAddress address, int millis) throws IOException {
        channel.socket().connect(address, millis);
    }

    /// From now on what is written is encrypted.
    void secure(Tls by, Origin origin) throws IOException {
        var socket = by.over(channel.socket(), origin);
        tls = socket;
        secureIn = socket.getInputStream();
        secureOut = socket.getOutputStream();
    }

    void belongsTo(Pool owner) {
        pool = owner;
    }

    // Deadlines

    long due() {
        long set = due;
        return set == CUT ? Deadlines.NEVER : set;
    }

    /// @return whether it is still there; else its time was up, and it is being cut
    boolean dueAt(long instant) {
        if ((long) DUE.getAndSet(this, instant) == CUT) {
            due = CUT;
            return false;
        }
        deadlines.expect(instant);
        return true;
    }

    /// The deadlines say so. Does nothing if another deadline was set meanwhile.
    void expire(long observed) {
        if (DUE.compareAndSet(this, observed, CUT)) {
            cut();
            var owner = pool;
            if (owner != null) {
                owner.forget(this);
            }
        }
    }

    /// Whether it was cut because a deadline had passed.
    boolean expired() {
        return due == CUT;
    }

    /// Closes it, from any thread. Whoever reads or writes it is thrown out.
    void cut() {
        if (closed.compareAndSet(false, true)) {
            deadlines.forget(this);
            try {
                channel.close();
            } catch (IOException e) {
                // nothing of it is wanted any more
            }
        }
    }

    boolean isOpen() {
        return !closed.get();
    }

    /// Whether the server has neither closed it nor said anything that nobody asked for.
    boolean isQuiet() {
        try {
            return tls == null ? isQuietPlain() : isQuiet(tls);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isQuietPlain() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(view.clear()) == 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    /// Session tickets may be waiting, so the bytes themselves say nothing.
    private boolean isQuiet(SSLSocket socket) throws IOException {
        socket.setSoTimeout(1);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    // Bytes

    /// Empty it before a request.
    byte[] buffer() {
        return buffer;
    }

    int available() {
        return limit - position;
    }

    void clear() {
        position = 0;
        limit = 0;
    }

    byte at(int index) {
        return buffer[position + index];
    }

    byte next() {
        return buffer[position++];
    }

    void skip(int count) {
        position += count;
    }

    int take(byte[] into, int offset, int most) {
        int count = Math.min(most, available());
        System.arraycopy(buffer, position, into, offset, count);
        position += count;
        return count;
    }

    boolean isFull() {
        return position == 0 && limit == BUFFER;
    }

    /// Waits for more bytes, behind those that are there.
    ///
    /// @return how many came; -1 if the server has closed
    int fill() throws IOException {
        if (position == limit) {
            clear();
        } else if (limit == BUFFER) {
            System.arraycopy(buffer, position, buffer, 0, available());
            limit -= position;
            position = 0;
        }
        int count;
        var in = secureIn;
        if (in == null) {
            count = channel.read(view.clear().position(limit));
        } else {
            count = in.read(buffer, limit, BUFFER - limit);
        }
        limit += Math.max(0, count);
        return count;
    }

    /// Waits for bytes and reads them past the buffer, which is empty.
    int readInto(byte[] into, int offset, int most) throws IOException {
        var in = secureIn;
        return in == null
                ? channel.read(ByteBuffer.wrap(into, offset, most))
                : in.read(into, offset, most);
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        var out = secureOut;
        if (out != null) {
            out.write(bytes, offset, length);
            return;
        }
        for (int end = offset + length; offset < end; ) {
            int count = Math.min(end - offset, LARGEST_WRITE);
            var piece = ByteBuffer.wrap(bytes, offset, count);
            while (piece.hasRemaining()) {
                if (channel.write(piece) < 0) {
                    throw new EOFException();
                }
            }
            offset += count;
        }
    }
}
