package dev.remit.gateway.route;

import dev.remit.core.money.Money;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.route.Plan.Candidate;
import dev.remit.gateway.route.Plan.Skipped;
import dev.remit.gateway.route.Plan.Why;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Decides in which order the targets of a route are tried. Thread-safe; holds no lock.
public final class Router {
    private final Models models;
    private final Health health;
    private final Affinity affinity;
    private final Supplier<? extends RandomGenerator> random;

    /// @param random asked in each thread, such as `ThreadLocalRandom::current`
    public Router(
            Models models,
            Health health,
            Affinity affinity,
            Supplier<? extends RandomGenerator> random) {
        this.models = models;
        this.health = health;
        this.affinity = affinity;
        this.random = random;
    }

    /// Targets of a lower priority first; of the same priority, those that the request fits in
    /// before the others, then a warm one, then as the route's strategy says.
    public Plan plan(Route route, Asked asked) {
        var skipped = new ArrayList<Skipped>();
        var groups = new TreeMap<Integer, List<Candidate>>();
        Map<String, Object> values = null;
        var warm = route.affinity() ? affinity.find(route.name(), asked.prefix()) : null;
        for (var target : route.targets()) {
            var when = target.when();
            if (when != null) {
                if (values == null) {
                    values = Map.of("request", asked.values());
                }
                if (!when.holds(values)) {
                    skipped.add(new Skipped(target, Why.CONDITION, null));
                    continue;
                }
            }
            var state = health.of(target);
            if (!state.isToBeHad()) {
                var why = state.isLimited() ? Why.LIMITED : Why.BROKEN;
                skipped.add(new Skipped(target, why, state.closedIn()));
                continue;
            }
            groups.computeIfAbsent(target.priority(), p -> new ArrayList<>(4))
                    .add(new Candidate(target, state, isSame(target, warm), models.window(target)));
        }
        var plan = new ArrayList<Candidate>(route.targets().size());
        var tooSmall = new ArrayList<Candidate>();
        for (var group : groups.values()) {
            for (var candidate : ordered(route, group, asked)) {
                (fits(candidate, asked) ? plan : tooSmall).add(candidate);
            }
        }
        // What is known of tokens before a call is an estimate: too small is tried last, not never.
        tooSmall.sort(
                Comparator.comparingLong((Candidate c) -> c.window().orElse(Long.MAX_VALUE))
                        .reversed());
        plan.addAll(tooSmall);
        return new Plan(plan, skipped);
    }

    /// Tells that a target has served a request, so that the conversation may go there again.
    public void served(Route route, Asked asked, Target target) {
        if (route.affinity()) {
            affinity.served(route.name(), asked.prefix(), target, models.cacheLifetime(target));
        }
    }

    private static boolean isSame(Target target, Affinity.@Nullable Warm warm) {
        return warm != null
                && target.model().equals(warm.model())
                && target.provider().equals(warm.provider());
    }

    private static boolean fits(Candidate candidate, Asked asked) {
        return candidate.window().isEmpty()
                || asked.inputTokens() + asked.outputTokens() <= candidate.window().getAsLong();
    }

    private List<Candidate> ordered(Route route, List<Candidate> group, Asked asked) {
        var ordered =
                group.size() < 2
                        ? group
                        : switch (route.strategy()) {
                            case ORDERED, ESCALATE -> group;
                            case WEIGHTED -> weighted(group);
                            case LEAST_IN_FLIGHT -> leastInFlight(group);
                            case FASTEST -> fastest(group);
                            case CHEAPEST -> cheapest(group, asked);
                        };
        return warmFirst(ordered);
    }

    private static List<Candidate> warmFirst(List<Candidate> group) {
        for (int i = 1; i < group.size(); i++) {
            if (group.get(i).warm()) {
                group.addFirst(group.remove(i));
                break;
            }
        }
        return group;
    }

    /// A random order in which each is before another with a chance that goes by their weights:
    /// sorted by an exponential time with the weight as its rate. (Efraimidis, Spirakis: Weighted
    /// random sampling with a reservoir, 2006)
    private List<Candidate> weighted(List<Candidate> group) {
        var random = this.random.get();
        record Drawn(Candidate candidate, double time) {}
        var drawn = new ArrayList<Drawn>(group.size());
        for (var candidate : group) {
            double time = -Math.log(1 - random.nextDouble()) / candidate.target().weight();
            drawn.add(new Drawn(candidate, time));
        }
        drawn.sort(Comparator.comparingDouble(Drawn::time));
        var ordered = new ArrayList<Candidate>(group.size());
        drawn.forEach(d -> ordered.add(d.candidate()));
        return ordered;
    }

    private List<Candidate> leastInFlight(List<Candidate> group) {
        record Counted(Candidate candidate, int inFlight) {}
        var counted = new ArrayList<Counted>(group.size());
        group.forEach(c -> counted.add(new Counted(c, c.health().inFlight())));
        shuffle(counted); // so that equals share
        counted.sort(Comparator.comparingInt(Counted::inFlight));
        var ordered = new ArrayList<Candidate>(group.size());
        counted.forEach(c -> ordered.add(c.candidate()));
        return ordered;
    }

    /// The best of two chosen at random comes first: nearly as good as the best of all, and not
    /// everybody runs to the same one. (Mitzenmacher: The power of two choices in randomized load
    /// balancing, 2001)
    private List<Candidate> fastest(List<Candidate> group) {
        record Timed(Candidate candidate, double load) {}
        var timed = new ArrayList<Timed>(group.size());
        group.forEach(c -> timed.add(new Timed(c, c.health().load())));
        shuffle(timed);
        if (timed.get(1).load() < timed.get(0).load()) {
            Collections.swap(timed, 0, 1);
        }
        timed.subList(1, timed.size()).sort(Comparator.comparingDouble(Timed::load));
        var ordered = new ArrayList<Candidate>(group.size());
        timed.forEach(t -> ordered.add(t.candidate()));
        return ordered;
    }

    /// By the most that the request can cost; those whose price nobody knows come last.
    private List<Candidate> cheapest(List<Candidate> group, Asked asked) {
        record Priced(Candidate candidate, long most) {}
        var priced = new ArrayList<Priced>(group.size());
        for (var candidate : group) {
            var bound = models.bound(candidate.target(), asked);
            priced.add(new Priced(candidate, bound.map(Money::micros).orElse(Long.MAX_VALUE)));
        }
        priced.sort(Comparator.comparingLong(Priced::most));
        var ordered = new ArrayList<Candidate>(group.size());
        priced.forEach(p -> ordered.add(p.candidate()));
        return ordered;
    }

    /// (Fisher, Yates)
    private void shuffle(List<?> list) {
        var random = this.random.get();
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }
}
