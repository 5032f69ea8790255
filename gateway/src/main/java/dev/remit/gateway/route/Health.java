package dev.remit.gateway.route;

import dev.remit.core.settings.Settings.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// How every target is doing. A model at a provider has one state, whichever route leads there.
/// Thread-safe, and without a lock where all is well.
///
/// Bounded: clients may name any model, so beyond a number those are forgotten that are closed and
/// idle and were not used for the longest time.
public final class Health {
    private final ConcurrentHashMap<Place, TargetHealth> targets = new ConcurrentHashMap<>();
    private final int most;
    private final LongSupplier nanos;
    private final Supplier<? extends RandomGenerator> random;

    private record Place(String provider, String model) {}

    /// @param most targets that are remembered
    /// @param nanos a clock that never goes back, such as [System#nanoTime]: the time of day may
    ///   jump
    /// @param random spreads the ends of cooldowns, so that nodes do not try again all at once
    public Health(int most, LongSupplier nanos, Supplier<? extends RandomGenerator> random) {
        this.most = most;
        this.nanos = nanos;
        this.random = random;
    }

    public TargetHealth of(Target target) {
        return of(target.provider(), target.model());
    }

    public TargetHealth of(String provider, String model) {
        var place = new Place(provider, model);
        var known = targets.get(place);
        if (known != null) {
            return known;
        }
        if (targets.size() >= most) {
            forget();
        }
        return targets.computeIfAbsent(
                place, p -> new TargetHealth(p.provider(), p.model(), nanos, random));
    }

    /// Everything that is remembered, by name.
    public List<TargetHealth.Seen> all() {
        var all = new ArrayList<TargetHealth.Seen>();
        targets.values().forEach(target -> all.add(target.seen()));
        all.sort(
                Comparator.comparing(TargetHealth.Seen::provider)
                        .thenComparing(TargetHealth.Seen::model));
        return List.copyOf(all);
    }

    /// A tenth at a time, so that it is rarely done.
    private synchronized void forget() {
        if (targets.size() < most) {
            return;
        }
        record Idle(Place place, long since) {}
        var idle = new ArrayList<Idle>();
        long now = nanos.getAsLong();
        targets.forEach((place, target) -> {
            if (target.inFlight() == 0 && target.state() == TargetHealth.State.CLOSED) {
                idle.add(new Idle(place, now - target.lastUse()));
            }
        });
        idle.sort(Comparator.comparingLong(Idle::since).reversed());
        idle.stream().limit(Math.max(1, most / 10)).forEach(i -> targets.remove(i.place()));
    }
}
