package dev.remit.cli.view;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Messages of a prompt, as a model was shown them, in lines for people.
public final class Shown {
    private static final String INDENT = "    ";
    private static final String DEEPER = INDENT + INDENT;

    private Shown() {}

    /// @param messages as prompts have them: a role, and parts
    public static List<String> lines(JsonNode messages) {
        var lines = new ArrayList<String>();
        for (var written : messages) {
            var message = Said.content(written);
            lines.add(INDENT + message.path("role").asString("?").toLowerCase(Locale.ROOT) + ":");
            for (var part : message.path("parts")) {
                add(lines, part(part));
            }
        }
        return lines;
    }

    private static String part(JsonNode part) {
        return switch (part.path("part").asString("")) {
            case "text" -> part.path("text").asString("");
            case "reasoning" -> "(thinks) " + part.path("text").asString("");
            case "tool_use" ->
                    "uses "
                            + part.path("tool").asString("")
                            + " "
                            + Json.write(part.path("arguments"))
                            + id(part);
            case "tool_result" ->
                    (part.path("failed").asBoolean(false) ? "failed" : "result")
                            + id(part)
                            + ": "
                            + part.path("text").asString("");
            default -> Json.write(part);
        };
    }

    private static String id(JsonNode part) {
        var id = part.path("id").asString("");
        return id.isEmpty() ? "" : " [" + id + "]";
    }

    /// Nothing that a prompt holds steers the terminal.
    private static void add(List<String> lines, String text) {
        Cells.harmless(text).lines().forEach(line -> lines.add((DEEPER + line).stripTrailing()));
    }
}
