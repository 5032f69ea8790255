package dev.remit.gateway.relay;

import dev.remit.gateway.guard.Blocked;
import dev.remit.gateway.guard.StreamGuard;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.gateway.wire.GatewayError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A flow that is looked at on its way: by guards, who may change or end it, and by whoever keeps
/// the whole of it.
final class Watched implements Flow {
    private final Flow flow;
    private final @Nullable StreamGuard guard;
    private final @Nullable Consumer<ChatAnswer> keep;
    private final Collected collected;
    private boolean flushed;

    /// @param guard absent: nobody changes anything
    /// @param keep told of the whole answer, as it left, if it ended well; absent: nobody keeps it
    Watched(Flow flow, @Nullable StreamGuard guard, @Nullable Consumer<ChatAnswer> keep) {
        this.flow = flow;
        this.guard = guard;
        this.keep = keep;
        this.collected = new Collected(flow.origin());
    }

    @Override
    public @Nullable Step next() throws Broken, InterruptedException {
        try {
            var step = flow.next();
            if (step == null) {
                return end();
            }
            if (guard == null) {
                collect(step.deltas());
                return step;
            }
            var out = new ArrayList<Delta>();
            for (var delta : step.deltas()) {
                out.addAll(guard.next(delta));
            }
            collect(out);
            return new Step(null, out);
        } catch (Blocked e) {
            flow.close();
            throw new Broken(GatewayError.of(GatewayError.Kind.BLOCKED, e.why()));
        }
    }

    private @Nullable Step end() throws Blocked {
        if (guard != null && !flushed) {
            flushed = true;
            var last = guard.flush();
            if (!last.isEmpty()) {
                collect(last);
                return new Step(null, last);
            }
        }
        if (keep != null) {
            try {
                keep.accept(collected.answer());
            } catch (Garbage e) {
                // it left all the same, and is not kept
            }
        }
        return null;
    }

    private void collect(List<Delta> deltas) {
        if (keep == null) {
            return;
        }
        for (var delta : deltas) {
            try {
                collected.take(delta);
            } catch (Garbage e) {
                return; // what cannot be put together is not kept
            }
        }
    }

    @Override
    public boolean isPassedOn() {
        return guard == null && flow.isPassedOn();
    }

    @Override
    public Dialect origin() {
        return flow.origin();
    }

    @Override
    public boolean isReady() {
        return flow.isReady();
    }

    @Override
    public void close() {
        flow.close();
    }
}
