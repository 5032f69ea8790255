package dev.remit.gateway.route;

import java.util.List;

/// Let in. To be closed when the call is over, whatever became of it.
public final class Pass implements Entry, AutoCloseable {
    private final List<Lane> lanes;
    private final long reserved;
    private boolean settled;
    private boolean closed;

    Pass(List<Lane> lanes, long reserved) {
        this.lanes = List.copyOf(lanes);
        this.reserved = reserved;
    }

    /// Puts the truth in the place of the estimate; at most once. Without it, the estimate stays.
    ///
    /// @param tokens that the call had, input and output
    public synchronized void settle(long tokens) {
        if (!settled && !closed) {
            settled = true;
            lanes.forEach(lane -> lane.settle(reserved, tokens));
        }
    }

    /// What is left to the key; without limits if it has none.
    public Headroom requests() {
        return lanes.stream()
                .filter(lane -> lane.of().kind() == Limited.Kind.KEY)
                .map(Lane::requests)
                .findFirst()
                .orElse(Headroom.NONE);
    }

    /// See [#requests].
    public Headroom tokens() {
        return lanes.stream()
                .filter(lane -> lane.of().kind() == Limited.Kind.KEY)
                .map(Lane::tokens)
                .findFirst()
                .orElse(Headroom.NONE);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            lanes.reversed().forEach(Lane::leave);
        }
    }
}
