package dev.remit.bench;

import java.io.PrintStream;

/// Benchmarks that print ratios against named baselines, measured in the same run.
public final class Bench {
    private static final String USAGE =
            """
            usage: bench steps [--json] [--seconds N]

              steps        durable steps: 64 sessions at once, one alone, and a long one
              --json       one JSON document instead of a table
              --seconds N  length of a round (default 5); there are %d rounds of each
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
        boolean steps = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "steps" -> steps = true;
                case "--json" -> json = true;
                case "--seconds" -> {
                    if (++i == args.length || !args[i].matches("[0-9]{1,4}(\\.[0-9]+)?")) {
                        return wrong(err, "--seconds needs a number of seconds");
                    }
                    seconds = Double.parseDouble(args[i]);
                }
                default -> {
                    return wrong(err, "unknown: " + args[i]);
                }
            }
        }
        if (!steps || seconds <= 0) {
            return wrong(err, "say which benchmark: steps");
        }
        var report = Steps.run(seconds, what -> err.println("bench: " + what));
        out.print(json ? report.json() : report.table());
        out.flush();
        return 0;
    }

    private static int wrong(PrintStream err, String why) {
        err.println("bench: " + why);
        err.print(USAGE);
        return 2;
    }
}
