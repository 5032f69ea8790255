package dev.remit.gateway.relay;

import dev.remit.gateway.provider.AwsEventStream;
import dev.remit.gateway.provider.Provider.Framing;
import dev.remit.gateway.wire.Garbage;
import dev.remit.http.client.SseEvent;
import dev.remit.http.client.ThinAnswer;
import dev.remit.http.client.UpstreamException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The events of a provider's answer, pulled one after the other.
interface Events {
    static Events of(Framing framing, ThinAnswer answer) {
        return switch (framing) {
            case SSE -> new Sse(answer);
            case AWS -> new Aws(answer);
        };
    }

    /// @return nothing when the stream has ended
    /// @throws Frames.TooLarge if an event is beyond all bounds
    /// @throws Garbage if the bytes are no events
    Frames.@Nullable Frame next()
            throws UpstreamException, InterruptedException, Frames.TooLarge, Garbage;

    /// Whether the next one is here already.
    boolean isReady();

    /// Server-Sent Events as bytes of an answer.
    final class Sse implements Events {
        private static final int LARGEST = 16 << 20;

        private final ThinAnswer answer;
        private final Frames frames = new Frames(LARGEST);
        private final byte[] buffer = new byte[8192];
        private Frames.@Nullable Frame ahead;

        Sse(ThinAnswer answer) {
            this.answer = answer;
        }

        @Override
        public Frames.@Nullable Frame next()
                throws UpstreamException, InterruptedException, Frames.TooLarge {
            var frame = ahead == null ? frames.next() : ahead;
            ahead = null;
            while (frame == null) {
                var count = answer.read(buffer);
                if (count < 0) {
                    return null;
                }
                frames.feed(buffer, count);
                frame = frames.next();
            }
            return frame;
        }

        @Override
        public boolean isReady() {
            if (ahead == null) {
                ahead = frames.next();
            }
            return ahead != null;
        }
    }

    /// AWS's binary events, which no client reads: they are never passed on as they came.
    final class Aws implements Events {
        private static final int LARGEST = 16 << 20;
        private static final byte[] NOTHING = {};

        private final ThinAnswer answer;
        private final Queue<SseEvent> ready = new ArrayDeque<>();
        private final AwsEventStream stream = new AwsEventStream(LARGEST, ready::add);
        private final byte[] buffer = new byte[8192];

        Aws(ThinAnswer answer) {
            this.answer = answer;
        }

        @Override
        public Frames.@Nullable Frame next()
                throws UpstreamException, InterruptedException, Garbage {
            while (ready.isEmpty()) {
                var count = answer.read(buffer);
                if (count < 0) {
                    stream.end();
                    return null;
                }
                stream.feed(buffer, count);
            }
            return new Frames.Frame(NOTHING, ready.remove());
        }

        @Override
        public boolean isReady() {
            return !ready.isEmpty();
        }
    }
}
