package dev.remit.server.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.UUID;

/// What the server of a state folder is called in the database; the same over restarts.
public final class NodeName {
    private NodeName() {}

    /// @throws StartFailure if it can neither be read nor made
    public static String of(HomeFolder home) {
        var file = home.file("node");
        try {
            if (!Files.exists(file)) {
                var name = "node-" + UUID.randomUUID();
                HomeFolder.write(file, (name + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            var name = Files.readString(file).strip();
            if (!name.matches("[A-Za-z0-9-]{1,64}")) {
                throw new StartFailure(file + " holds no name; delete it, and start again");
            }
            return name;
        } catch (IOException e) {
            throw StartFailure.of("the file " + file + " cannot be used", e);
        }
    }
}
