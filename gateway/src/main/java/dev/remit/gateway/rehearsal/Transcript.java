package dev.remit.gateway.rehearsal;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.ModelRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a script may look at: the names that its expressions can use.
final class Transcript {
    private Transcript() {}

    /// `input` of the session, `turn` and `attempt` from 1, `seed`, `messages` as `{role, text}`,
    /// and `results` of tools so far as `{tool, text, value, failed}`, where `value` is the text
    /// read as JSON if it is that.
    static Map<String, JsonNode> of(ModelRequest request) {
        var names = new LinkedHashMap<String, JsonNode>();
        names.put("input", request.input().value());
        names.put("turn", Json.tree(request.turn()));
        names.put("attempt", Json.tree(request.attempt()));
        names.put("seed", Json.tree(request.choice().seed()));
        names.put("messages", messages(request));
        names.put("results", results(request));
        return names;
    }

    private static JsonNode messages(ModelRequest request) {
        var list = Json.array();
        for (var message : request.messages()) {
            list.addObject()
                    .put("role", message.role().name().toLowerCase(Locale.ROOT))
                    .put("text", message.text());
        }
        return list;
    }

    private static JsonNode results(ModelRequest request) {
        var tools = new HashMap<String, String>();
        var list = Json.array();
        for (var message : request.messages()) {
            for (var part : message.parts()) {
                switch (part) {
                    case Part.ToolUse use -> tools.put(use.id(), use.tool());
                    case Part.ToolResult(var id, var text, var failed) ->
                            list.addObject()
                                    .put("tool", tools.getOrDefault(id, ""))
                                    .put("text", text)
                                    .put("failed", failed)
                                    .set("value", value(text));
                    case Part.Text t -> {}
                    case Part.Reasoning r -> {}
                }
            }
        }
        return list;
    }

    private static JsonNode value(String text) {
        try {
            return Json.parse(text);
        } catch (JacksonException e) {
            return Json.text(text);
        }
    }

    /// How often the model has said just that.
    static long timesSaid(ModelRequest request, String text) {
        return request.messages().stream()
                .filter(m -> m.role() == Message.Role.ASSISTANT && m.text().equals(text))
                .count();
    }
}
