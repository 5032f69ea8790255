package dev.remit.bench.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which build each node runs, at each of its starts: always this one; or this one and another one
/// side by side; or the one after the other, as in an upgrade.
///
/// Side by side, a node changes its build whenever it is started again, unless nobody else ran the
/// one that it leaves: so there are both, as far as nodes are up. In an upgrade all begin with the
/// other build and are replaced by this one, one after the other, then back, then forth again.
final class Builds {
    /// When a node is to be replaced by one of the other build.
    ///
    /// @param at milliseconds since the load began
    record Turn(long at, int node, Build to) {}

    /// When all nodes have changed for the first, second and third time, as parts of the whole.
    private static final double[][] TURNS = {{0.12, 0.35}, {0.45, 0.65}, {0.75, 0.95}};

    private final Build present;
    private final @Nullable Build other;
    private final boolean rolling;
    private final int nodes;
    private final Random random;
    private final List<Turn> turns;
    private final Map<Integer, Build> running = new TreeMap<>();
    private final Map<Integer, StringBuilder> history = new TreeMap<>();
    private @Nullable String refusal;
    private long began;
    private boolean loaded;
    private long looks;
    private long looksAtBoth;

    /// @param other absent: there is only this one
    /// @param rolling whether the one replaces the other
    Builds(Build present, @Nullable Build other, boolean rolling, Wish wish) {
        this.present = present;
        this.other = other;
        this.rolling = rolling;
        this.nodes = wish.nodes();
        this.random = new Random(wish.seed());
        this.turns = other == null || !rolling ? List.of() : turns(wish.millis(), other);
    }

    static Builds of(Wish wish) {
        return new Builds(Build.present(), wish.beside(), wish.rolling(), wish);
    }

    private List<Turn> turns(long millis, Build from) {
        var all = new ArrayList<Turn>();
        for (int round = 0; round < TURNS.length; round++) {
            double first = TURNS[round][0];
            double last = TURNS[round][1];
            for (int node = 1; node <= nodes; node++) {
                double at = nodes == 1 ? first : first + (last - first) * (node - 1) / (nodes - 1);
                all.add(new Turn(Math.round(at * millis), node, round % 2 == 0 ? present : from));
            }
        }
        return List.copyOf(all);
    }

    /// In the order of time; none unless the one replaces the other.
    List<Turn> turns() {
        return turns;
    }

    synchronized void loadBegins() {
        began = System.nanoTime();
        loaded = true;
    }

    /// What a node runs that is started now.
    synchronized Build next(int node) {
        var build = choose(node);
        running.put(node, build);
        if (other != null) {
            var told = history.computeIfAbsent(node, n -> new StringBuilder("node " + n + ":"));
            told.append(told.charAt(told.length() - 1) == ':' ? " " : ", ")
                    .append(build.name())
                    .append(" %d s".formatted(seconds()));
        }
        return build;
    }

    private Build choose(int node) {
        var old = other;
        if (old == null || refusal != null) {
            return present;
        }
        var was = running.get(node);
        if (rolling) {
            return was == null ? old : was;
        }
        if (was == null) {
            return switch (node) {
                case 1 -> old; // so that the tables were the other's first
                case 2 -> present;
                default -> random.nextBoolean() ? present : old;
            };
        }
        boolean others =
                running.entrySet().stream()
                        .anyMatch(e -> e.getKey() != node && e.getValue().equals(was));
        if (!others && nodes > 1) {
            return was;
        }
        return was.equals(present) ? old : present;
    }

    private boolean runs(int node, Build build) {
        return build.equals(running.get(node));
    }

    /// It is this node's turn: its next start is of that build.
    ///
    /// @return false if it runs it already, or cannot
    synchronized boolean turn(Turn turn) {
        boolean cannot = refusal != null && turn.to().equals(other);
        if (cannot || runs(turn.node(), turn.to())) {
            return false;
        }
        running.put(turn.node(), turn.to());
        return true;
    }

    /// A node did not start, since the tables are newer than it knows.
    ///
    /// @return whether that is the first one
    synchronized boolean refused(int node, String why) {
        if (other == null || !runs(node, other) || refusal != null) {
            return false;
        }
        refusal =
                "%d s: %s is not started any more, for it says: %s"
                        .formatted(seconds(), other.name(), why);
        return true;
    }

    private long seconds() {
        return loaded ? (System.nanoTime() - began) / 1_000_000_000 : 0;
    }

    /// Whether that node runs this build, so that it can read all that was written.
    synchronized boolean isPresent(int node) {
        return runs(node, present);
    }

    /// Looks which builds are up at this moment.
    synchronized void look(List<Server> servers) {
        if (other == null) {
            return;
        }
        var up = servers.stream().filter(Server::isUp).map(s -> running.get(s.number())).toList();
        looks++;
        if (up.contains(present) && up.contains(other)) {
            looksAtBoth++;
        }
    }

    /// Short, such as `*`, of a node that runs the other build.
    synchronized String mark(int node) {
        return other != null && runs(node, other) ? "*" : "";
    }

    /// Which build ran where, and from when on, in lines; empty if there is only one.
    synchronized String report() {
        if (other == null) {
            return "";
        }
        var text =
                new StringBuilder(
                        "builds: %s is this one, %s the other%n"
                                .formatted(present.name(), other.name()));
        history.values().forEach(line -> text.append("  ").append(line).append('\n'));
        text.append(
                "  both were up for %d%% of the time%n"
                        .formatted(looks == 0 ? 0 : looksAtBoth * 100 / looks));
        if (refusal != null) {
            text.append("  ").append(refusal).append('\n');
        }
        return text.toString();
    }
}
