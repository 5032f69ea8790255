package dev.remit.cli;

import dev.remit.client.RemitClient;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// What all commands share: the surroundings, the state folder, the way to the server.
abstract class RemitCommand implements Callable<Integer> {
    @ParentCommand @Nullable Remit remit;
    @Mixin Common common = new Common();

    private @Nullable Console console;

    final Shell shell() {
        return parent().shell();
    }

    private Remit parent() {
        if (remit == null) {
            throw new IllegalStateException("a command without its parent");
        }
        return remit;
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
        return Home.of(shell(), common.home != null ? common.home : parent().common.home);
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

    /// Nothing to say: it worked.
    final int good() {
        return ExitCode.GOOD;
    }

    @Override
    public abstract Integer call();
}
