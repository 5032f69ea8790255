package dev.remit.http.client;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The events of an answer, one after the other. Closed with its [Response] or [ThinAnswer].
public final class EventStream {
    private final Pieces response;
    private final long limit;
    private final int eventLimit;
    private final Queue<SseEvent> ready = new ArrayDeque<>();
    private final SseParser parser;
    private final byte[] buffer = new byte[8192];
    private long read;

    EventStream(Pieces response, int eventLimit, long limit) {
        this.response = response;
        this.eventLimit = eventLimit;
        this.limit = limit;
        this.parser = new SseParser(eventLimit, ready::add);
    }

    /// Waits for the next event.
    ///
    /// @return nothing when the stream has ended
    /// @throws UpstreamException if it is cut, takes too long, or is larger than allowed
    /// @throws InterruptedException if this thread was interrupted; the connection is cut
    public @Nullable SseEvent next() throws UpstreamException, InterruptedException {
        while (ready.isEmpty()) {
            var count = response.read(buffer);
            if (count < 0) {
                return null;
            }
            read += count;
            if (read > limit) {
                throw response.tooLarge("a stream of at most " + limit + " bytes");
            }
            try {
                parser.feed(buffer, count);
            } catch (SseParser.TooLarge e) {
                throw response.tooLarge("events of at most " + eventLimit + " bytes");
            }
        }
        return ready.remove();
    }
}
