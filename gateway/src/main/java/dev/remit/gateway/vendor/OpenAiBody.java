package dev.remit.gateway.vendor;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import dev.remit.core.model.ModelRequest;
import dev.remit.gateway.vendor.Protocol.Asked;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a request of the Chat Completions API.
final class OpenAiBody {
    private final Asked asked;
    private final ModelRequest request;
    private final ArrayNode messages = Json.array();

    OpenAiBody(Asked asked) {
        this.asked = asked;
        this.request = asked.request();
    }

    ObjectNode write() {
        request.messages().forEach(this::add);
        var habits = asked.habits();
        var body = Json.object().put("model", asked.model()).put("stream", true);
        body.put(
                habits.newCap() ? "max_completion_tokens" : "max_tokens",
                request.maxOutputTokens());
        if (habits.reportsUsage()) {
            body.putObject("stream_options").put("include_usage", true);
        }
        if (asked.endpoint().vendor()) {
            body.put("service_tier", "default"); // the tier whose prices are known
        }
        var answer = asked.answer();
        if (answer != null) {
            shape(body, answer);
        }
        body.set("messages", messages);
        tools(body);
        return body;
    }

    private void shape(ObjectNode body, AnswerSchema answer) {
        if (!asked.habits().enforcesAnswer()) {
            instruct(answer.inWords());
            return;
        }
        body.putObject("response_format")
                .put("type", "json_schema")
                .putObject("json_schema")
                .put("name", "answer")
                .put("strict", answer.isStrict())
                .set("schema", answer.wire());
    }

    /// Joins the system message, since many models take but one.
    private void instruct(String words) {
        if (!messages.isEmpty()
                && messages.get(0) instanceof ObjectNode first
                && first.path("role").asString("").equals("system")) {
            first.put("content", first.path("content").asString("") + "\n\n" + words);
        } else {
            messages.insertObject(0).put("role", "system").put("content", words);
        }
    }

    private void tools(ObjectNode body) {
        if (request.tools().isEmpty()) {
            return;
        }
        var tools = body.putArray("tools");
        for (var tool : request.tools()) {
            tools.addObject()
                    .put("type", "function")
                    .putObject("function")
                    .put("name", asked.names().wire(tool.name()))
                    .put("description", tool.description())
                    .set("parameters", tool.input());
        }
    }

    private void add(Message message) {
        switch (message.role()) {
            case SYSTEM -> say("system", message);
            case USER -> {
                // results come first: they must be right behind the calls
                for (var part : message.parts()) {
                    if (part instanceof Part.ToolResult(var id, var text, var failed)) {
                        messages.addObject()
                                .put("role", "tool")
                                .put("tool_call_id", id)
                                .put("content", failed ? "Failed: " + text : text);
                    }
                }
                say("user", message);
            }
            case ASSISTANT -> assistant(message);
        }
    }

    private void say(String role, Message message) {
        if (message.role() == Role.USER && message.text().isEmpty()) {
            return; // it was results only
        }
        messages.addObject().put("role", role).put("content", message.text());
    }

    private void assistant(Message message) {
        var said = messages.addObject().put("role", "assistant");
        for (var part : message.parts()) {
            if (part instanceof Part.Reasoning(var text, var signature)
                    && signature != null
                    && signature.startsWith(OpenAiReading.FIELD)) {
                said.put(signature.substring(OpenAiReading.FIELD.length()), text);
            }
        }
        var uses = message.toolUses();
        if (message.text().isEmpty() && !uses.isEmpty()) {
            said.putNull("content");
        } else {
            said.put("content", message.text());
        }
        if (uses.isEmpty()) {
            return;
        }
        var calls = said.putArray("tool_calls");
        for (var use : uses) {
            calls.addObject()
                    .put("id", use.id())
                    .put("type", "function")
                    .putObject("function")
                    .put("name", asked.names().wire(use.tool()))
                    .put("arguments", Json.write(use.arguments()));
        }
    }
}
