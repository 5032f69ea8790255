package dev.remit.http.client;

import dev.remit.http.client.UpstreamException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// An answer that has begun. For one thread, but for [#cancel].
///
/// Closing it gives the connection back if the answer was read to its end, and cuts it otherwise.
public final class ThinAnswer implements AutoCloseable, Pieces {
    private final Request request;
    private final Pool pool;
    private final Incoming in;
    private final Cancellation cancellation;
    private final AnswerHead head;
    private final AnswerBody body;
    private boolean closed;

    ThinAnswer(
            Request request, Pool pool, Incoming in, Cancellation cancellation, AnswerHead head) {
        this.request = request;
        this.pool = pool;
        this.in = in;
        this.cancellation = cancellation;
        this.head = head;
        this.body = new AnswerBody(in, head.length(request.method()));
    }

    public int status() {
        return head.status();
    }

    /// The first header of that name, in any case.
    public Optional<String> header(String name) {
        return Optional.ofNullable(head.first(name));
    }

    /// In the order they came, those that frame the answer among them: whoever passes headers on
    /// chooses which.
    public List<Header> headers() {
        return head.all();
    }

    /// Such as `text/event-stream`, in lower case and without parameters; empty if none was sent.
    public String mediaType() {
        var type = head.first("Content-Type");
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /// Bytes of the body that were not read yet; negative if the server did not say how many.
    public long remaining() {
        return body.length();
    }

    /// Whether the answer is known to be over: [#read] would give -1 without waiting.
    public boolean whole() {
        return body.whole();
    }

    /// From now on the other side has this long until the next call of this; then the connection is
    /// cut, however busy it looks. Never beyond the request's total.
    public void within(Duration time) {
        if (!closed) {
            in.within(time);
        }
    }

    /// Reads a piece, as soon as there is one.
    ///
    /// @return how many bytes came; -1 at the end
    /// @throws UpstreamException if the answer ends before it is whole, or takes too long
    /// @throws InterruptedException if this thread was interrupted; the connection is cut
    @Override
    public int read(byte[] into) throws UpstreamException, InterruptedException {
        return read(into, 0, into.length);
    }

    /// Like [#read(byte[])], into a part of the array.
    public int read(byte[] into, int offset, int length)
            throws UpstreamException, InterruptedException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (closed) {
            throw new IllegalStateException("the answer is closed");
        }
        if (Thread.interrupted()) {
            cancel();
            throw new InterruptedException();
        }
        try {
            return body.read(into, offset, length);
        } catch (IOException e) {
            cancel();
            throw failure(e, request, in, cancellation);
        }
    }

    /// Reads the rest.
    ///
    /// @param limit in bytes
    /// @throws UpstreamException also if there is more than the limit
    public byte[] body(int limit) throws UpstreamException, InterruptedException {
        long known = remaining();
        if (known > limit) {
            throw tooLarge("a body of at most " + limit + " bytes");
        }
        return known >= 0 && known <= Connection.BUFFER ? exactly((int) known) : unknown(limit);
    }

    private byte[] exactly(int length) throws UpstreamException, InterruptedException {
        var bytes = new byte[length];
        for (int at = 0; at < length; ) {
            at += read(bytes, at, length - at);
        }
        return bytes;
    }

    private byte[] unknown(int limit) throws UpstreamException, InterruptedException {
        var piece = new byte[8192];
        int first = read(piece);
        if (first < 0) {
            return new byte[0];
        }
        var rest = new ByteArrayOutputStream(whole() ? first : 2 * piece.length);
        for (int count = first; count >= 0; count = read(piece)) {
            if (rest.size() + count > limit) {
                throw tooLarge("a body of at most " + limit + " bytes");
            }
            if (whole() && rest.size() == 0) {
                return Arrays.copyOf(piece, count);
            }
            rest.write(piece, 0, count);
        }
        return rest.toByteArray();
    }

    /// Reads the rest as Server-Sent Events.
    ///
    /// @param eventBytes the most that one event, and one line, may have
    /// @param streamBytes the most that all of them together may have
    public EventStream events(int eventBytes, long streamBytes) {
        return new EventStream(this, eventBytes, streamBytes);
    }

    /// Waits for the end of an answer that has said all that was wanted, so that its connection can
    /// be used again. Whoever does not end in time, or has much more to say, loses the connection.
    ///
    /// @throws InterruptedException if this thread was interrupted; the connection is cut
    public void finish(Duration atMost) throws InterruptedException {
        if (whole()) {
            return;
        }
        within(atMost);
        var rest = new byte[8192];
        try {
            var pieces = 0;
            while (read(rest) >= 0 && pieces < 8) {
                pieces++;
            }
        } catch (UpstreamException e) {
            close();
        }
    }

    /// Cuts the connection. From any thread; whoever reads is thrown out. An answer that was closed
    /// before is not touched, nor is what its connection carries now.
    public void cancel() {
        cancellation.cut();
    }

    @Override
    public UpstreamException tooLarge(String expected) {
        return new UpstreamException(
                Kind.TOO_LARGE, request.where() + ": expected " + expected + ", and more came");
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        var connection = in.connection();
        try {
            if (cancellation.letGo(connection) && reusable(connection)) {
                pool.keep(connection);
            } else {
                connection.cut();
            }
        } finally {
            pool.leave();
        }
    }

    private boolean reusable(Connection connection) {
        try {
            body.settle();
        } catch (IOException e) {
            return false;
        }
        long seconds = head.keptSeconds();
        connection.keptFor =
                seconds < 0 ? Deadlines.NEVER : Duration.ofSeconds(seconds - 1).toNanos();
        return body.whole()
                && body.endsBeforeConnection()
                && head.persistent()
                && connection.available() == 0;
    }

    /// @throws InterruptedException if that is why it failed
    static UpstreamException failure(
            IOException cause, Request request, Incoming in, Cancellation cancellation)
            throws InterruptedException {
        if (cause instanceof TooLarge large) {
            return new UpstreamException(
                    Kind.TOO_LARGE,
                    request.where() + ": expected " + large.getMessage() + ", and more came");
        }
        var expired = in.connection().expired();
        if (!expired && cancellation.happened()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return new UpstreamException(
                    Kind.CUT, "the request to " + request.where() + " was cancelled");
        }
        var bark = !expired ? null : in.ranOut() ? Kind.TOO_LONG : Kind.SILENT;
        return Failures.read(cause, request, bark);
    }
}
