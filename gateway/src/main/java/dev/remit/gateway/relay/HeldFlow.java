package dev.remit.gateway.relay;

import dev.remit.gateway.wire.Dialect;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A stream that was held back to its end.
final class HeldFlow implements Flow {
    private final Queue<Step> left;
    private final boolean passedOn;
    private final Dialect origin;

    HeldFlow(Collection<Step> steps, boolean passedOn, Dialect origin) {
        this.origin = origin;
        this.passedOn = passedOn;
        left = new ArrayDeque<>(steps);
    }

    @Override
    public @Nullable Step next() {
        return left.poll();
    }

    @Override
    public boolean isPassedOn() {
        return passedOn;
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
