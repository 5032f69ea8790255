package dev.remit.bench.campaign;

import dev.remit.bench.campaign.Fault.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a campaign is asked for.
///
/// @param keep where everything is kept; absent: a folder of its own, which goes if all was well
/// @param namespaces whether each node has a network of its own, so that it can be taken away
/// @param temporal the program of a Temporal server that dispatches; absent: the nodes do so
/// @param beside another build that nodes run too; absent: all run this one
/// @param rolling whether the nodes are replaced by those of this build, instead of standing beside
/// @param check a folder that a campaign kept, to be judged once more and nothing else
record Wish(
        long seed,
        double minutes,
        int nodes,
        int clients,
        Set<Family> faults,
        @Nullable Path keep,
        boolean namespaces,
        @Nullable Path temporal,
        @Nullable Build beside,
        boolean rolling,
        @Nullable Path check) {
    static final String USAGE =
            """
            Usage: ./remit campaign [--seed N] [--minutes M] [--nodes 3] [--faults kill,pause,…]
                                    [--clients N] [--keep DIR] [--no-netns] [--temporal PROGRAM]
                                    [--beside FOLDER [--rolling]]
                   ./remit campaign --check DIR
                   ./remit campaign --simulated [--seed N] [--steps N]

            Real servers and a real PostgreSQL under everything that can happen to them, judged by a
            model provider and an effect server that keep books of their own.

              --seed N      the same seed gives the same plan of faults (default: any)
              --minutes M   how long faults go on (default 3)
              --nodes N     servers on one database (default 3)
              --faults …    of: %s (default: all that work here)
              --clients N   programs that open sessions at once (default 6)
              --keep DIR    keep journals, logs and answers there, also if all was well
              --no-netns    all on one loopback: no partitions, links or resets
              --temporal PROGRAM
                            let a Temporal server dispatch, such as the `temporal` that
                            bench/peers/install makes
              --beside FOLDER
                            an older or newer Remit, with nodes side by side: a checkout in which
                            `./remit --version` ran once, or a folder of jars. A node changes its
                            build whenever it is started again, and there are always both; if the
                            other one does not start on the tables of this one, it is replaced
              --rolling     with --beside: all nodes begin as the other one, and are replaced by
                            this one, one after the other; then back, then forth again
              --check DIR   judge once more what a campaign kept
              --simulated   no processes: the simulated world, millions of steps (default 5,000,000)

            Network faults need root, iproute2 and nftables; clocks need libfaketime; disks need
            loop devices. What is missing is said and left out.

            Exit codes: 0 nothing was found, 1 something was, 2 wrong usage, 6 it could not be run.
            """
                    .formatted(
                            Arrays.stream(Family.values())
                                    .map(Family::word)
                                    .collect(Collectors.joining(",")));

    /// Says what is wrong with a command line.
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String why) {
            super(why);
        }
    }

    static Wish parse(String[] arguments) throws Wrong {
        long seed = System.nanoTime() % 1_000_000;
        double minutes = 3;
        int nodes = 3;
        int clients = 6;
        Set<Family> faults = EnumSet.allOf(Family.class);
        Path keep = null;
        Path temporal = null;
        Path check = null;
        Build beside = null;
        boolean rolling = false;
        boolean namespaces = true;
        for (int i = 0; i < arguments.length; i++) {
            var name = arguments[i];
            if (name.equals("--no-netns")) {
                namespaces = false;
                continue;
            }
            if (name.equals("--rolling")) {
                rolling = true;
                continue;
            }
            if (!Set.of(
                            "--seed",
                            "--minutes",
                            "--nodes",
                            "--faults",
                            "--clients",
                            "--keep",
                            "--temporal",
                            "--beside",
                            "--check")
                    .contains(name)) {
                throw new Wrong("unknown: " + name);
            }
            if (++i == arguments.length) {
                throw new Wrong(name + " needs a value");
            }
            var value = arguments[i];
            switch (name) {
                case "--seed" -> seed = number(name, value, 0, Long.MAX_VALUE);
                case "--minutes" -> minutes = minutes(value);
                case "--nodes" -> nodes = (int) number(name, value, 1, 9);
                case "--clients" -> clients = (int) number(name, value, 1, 64);
                case "--faults" -> faults = families(value);
                case "--temporal" -> temporal = program(value);
                case "--beside" -> beside = build(value);
                case "--keep" -> keep = Path.of(value).toAbsolutePath();
                default -> check = Path.of(value).toAbsolutePath();
            }
        }
        if (rolling && beside == null) {
            throw new Wrong("--rolling needs --beside FOLDER, the Remit that nodes begin with");
        }
        return new Wish(
                seed,
                minutes,
                nodes,
                clients,
                faults,
                keep,
                namespaces,
                temporal,
                beside,
                rolling,
                check);
    }

    private static Build build(String text) throws Wrong {
        try {
            return Build.in(Path.of(text).toAbsolutePath().normalize())
                    .orElseThrow(() ->
                            new Wrong(
                                    "--beside needs a checkout in which ./remit --version ran"
                                            + " once, or a folder of jars, and "
                                            + text
                                            + " is neither"));
        } catch (IOException e) {
            throw new Wrong("--beside cannot read " + text + ": " + e.getMessage());
        }
    }

    private static Path program(String text) throws Wrong {
        var program = Path.of(text).toAbsolutePath();
        if (Files.isRegularFile(program) && Files.isExecutable(program)) {
            return program;
        }
        throw new Wrong("--temporal needs the program `temporal`, and " + text + " is none");
    }

    private static long number(String name, String text, long least, long most) throws Wrong {
        if (text.matches("\\d{1,18}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new Wrong(name + " needs a whole number from " + least + " to " + most);
    }

    private static double minutes(String text) throws Wrong {
        if (text.matches("\\d{1,4}(\\.\\d{1,3})?") && Double.parseDouble(text) > 0) {
            return Double.parseDouble(text);
        }
        throw new Wrong("--minutes needs a number of minutes, such as 3 or 0.5");
    }

    private static Set<Family> families(String text) throws Wrong {
        var families = EnumSet.noneOf(Family.class);
        for (var word : text.split(",", -1)) {
            try {
                families.add(Family.valueOf(word.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                if (!word.equals("none")) {
                    throw new Wrong("there are no faults called " + word);
                }
            }
        }
        return families;
    }

    long millis() {
        return Math.round(minutes * 60_000);
    }
}
