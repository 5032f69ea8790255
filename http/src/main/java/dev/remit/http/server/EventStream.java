package dev.remit.http.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/// Server-sent events to one client, written by one thread.
///
/// Nothing is queued: the source pulls what is next when the one before was taken, and waits with
/// [#await] in between. So a slow reader costs a blocked virtual thread and no memory; one that
/// takes nothing at all for the server's idle time-out is cut off. Heartbeats find out who is gone.
///
/// Follows the [HTML standard](https://html.spec.whatwg.org/multipage/server-sent-events.html).
public final class EventStream {
    static final String MEDIA_TYPE = "text/event-stream";

    private static final int MOST_AT_ONCE = 64 << 10;

    private final Response response;
    private final Duration heartbeat;
    private final Semaphore wakes = new Semaphore(0);
    private long lastWrite = System.nanoTime();
    private volatile boolean open = true;
    private boolean begun;

    EventStream(Response response, Duration heartbeat) {
        this.response = response;
        this.heartbeat = heartbeat;
    }

    /// One event as it goes out: made once, however many read it.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Frame(byte[] bytes) {}

    /// @param id what the client sends back as `Last-Event-ID`; absent: this event is not resumed
    ///   at
    /// @param data may have several lines
    public static Frame frame(@Nullable String id, String type, String data) {
        var text = new StringBuilder(data.length() + 64);
        if (id != null) {
            text.append("id: ").append(id).append('\n');
        }
        text.append("event: ").append(type).append('\n');
        data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        return new Frame(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Sends one event, blocking until the network has taken it.
    ///
    /// @throws IOException if the client is gone
    public void send(Frame frame) throws IOException {
        write(frame.bytes());
    }

    /// Sends several events one after the other, many in one piece where they are small.
    ///
    /// @throws IOException if the client is gone
    public void send(List<Frame> frames) throws IOException {
        var piece = new ByteArrayOutputStream();
        for (var frame : frames) {
            if (piece.size() > 0 && piece.size() + frame.bytes().length > MOST_AT_ONCE) {
                write(piece.toByteArray());
                piece.reset();
            }
            piece.writeBytes(frame.bytes());
        }
        if (piece.size() > 0) {
            write(piece.toByteArray());
        }
    }

    /// Likewise, of an event that nobody else reads; see [#frame].
    public void send(@Nullable String id, String type, String data) throws IOException {
        send(frame(id, type, data));
    }

    /// Waits for a [#wake], at most so long, and sends heartbeats meanwhile. Wakes that came since
    /// the last call count as one.
    ///
    /// @return whether it was woken
    /// @throws IOException if the client is gone or the server stops
    /// @throws InterruptedException if the thread is interrupted
    public boolean await(Duration atMost) throws IOException, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        begin();
        while (true) {
            checkOpen();
            long now = System.nanoTime();
            long beat = lastWrite + heartbeat.toNanos();
            if (beat - now <= 0) {
                write(": still here\n\n");
                continue;
            }
            if (wakes.tryAcquire(Math.min(beat, end) - now, TimeUnit.NANOSECONDS)) {
                wakes.drainPermits();
                checkOpen();
                return true;
            }
            if (end - System.nanoTime() <= 0) {
                return false;
            }
        }
    }

    /// Tells the writer that there may be something to send. From any thread; never blocks.
    public void wake() {
        if (wakes.availablePermits() == 0) {
            wakes.release();
        }
    }

    /// Answers the client, so that it knows that it is heard. Until then the source may still throw
    /// a [Problem] instead. Happens by itself with the first event or wait.
    public void begin() throws IOException {
        if (!begun) {
            begun = true;
            write(": connected\n\n");
        }
    }

    boolean begun() {
        return begun;
    }

    private void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] bytes) throws IOException {
        checkOpen();
        begin();
        Content.Sink.write(response, false, ByteBuffer.wrap(bytes));
        lastWrite = System.nanoTime();
    }

    private void checkOpen() throws IOException {
        if (!open) {
            throw new IOException("the server stops");
        }
    }

    /// Ends the stream from outside: its next write or wait throws.
    void stop() {
        open = false;
        wake();
    }
}
