package dev.remit.bench;

import dev.remit.bench.engine.FanoutBench;
import dev.remit.bench.engine.LonglifeBench;
import dev.remit.bench.engine.RecoveryBench;
import dev.remit.bench.engine.SessionsBench;
import dev.remit.bench.gateway.GatewayBench;
import dev.remit.bench.harness.Figures;
import dev.remit.bench.harness.Scratch;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Benchmarks that print ratios against named baselines, measured in the same run.
public final class Bench {
    private static final String USAGE =
            """
            usage: ./remit bench steps|sessions|recovery|longlife|fanout|gateway [--json] [--seconds N] [--peers DIR]

              steps        durable steps: 64 sessions at once, one alone, and a long one
              sessions     workflows of ten steps, on one node and two, beside Restate, Temporal and DBOS
              recovery     how long sessions stand still when their node is killed or paused
              longlife     a million sessions that wait, a thousand at work at once
              fanout       one session and a thousand who listen to it, on one node and two
              gateway      model calls through the gateway, beside nginx and its peers
              --json       one JSON document instead of a table
              --seconds N  length of a round (default 5); there are %d rounds of each
              --peers DIR  who is measured beside, as bench/peers/install DIR fetched them
            """
                    .formatted(Steps.ROUNDS);

    private Bench() {}

    /// Prints the figures on standard output and progress on standard error. Ends the process with
    /// 0, or with 2 if it was called wrongly.
    public static void main(String[] args) throws Exception {
        System.exit(run(args, System.out, System.err));
    }

    /// What the command line asked for.
    private static final class Wish {
        private String which = "";
        private boolean json;
        private double seconds = 5;
        private @Nullable Path peers;
    }

    static int run(String[] args, PrintStream out, PrintStream err) throws Exception {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            out.print(USAGE);
            return 0;
        }
        var wish = new Wish();
        var wrong = read(args, wish);
        if (wrong != null) {
            err.println("bench: " + wrong);
            err.print(USAGE);
            return 2;
        }
        try (var scratch = new Scratch()) {
            out.print(measure(wish, scratch.folder(), what -> err.println("bench: " + what)));
            out.flush();
        }
        return 0;
    }

    /// @return what is wrong with the arguments; absent if nothing is
    private static @Nullable String read(String[] args, Wish wish) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "steps", "sessions", "recovery", "longlife", "fanout", "gateway" ->
                        wish.which = args[i];
                case "--json" -> wish.json = true;
                case "--seconds" -> {
                    if (++i == args.length || !args[i].matches("[0-9]{1,4}(\\.[0-9]+)?")) {
                        return "--seconds needs a number of seconds";
                    }
                    wish.seconds = Double.parseDouble(args[i]);
                }
                case "--peers" -> {
                    if (++i == args.length || !Files.isDirectory(Path.of(args[i]))) {
                        return "--peers needs a folder that bench/peers/install made";
                    }
                    wish.peers = Path.of(args[i]).toAbsolutePath();
                }
                default -> {
                    return "unknown: " + args[i];
                }
            }
        }
        if (wish.seconds <= 0) {
            return "--seconds needs a number above 0";
        }
        return wish.which.isEmpty()
                ? "say which benchmark: steps, sessions, recovery, longlife, fanout or gateway"
                : null;
    }

    private static String measure(Wish wish, Path folder, Consumer<String> progress)
            throws Exception {
        return switch (wish.which) {
            case "steps" -> {
                var report = Steps.run(folder, wish.seconds, progress);
                yield wish.json ? report.json() : report.table();
            }
            case "sessions" ->
                    told(SessionsBench.run(folder, wish.seconds, wish.peers, progress), wish);
            case "recovery" -> told(RecoveryBench.run(folder, progress), wish);
            case "longlife" -> told(LonglifeBench.run(folder, wish.seconds, progress), wish);
            case "fanout" -> told(FanoutBench.run(folder, wish.seconds, progress), wish);
            default -> told(GatewayBench.run(folder, wish.seconds, wish.peers, progress), wish);
        };
    }

    private static String told(Figures figures, Wish wish) {
        return wish.json ? figures.json() : figures.table();
    }
}
