package dev.remit.gateway.route;

import dev.remit.gateway.route.Entry.Full;
import dev.remit.gateway.route.Lane.LaneClosed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Requests and tokens a minute and calls at once, of keys, targets and providers. Of this node:
/// what several nodes let through adds up.
///
/// Thread-safe. Things without limits cost nothing; each of the others has a short lock of its own.
/// Bounded: beyond a number, lanes are ended that are idle and whose buckets are full, by which
/// nothing is lost.
public final class Limits {
    private final ConcurrentHashMap<Name, Lane> lanes = new ConcurrentHashMap<>();
    private final int most;
    private final int mostWaiting;
    private final LongSupplier nanos;

    /// Changed limits make another lane: what is under way in the old one ends there.
    private record Name(Limited.Kind kind, String name) {}

    /// @param most things whose limits are remembered; more only while they are all in use
    /// @param mostWaiting most calls in one queue
    /// @param nanos a clock that never goes back, such as [System#nanoTime]: the time of day may
    ///   jump
    public Limits(int most, int mostWaiting, LongSupplier nanos) {
        this.most = most;
        this.mostWaiting = mostWaiting;
        this.nanos = nanos;
    }

    /// Enters them all or none, without waiting.
    ///
    /// @param things in the order of [Limited.Kind]
    /// @param tokens of the call, by estimate: input and output. [Pass#settle] puts them right
    public Entry enter(List<Limited> things, Whose whose, long tokens) {
        try {
            return enter(things, whose, tokens, Duration.ZERO);
        } catch (InterruptedException e) {
            // It does not wait; it is only told that it should not go on.
            Thread.currentThread().interrupt();
            return new Full(
                    things.getFirst(), Entry.Cause.CANCELLED, null, Headroom.NONE, Headroom.NONE);
        }
    }

    /// Enters them all or none. Where as many calls are under way as may be, it waits for its turn;
    /// for requests and tokens a minute it does not.
    ///
    /// @param things in the order of [Limited.Kind], so that no two calls wait for each other
    /// @param patience how long to wait, all in all
    /// @throws InterruptedException if the thread was interrupted, which is how a waiting call is
    ///   cancelled; nothing is held then
    public Entry enter(List<Limited> things, Whose whose, long tokens, Duration patience)
            throws InterruptedException {
        var entered = new ArrayList<Lane>(things.size());
        long until = System.nanoTime() + patience.toNanos();
        boolean in = false;
        try {
            for (var thing : things) {
                if (thing.isLimited()) {
                    var left =
                            patience.isZero()
                                    ? Duration.ZERO
                                    : Duration.ofNanos(Math.max(0, until - System.nanoTime()));
                    var full = enter(thing, whose, tokens, left, entered);
                    if (full != null) {
                        return full;
                    }
                }
            }
            in = true;
            return new Pass(entered, tokens);
        } finally {
            if (!in) {
                entered.reversed().forEach(lane -> lane.undo(tokens));
            }
        }
    }

    private @Nullable Full enter(
            Limited thing, Whose whose, long tokens, Duration patience, List<Lane> entered)
            throws InterruptedException {
        while (true) {
            var lane = lane(thing);
            try {
                var full = lane.enter(whose, tokens, patience);
                if (full == null) {
                    entered.add(lane);
                }
                return full;
            } catch (LaneClosed e) {
                lanes.remove(name(thing), lane); // and once more, with a new one
            }
        }
    }

    /// For `/metrics`.
    ///
    /// @param inside calls under way
    /// @param waiting calls in the queue
    public record Seen(Limited of, int inside, int waiting, Headroom requests, Headroom tokens) {}

    public List<Seen> all() {
        var all = new ArrayList<Seen>();
        lanes.values()
                .forEach(lane ->
                        all.add(
                                new Seen(
                                        lane.of(),
                                        lane.inside(),
                                        lane.waiting(),
                                        lane.requests(),
                                        lane.tokens())));
        return List.copyOf(all);
    }

    private Lane lane(Limited thing) {
        var name = name(thing);
        var lane = lanes.get(name);
        if (lane != null && lane.of().limits().equals(thing.limits())) {
            return lane;
        }
        if (lane == null && lanes.size() >= most) {
            forget();
        }
        return lanes.compute(
                name,
                (n, known) ->
                        known != null && known.of().limits().equals(thing.limits())
                                ? known
                                : new Lane(thing, mostWaiting, nanos));
    }

    private static Name name(Limited thing) {
        return new Name(thing.kind(), thing.name());
    }

    private synchronized void forget() {
        if (lanes.size() >= most) {
            lanes.forEach((name, lane) -> {
                if (lane.closeIfIdle()) {
                    lanes.remove(name, lane);
                }
            });
        }
    }
}
