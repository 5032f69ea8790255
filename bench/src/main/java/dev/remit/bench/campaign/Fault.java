package dev.remit.bench.campaign;

import java.util.Locale;

/// Something that goes wrong, at a time known beforehand.
///
/// @param node which one it happens to, from 1 on; 0: all of them, or none in particular
/// @param at milliseconds since the load began
/// @param lasts milliseconds
/// @param number how much of it, where there is a how much
record Fault(Kind kind, int node, long at, long lasts, long number) {

    /// Families of faults, as `--faults` names them.
    enum Family {
        KILL,
        PAUSE,
        DRAIN,
        PARTITION,
        LINK,
        RESET,
        CLOCK,
        POSTGRES,
        DISK,
        PROVIDER,
        EFFECTS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What goes wrong, and for how many milliseconds at least and at most.
    enum Kind {
        KILL(Family.KILL, "kill -9, started again", 500, 6_000),
        DRAIN(Family.DRAIN, "stopped in order, started again", 500, 4_000),
        PAUSE_SHORT(Family.PAUSE, "SIGSTOP within the lease", 500, 3_500),
        PAUSE_LONG(Family.PAUSE, "SIGSTOP past the lease", 6_500, 14_000),
        CUT_DATABASE(Family.PARTITION, "no way to the database", 1_000, 12_000),
        CUT_TO_DATABASE(Family.PARTITION, "nothing reaches the database", 1_000, 12_000),
        CUT_FROM_DATABASE(Family.PARTITION, "nothing comes from the database", 1_000, 12_000),
        CUT_PROVIDER(Family.PARTITION, "no way to the models", 1_000, 10_000),
        CUT_EFFECTS(Family.PARTITION, "no way to the effects", 1_000, 10_000),
        CUT_NODES(Family.PARTITION, "no way to the other nodes", 2_000, 12_000),
        LOSS(Family.LINK, "packets are lost", 3_000, 10_000),
        NARROW(Family.LINK, "a slow line: queues, and so delays", 3_000, 10_000),
        RESET(Family.RESET, "connections to the database reset, at the node", 200, 3_000),
        RESET_FAR(Family.RESET, "connections reset at the database", 200, 3_000),
        TERMINATE(Family.RESET, "sessions of PostgreSQL terminated", 200, 3_000),
        CLOCK_FORWARD(Family.CLOCK, "the clock jumps forward", 3_000, 15_000),
        CLOCK_BACK(Family.CLOCK, "the clock jumps back", 3_000, 15_000),
        POSTGRES_KILL(Family.POSTGRES, "PostgreSQL kill -9, started again", 200, 4_000),
        POSTGRES_RESTART(Family.POSTGRES, "PostgreSQL restarted in order", 200, 2_000),
        DISK_FULL(Family.DISK, "the database's disk is full", 2_000, 8_000),
        DISK_SLOW(Family.DISK, "the disk writes 30 times a second", 3_000, 10_000),
        DISK_HANGS(Family.DISK, "the disk does not answer", 1_000, 5_000),
        MODELS_429(Family.PROVIDER, "models answer 429", 1_000, 8_000),
        MODELS_500(Family.PROVIDER, "models answer 500", 1_000, 8_000),
        MODELS_OUTAGE(Family.PROVIDER, "models hang up", 1_000, 8_000),
        MODELS_STALL(Family.PROVIDER, "models answer too late", 2_000, 8_000),
        MODELS_FLAKY(Family.PROVIDER, "models fail now and then", 4_000, 12_000),
        EFFECTS_FLAKY(Family.EFFECTS, "effects refuse, cut, dawdle", 4_000, 12_000),
        EFFECTS_DOWN(Family.EFFECTS, "effects do little else", 1_000, 5_000);

        final Family family;
        final String says;
        final long shortest;
        final long longest;

        Kind(Family family, String says, long shortest, long longest) {
            this.family = family;
            this.says = says;
            this.shortest = shortest;
            this.longest = longest;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// Whether it happens to one node.
        boolean isOfANode() {
            return switch (family) {
                case KILL, PAUSE, DRAIN, PARTITION, LINK, CLOCK -> true;
                case RESET -> this == RESET;
                case POSTGRES, DISK, PROVIDER, EFFECTS -> false;
            };
        }
    }

    long until() {
        return at + lasts;
    }

    /// What cannot happen twice at the same time: a node is dead once, there is one disk.
    String place() {
        return switch (kind.family) {
            case KILL, PAUSE, DRAIN -> "process-" + node;
            case PARTITION, LINK -> "network-" + node;
            case CLOCK -> "clock-" + node;
            case RESET -> "reset";
            case POSTGRES, DISK -> "database";
            case PROVIDER -> "models";
            case EFFECTS -> "effects";
        };
    }

    @Override
    public String toString() {
        return kind.word()
                + (node > 0 ? " n" + node : "")
                + (number != 0 ? " " + number : "")
                + " for "
                + lasts
                + " ms";
    }
}
