package dev.remit.hands.fake;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Something that happened in the outside world.
///
/// @param number from 1, in the order they happened
/// @param key the `Idempotency-Key` it was asked for with; empty if there was none
/// @param path with its query
public record Effect(int number, String at, String key, String method, String path, String body) {

    /// What a server's journal tells, also after the server was killed: half a line at its end is
    /// an effect that did not happen.
    ///
    /// @throws IOException if the journal cannot be read
    public static List<Effect> in(Path journal) throws IOException {
        if (!Files.exists(journal)) {
            return List.of();
        }
        var text = Files.readString(journal);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Effect::parse).toList();
    }

    String line() {
        return Json.write(Json.tree(this)) + "\n";
    }

    private static Effect parse(String line) {
        JsonNode json = Json.parse(line);
        return Json.mapper().treeToValue(json, Effect.class);
    }
}
