package dev.remit.bench;

import dev.remit.bench.gateway.GatewayBench;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Benchmarks that print ratios against named baselines, measured in the same run.
public final class Bench {
    private static final String USAGE =
            """
            usage: bench steps|gateway [--json] [--seconds N] [--peers DIR]

              steps        durable steps: 64 sessions at once, one alone, and a long one
              gateway      model calls through the gateway, beside nginx and its peers
              --json       one JSON document instead of a table
              --seconds N  length of a round (default 5); there are %d rounds of each
              --peers DIR  other gateways to measure beside, as bench/peers/install DIR fetched them
            """
                    .formatted(Steps.ROUNDS);

    private Bench() {}

    /// Prints the figures on standard output and progress on standard error. Ends the process with
    /// 0, or with 2 if it was called wrongly.
    public static void main(String[] args) throws Exception {
        System.exit(run(args, System.out, System.err));
    }

    static int run(String[] args, PrintStream out, PrintStream err) throws Exception {
        boolean json = false;
        double seconds = 5;
        String which = "";
        Path peers = null;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "steps", "gateway" -> which = args[i];
                case "--json" -> json = true;
                case "--seconds" -> {
                    if (++i == args.length || !args[i].matches("[0-9]{1,4}(\\.[0-9]+)?")) {
                        return wrong(err, "--seconds needs a number of seconds");
                    }
                    seconds = Double.parseDouble(args[i]);
                }
                case "--peers" -> {
                    if (++i == args.length || !Files.isDirectory(Path.of(args[i]))) {
                        return wrong(err, "--peers needs a folder that bench/peers/install made");
                    }
                    peers = Path.of(args[i]).toAbsolutePath();
                }
                default -> {
                    return wrong(err, "unknown: " + args[i]);
                }
            }
        }
        if (which.isEmpty() || seconds <= 0) {
            return wrong(err, "say which benchmark: steps or gateway");
        }
        Consumer<String> progress = what -> err.println("bench: " + what);
        if (which.equals("gateway")) {
            out.print(GatewayBench.run(seconds, peers, json, progress));
        } else {
            var report = Steps.run(seconds, progress);
            out.print(json ? report.json() : report.table());
        }
        out.flush();
        return 0;
    }

    private static int wrong(PrintStream err, String why) {
        err.println("bench: " + why);
        err.print(USAGE);
        return 2;
    }
}
