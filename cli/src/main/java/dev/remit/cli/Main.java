package dev.remit.cli;

import dev.remit.client.ApiException;
import dev.remit.client.UnreachableException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Starts the command. Whatever goes wrong is said in one clear line, with what to do, and ends in
/// a documented exit code.
public final class Main {
    private Main() {}

    /// Runs the command and ends the process.
    public static void main(String[] arguments) {
        // libraries that would log find nowhere to, and need not say so to people
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        int code = run(Shell.ofThisProcess(), arguments);
        System.exit(code);
    }

    /// @return the exit code
    static int run(Shell shell, String... arguments) {
        var out = new PrintWriter(shell.out(), true, StandardCharsets.UTF_8);
        var err = new PrintWriter(shell.err(), true, StandardCharsets.UTF_8);
        var command =
                new CommandLine(new Remit(shell))
                        .setOut(out)
                        .setErr(err)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setUsageHelpAutoWidth(false)
                        .setUsageHelpWidth(100)
                        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(shell)))
                        .setParameterExceptionHandler((e, args) -> wrongUsage(e, err))
                        .setExecutionExceptionHandler(
                                (e, line, parsed) -> failed(e, new Console(shell, "auto"), shell));
        return command.execute(arguments);
    }

    private static Ansi ansi(Shell shell) {
        boolean color = shell.outIsTerminal() && shell.variable("NO_COLOR") == null;
        return color ? Ansi.ON : Ansi.OFF;
    }

    private static int wrongUsage(ParameterException e, PrintWriter err) {
        var spec = e.getCommandLine().getCommandSpec();
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            var word = unmatched.getUnmatched().getFirst();
            boolean option = word.startsWith("-");
            boolean command = !option && !spec.subcommands().isEmpty();
            err.println(
                    option
                            ? "remit: there is no option " + word
                            : command
                                    ? "remit: there is no command " + word
                                    : "remit: one argument too many: " + word);
            var known = option ? spec.optionsMap().keySet() : spec.subcommands().keySet();
            var close = Similar.to(word, known);
            if (!close.isEmpty()) {
                err.println("Did you mean " + String.join(" or ", close) + "?");
            }
        } else {
            err.println("remit: " + e.getMessage());
        }
        err.println(spec.qualifiedName() + " --help tells how it is used.");
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, Console console, Shell shell) {
        var failure =
                switch (e) {
                    case Failure known -> known;
                    case ApiException refused -> Faults.of(refused);
                    case LocalServer.StoppedException stopped ->
                            new Failure(
                                    ExitCode.GOING_ON,
                                    "the server was stopped; unfinished sessions go on when it starts again",
                                    "./remit sessions starts it and shows them.");
                    case UnreachableException lost ->
                            Failure.trouble(
                                    String.valueOf(lost.getMessage()),
                                    "./remit doctor looks into it.");
                    default -> unexpected(e, shell);
                };
        console.failure(failure);
        return failure.code();
    }

    private static Failure unexpected(Exception e, Shell shell) {
        if (shell.variable("REMIT_DEBUG") != null) {
            e.printStackTrace(System.err);
        }
        return Failure.trouble(
                "this should not have happened: " + e,
                "REMIT_DEBUG=1 with the same command shows where; please report it.");
    }
}
