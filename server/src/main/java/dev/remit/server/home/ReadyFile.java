package dev.remit.server.home;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// `server.json`: says that a server is ready and where it listens. Gone when it has stopped.
public final class ReadyFile implements AutoCloseable {
    private static final String NAME = "server.json";

    private final HomeFolder home;

    private ReadyFile(HomeFolder home) {
        this.home = home;
    }

    /// @param build of this server, such as a commit
    public static ReadyFile write(HomeFolder home, URI url, String build) {
        var content =
                Json.object()
                        .put("url", url.toString())
                        .put("pid", ProcessHandle.current().pid())
                        .put("build", build);
        try {
            HomeFolder.write(home.file(NAME), Json.canonical(content));
            return new ReadyFile(home);
        } catch (IOException e) {
            throw StartFailure.of("cannot write " + home.file(NAME), e);
        }
    }

    /// Removes what a server left that did not stop in good order. The caller holds the lock.
    public static void clear(HomeFolder home) {
        try {
            Files.deleteIfExists(home.file(NAME));
        } catch (IOException e) {
            throw StartFailure.of("cannot remove " + home.file(NAME), e);
        }
    }

    static Optional<Long> pidOf(HomeFolder home) {
        try {
            var pid = Json.parse(Files.readAllBytes(home.file(NAME))).path("pid");
            return pid.isIntegralNumber() ? Optional.of(pid.asLong()) : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        clear(home);
    }
}
