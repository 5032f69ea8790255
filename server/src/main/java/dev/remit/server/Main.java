package dev.remit.server;

import dev.remit.server.home.LogFile;
import dev.remit.server.home.StartFailure;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/// `remit serve`: one server, in the foreground, until it is told to stop.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Neither the constant nor the class's name initialises the class, which would be too
        // early.
        System.setProperty(LogFile.Keeping.PROPERTY, LogFile.Keeping.class.getName());
        System.exit(run(arguments, System.getenv(), System.out, System.err));
    }

    /// Whether a person looks at standard output. The launcher says so; Java cannot tell. Where it
    /// is no terminal it may be a log, and no key belongs there.
    private static boolean isTerminal() {
        return System.getProperty("remit.terminals", "").contains("1");
    }

    /// @return the exit code: 0 stopped in good order, 2 wrong usage, 6 trouble of this machine
    private static int run(
            String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
            out.print(Options.USAGE);
            return 0;
        }
        try {
            var options = Options.parse(arguments, environment);
            var stop = new Stop();
            Runtime.getRuntime().addShutdownHook(new Thread(stop::orderAndWait, "stop"));
            try (var serve = Serve.start(options, stop, step -> out.println("remit: " + step))) {
                out.println("remit: ready at " + serve.url());
                out.println("remit: state folder " + serve.folder());
                if (isTerminal()) {
                    serve.firstKey().ifPresent(key -> FirstKey.show(key, serve.url(), out));
                }
                stop.await();
                out.println("remit: stopping");
            } finally {
                stop.done();
            }
            var trouble = stop.trouble();
            if (trouble != null) {
                throw new StartFailure(trouble);
            }
            return 0;
        } catch (RuntimeException e) {
            var failure = StartFailures.read(e);
            err.println("remit: " + failure.getMessage());
            return failure.exitCode();
        }
    }
}
