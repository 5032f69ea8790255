package dev.remit.cli;

import dev.remit.client.RemitClient;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/// What all commands share: the surroundings, the state folder, the way to the server.
abstract class RemitCommand implements Callable<Integer> {
    @ParentCommand @Nullable Object above;
    @Mixin Common common = new Common();

    private @Nullable Console console;

    final Shell shell() {
        return parent().shell();
    }

    private Remit parent() {
        return switch (above) {
            case Remit remit -> remit;
            case RemitCommand command -> command.parent();
            case null, default -> throw new IllegalStateException("a command without its parent");
        };
    }

    final Console console() {
        var known = console;
        if (known == null) {
            known = new Console(shell(), common.color);
            console = known;
        }
        return known;
    }

    final Home home() {
        return Home.of(shell(), homeNamed());
    }

    /// The nearest `--home`: that of this command, or of one before it.
    private @Nullable String homeNamed() {
        if (common.home != null) {
            return common.home;
        }
        return above instanceof RemitCommand command ? command.homeNamed() : parent().common.home;
    }

    final LocalServer server() {
        var launcher = System.getProperty("remit.launcher", "");
        return new LocalServer(
                home(),
                console(),
                launcher.isEmpty() ? List.of() : List.of(launcher, "serve"),
                System.getProperty("remit.build", ""));
    }

    /// The session that was meant.
    final String session(RemitClient client, String meant) {
        return new SessionIds(client).find(meant);
    }

    /// What commands that only hold others do when they are called by themselves.
    final ParameterException needsMore(CommandSpec spec) {
        return new ParameterException(
                spec.commandLine(),
                "one of "
                        + String.join(", ", spec.subcommands().keySet())
                        + " is expected behind "
                        + spec.qualifiedName());
    }

    /// Nothing to say: it worked.
    final int good() {
        return ExitCode.GOOD;
    }

    @Override
    public abstract Integer call();
}
