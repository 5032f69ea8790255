package dev.remit.bench.campaign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/// All faults of a campaign, in the order in which they begin. Nothing but the seed and what was
/// asked for goes into it, so that the same seed gives the same plan.
record Plan(long seed, int nodes, long millis, List<Fault> faults) {
    private static final long WARM_UP = 4_000;
    private static final long SHORTEST_GAP = 300;
    private static final long LONGEST_GAP = 5_000;
    private static final int TRIES = 20;

    /// @param millis how long faults may go on
    /// @param families which ones; the kinds in them are equally likely within a family, and the
    ///   families among each other
    static Plan of(long seed, int nodes, long millis, Set<Fault.Family> families) {
        var random = new Random(seed);
        var faults = new ArrayList<Fault>();
        var chosen = families.stream().sorted().toList();
        long at = WARM_UP;
        while (!chosen.isEmpty()) {
            at += SHORTEST_GAP + random.nextLong(LONGEST_GAP - SHORTEST_GAP);
            if (at > millis) {
                break;
            }
            for (int i = 0; i < TRIES; i++) {
                var fault = any(random, chosen, nodes, at, millis);
                if (faults.stream().noneMatch(f -> collide(f, fault))) {
                    faults.add(fault);
                    break;
                }
            }
        }
        return new Plan(seed, nodes, millis, List.copyOf(faults));
    }

    private static Fault any(
            Random random, List<Fault.Family> families, int nodes, long at, long millis) {
        var family = families.get(random.nextInt(families.size()));
        var kinds = Arrays.stream(Fault.Kind.values()).filter(k -> k.family == family).toList();
        var kind = kinds.get(random.nextInt(kinds.size()));
        long lasts = kind.shortest + random.nextLong(kind.longest - kind.shortest);
        int node = 1 + random.nextInt(nodes);
        long number =
                switch (kind) {
                    case CLOCK_FORWARD -> 2 + random.nextInt(60);
                    case CLOCK_BACK -> -(2 + random.nextInt(60));
                    case LOSS -> 5 + random.nextInt(30);
                    default -> 0;
                };
        return new Fault(
                kind,
                kind.isOfANode() ? node : 0,
                at,
                Math.min(lasts, Math.max(kind.shortest, millis - at)),
                number);
    }

    private static boolean collide(Fault one, Fault other) {
        return one.place().equals(other.place())
                && one.at() <= other.until()
                && other.at() <= one.until();
    }

    /// How often each kind comes, for people.
    String summary() {
        var counts =
                faults.stream()
                        .collect(
                                Collectors.groupingBy(
                                        f -> f.kind().word(),
                                        java.util.TreeMap::new,
                                        Collectors.counting()));
        return counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
    }

    boolean has(Fault.Family... families) {
        return faults.stream().anyMatch(f -> List.of(families).contains(f.kind().family));
    }
}
