package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The events of a response, from `response.created` to `response.completed`, numbered.
///
/// Source: OpenAI's API reference, "Responses", "Streaming events".
final class ResponsesStream {
    private final List<byte[]> events = new ArrayList<>();

    private ResponsesStream() {}

    /// @param begun the response before anything was said
    /// @param items what is said
    /// @param ended the response in its end
    static List<byte[]> of(ObjectNode begun, List<ObjectNode> items, JsonNode ended) {
        var stream = new ResponsesStream();
        stream.send("response.created", Json.object().set("response", begun));
        stream.send("response.in_progress", Json.object().set("response", begun));
        for (int i = 0; i < items.size(); i++) {
            stream.item(i, items.get(i));
        }
        boolean whole = JsonNodes.is(ended, "status", "completed");
        stream.send(
                whole ? "response.completed" : "response.incomplete",
                Json.object().set("response", ended));
        return stream.events;
    }

    private void send(String type, ObjectNode fields) {
        var event = Json.object().put("type", type).put("sequence_number", events.size());
        events.add(Sse.named(type, event.setAll(fields)));
    }

    private void item(int index, ObjectNode item) {
        var type = JsonNodes.text(item, "type");
        var begun = item.deepCopy();
        if (begun.has("status")) {
            begun.put("status", "in_progress");
        }
        switch (type) {
            case "message" -> begun.putArray("content");
            case "reasoning" -> begun.putArray("summary");
            default -> begun.put("arguments", "");
        }
        send("response.output_item.added", output(index).set("item", begun));
        switch (type) {
            case "message" -> message(index, item);
            case "reasoning" -> reasoning(index, item);
            default -> call(index, item);
        }
        send("response.output_item.done", output(index).set("item", item));
    }

    private static ObjectNode output(int index) {
        return Json.object().put("output_index", index);
    }

    private static ObjectNode of(int index, JsonNode item) {
        return Json.object().put("item_id", JsonNodes.text(item, "id")).put("output_index", index);
    }

    private void message(int index, ObjectNode item) {
        var content = item.required("content");
        for (int i = 0; i < content.size(); i++) {
            var part = (ObjectNode) content.path(i);
            boolean refusal = JsonNodes.is(part, "type", "refusal");
            var field = refusal ? "refusal" : "text";
            var kind = refusal ? "response.refusal" : "response.output_text";
            var text = JsonNodes.text(part, field);
            var empty = part.deepCopy().put(field, "");
            send("response.content_part.added", in(index, item, i).set("part", empty));
            for (var piece : Sse.pieces(text)) {
                send(kind + ".delta", logged(in(index, item, i).put("delta", piece), refusal));
            }
            send(kind + ".done", logged(in(index, item, i).put(field, text), refusal));
            send("response.content_part.done", in(index, item, i).set("part", part));
        }
    }

    private static ObjectNode in(int index, JsonNode item, int content) {
        return of(index, item).put("content_index", content);
    }

    private static ObjectNode logged(ObjectNode event, boolean refusal) {
        if (!refusal) {
            event.putArray("logprobs");
        }
        return event;
    }

    private void reasoning(int index, ObjectNode item) {
        var summary = item.required("summary");
        for (int i = 0; i < summary.size(); i++) {
            var part = (ObjectNode) summary.path(i);
            var text = JsonNodes.text(part, "text");
            var kind = "response.reasoning_summary_";
            var empty = part.deepCopy().put("text", "");
            send(kind + "part.added", of(index, item).put("summary_index", i).set("part", empty));
            for (var piece : Sse.pieces(text)) {
                var delta = of(index, item).put("summary_index", i).put("delta", piece);
                send(kind + "text.delta", delta);
            }
            send(kind + "text.done", of(index, item).put("summary_index", i).put("text", text));
            send(kind + "part.done", of(index, item).put("summary_index", i).set("part", part));
        }
    }

    private void call(int index, ObjectNode item) {
        var arguments = JsonNodes.text(item, "arguments");
        var kind = "response.function_call_arguments.";
        for (var piece : Sse.pieces(arguments)) {
            send(kind + "delta", of(index, item).put("delta", piece));
        }
        send(
                kind + "done",
                of(index, item)
                        .put("name", JsonNodes.text(item, "name"))
                        .put("arguments", arguments));
    }
}
