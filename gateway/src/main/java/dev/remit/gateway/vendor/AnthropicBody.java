package dev.remit.gateway.vendor;

import static dev.remit.gateway.vendor.ToolNames.ANSWER;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import dev.remit.core.model.ModelRequest;
import dev.remit.gateway.vendor.Protocol.Asked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a request of the Messages API.
final class AnthropicBody {
    /// Marks what the model thought in private: the vendor's own, to be handed back unread.
    static final String REDACTED = "redacted:";

    private final Asked asked;
    private final ModelRequest request;
    private final ArrayNode system = Json.array();
    private final ArrayNode messages = Json.array();

    AnthropicBody(Asked asked) {
        this.asked = asked;
        this.request = asked.request();
    }

    ObjectNode write() {
        var marks = request.layout().cacheAt();
        for (int i = 0; i < request.messages().size(); i++) {
            add(request.messages().get(i));
            if (marks.contains(i)) {
                markLast(request.messages().get(i).role());
            }
        }
        var answer = asked.answer();
        if (answer != null && !asked.habits().enforcesAnswer()) {
            system.add(text("Give your final answer by calling the tool `" + ANSWER + "`."));
        }
        var body =
                Json.object()
                        .put("model", asked.model())
                        .put("max_tokens", request.maxOutputTokens())
                        .put("stream", true);
        if (asked.endpoint().vendor()) {
            body.put("service_tier", "standard_only"); // the tier whose prices are known
        }
        if (!system.isEmpty()) {
            body.set("system", system);
        }
        body.set("messages", messages);
        tools(body, answer);
        return body;
    }

    private void tools(ObjectNode body, @Nullable AnswerSchema answer) {
        if (request.tools().isEmpty() && answer == null) {
            return;
        }
        var tools = body.putArray("tools");
        for (var tool : request.tools()) {
            tools.addObject()
                    .put("name", asked.names().wire(tool.name()))
                    .put("description", tool.description())
                    .set("input_schema", tool.input());
        }
        if (answer == null) {
            return;
        }
        tools.addObject()
                .put("name", ANSWER)
                .put("description", "Gives the final answer. Call it once, when the work is done.")
                .set("input_schema", answer.wire());
        if (!asked.habits().enforcesAnswer()) {
            return;
        }
        var choice = body.putObject("tool_choice");
        if (request.tools().isEmpty()) {
            choice.put("type", "tool").put("name", ANSWER);
            choice.put("disable_parallel_tool_use", true);
        } else {
            choice.put("type", "any");
        }
    }

    private void add(Message message) {
        if (message.role() == Role.SYSTEM) {
            if (!message.text().isBlank()) {
                system.add(text(message.text()));
            }
            return;
        }
        var content = content(message.role() == Role.USER ? "user" : "assistant");
        // results come first: the vendor wants them right behind the calls
        message.parts().stream()
                .filter(Part.ToolResult.class::isInstance)
                .forEach(p -> add(content, p));
        message.parts().stream()
                .filter(p -> !(p instanceof Part.ToolResult))
                .forEach(p -> add(content, p));
    }

    /// Of the message being written; neighbours of one role become one message.
    private ArrayNode content(String role) {
        var last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
        if (last != null && last.path("role").asString("").equals(role)) {
            return (ArrayNode) last.required("content");
        }
        return messages.addObject().put("role", role).putArray("content");
    }

    private void add(ArrayNode content, Part part) {
        switch (part) {
            case Part.Text(var text) -> {
                if (!text.isBlank()) { // the vendor refuses a blank one
                    content.add(text(text));
                }
            }
            case Part.Reasoning(var text, var signature) -> reasoning(content, text, signature);
            case Part.ToolUse(var id, var tool, var arguments) ->
                    content.addObject()
                            .put("type", "tool_use")
                            .put("id", id)
                            .put("name", asked.names().wire(tool))
                            .set("input", arguments);
            case Part.ToolResult(var id, var text, var failed) -> {
                var result = content.addObject().put("type", "tool_result").put("tool_use_id", id);
                result.put("content", text);
                if (failed) {
                    result.put("is_error", true);
                }
            }
        }
    }

    /// Handed back only with the vendor's signature: without it, it came from somewhere else.
    private static void reasoning(ArrayNode content, String text, @Nullable String signature) {
        if (signature == null || signature.startsWith(OpenAiReading.FIELD)) {
            return;
        }
        if (signature.startsWith(REDACTED)) {
            content.addObject()
                    .put("type", "redacted_thinking")
                    .put("data", signature.substring(REDACTED.length()));
        } else {
            content.addObject()
                    .put("type", "thinking")
                    .put("thinking", text)
                    .put("signature", signature);
        }
    }

    /// The prompt up to here will be sent again: the vendor keeps it, for a tenth of the price the
    /// next time.
    private void markLast(Role role) {
        if (role == Role.SYSTEM) {
            mark(system);
        } else if (!messages.isEmpty()) {
            mark(messages.get(messages.size() - 1).path("content"));
        }
    }

    private static void mark(JsonNode content) {
        if (!content.isEmpty()
                && content.get(content.size() - 1) instanceof ObjectNode last
                && !last.path("type").asString("").endsWith("thinking")) {
            last.putObject("cache_control").put("type", "ephemeral");
        }
    }

    private static ObjectNode text(String text) {
        return Json.object().put("type", "text").put("text", text);
    }
}
