package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Attempt.End;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.gateway.wire.GatewayError;
import dev.remit.http.client.UpstreamException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A provider's stream that has begun well. What was held back until then comes first.
final class LiveFlow implements Flow {
    private final Streaming stream;
    private final Deque<Step> held;
    private boolean over;

    LiveFlow(Streaming stream, Iterable<Step> held) {
        this.stream = stream;
        this.held = new ArrayDeque<>();
        held.forEach(this.held::add);
    }

    @Override
    public @Nullable Step next() throws Broken, InterruptedException {
        var step = held.poll();
        if (step != null) {
            return step;
        }
        if (over) {
            return null;
        }
        try {
            var next = stream.next();
            if (next == null) {
                over = true;
                stream.finish();
                return null;
            }
            for (var delta : next.deltas()) {
                if (delta instanceof Delta.Broken(var error)) {
                    throw broken(error.kind(), error.message());
                }
            }
            return next;
        } catch (UpstreamException e) {
            throw broken(Missed.of(e, stream.where()).kind(), String.valueOf(e.getMessage()));
        } catch (Garbage | Frames.TooLarge e) {
            throw broken(ModelAnswer.Kind.GARBAGE, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            over = true;
            stream.abandon(End.CANCELLED, "cancelled");
            throw e;
        }
    }

    private Broken broken(ModelAnswer.Kind kind, String why) {
        over = true;
        var message = stream.where() + " broke off in the midst of its answer: " + why;
        stream.fail(kind, message);
        return new Broken(GatewayError.of(GatewayError.Kind.UPSTREAM, message));
    }

    @Override
    public boolean isPassedOn() {
        return stream.isPassedOn();
    }

    @Override
    public Dialect origin() {
        return stream.dialect();
    }

    @Override
    public boolean isReady() {
        return !held.isEmpty() || (!over && stream.isReady());
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            stream.abandon(End.CANCELLED, "the client hung up");
        }
    }
}
