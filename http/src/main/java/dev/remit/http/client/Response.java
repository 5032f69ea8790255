package dev.remit.http.client;

import static java.util.Objects.requireNonNullElse;

import dev.remit.http.client.UpstreamException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;

/// An answer that has begun. What is not read when it is closed is not waited for: the connection
/// is cut. For one thread.
public final class Response implements AutoCloseable, Pieces {
    private final Request request;
    private final HttpUriRequestBase wire;
    private final ClassicHttpResponse response;
    private final Watchdog watchdog;
    private final InputStream stream;
    private boolean whole;

    Response(
            Request request,
            HttpUriRequestBase wire,
            ClassicHttpResponse response,
            Watchdog watchdog)
            throws IOException {
        this.request = request;
        this.wire = wire;
        this.response = response;
        this.watchdog = watchdog;
        var entity = response.getEntity();
        this.stream =
                requireNonNullElse(
                        entity == null ? null : entity.getContent(), InputStream.nullInputStream());
    }

    public int status() {
        return response.getCode();
    }

    /// The first header of that name, in any case.
    public Optional<String> header(String name) {
        var header = response.getFirstHeader(name);
        return header == null ? Optional.empty() : Optional.ofNullable(header.getValue());
    }

    /// Such as `text/event-stream`, in lower case and without parameters; empty if none was sent.
    public String mediaType() {
        var type = ContentType.parseLenient(header("Content-Type").orElse(null));
        var media = type == null ? null : type.getMimeType();
        return media == null ? "" : media.toLowerCase(Locale.ROOT);
    }

    /// From now on the other side has this long until the next call of this; then the connection is
    /// cut, however busy it looks. Never beyond the request's total.
    public void within(Duration time) {
        watchdog.within(time);
    }

    /// Reads a piece.
    ///
    /// @return how many bytes came; -1 at the end
    /// @throws UpstreamException if the answer ends before it is whole, or takes too long
    /// @throws InterruptedException if this thread was interrupted; the connection is cut
    @Override
    public int read(byte[] into) throws UpstreamException, InterruptedException {
        if (Thread.interrupted()) {
            close();
            throw new InterruptedException();
        }
        if (whole) {
            return -1;
        }
        try {
            var count = stream.read(into);
            if (count < 0) {
                whole = true;
            }
            return count;
        } catch (IOException e) {
            throw Failures.read(e, request, watchdog);
        }
    }

    /// Reads the rest.
    ///
    /// @param limit in bytes
    /// @throws UpstreamException also if there is more than the limit
    public byte[] body(int limit) throws UpstreamException, InterruptedException {
        var body = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        for (int count; (count = read(buffer)) >= 0; ) {
            if (body.size() + count > limit) {
                throw tooLarge("a body of at most " + limit + " bytes");
            }
            body.write(buffer, 0, count);
        }
        return body.toByteArray();
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

    @Override
    public UpstreamException tooLarge(String expected) {
        return new UpstreamException(
                Kind.TOO_LARGE, request.where() + ": expected " + expected + ", and more came");
    }

    @Override
    public void close() {
        watchdog.close();
        if (!whole) {
            wire.abort(); // closing alone would first read the rest
        }
        try {
            response.close();
        } catch (IOException e) {
            // it was cut, or was whole; either way nothing of it is wanted any more
            wire.abort();
        }
    }
}
