package dev.remit.gateway.relay;

import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Replay;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// An answer that is there already, given step by step to a client that wants a stream.
final class WholeFlow implements Flow {
    private final Queue<Delta> left;
    private final Dialect origin;

    WholeFlow(ChatAnswer answer, Dialect origin) {
        this.origin = origin;
        left = new ArrayDeque<>(Replay.of(answer));
    }

    @Override
    public @Nullable Step next() {
        var delta = left.poll();
        return delta == null ? null : new Step(null, List.of(delta));
    }

    @Override
    public boolean isPassedOn() {
        return false;
    }

    @Override
    public Dialect origin() {
        return origin;
    }

    @Override
    public boolean isReady() {
        return !left.isEmpty();
    }

    @Override
    public void close() {
        left.clear();
    }
}
