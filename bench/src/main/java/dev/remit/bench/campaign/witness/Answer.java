package dev.remit.bench.campaign.witness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An answer in the words of Chat Completions, whole or as a stream.
///
/// @param number of its line in the invoice
record Answer(long number, String model, Script.Reply reply, long input, long output) {
    /// By this the line of the invoice is found again: the number stands in the model's name.
    private String name() {
        return model + "-" + number;
    }

    String whole() {
        return Tree.write(
                map(
                        "id",
                        "chatcmpl-" + number,
                        "object",
                        "chat.completion",
                        "created",
                        0,
                        "model",
                        name(),
                        "choices",
                        List.of(
                                map(
                                        "index",
                                        0,
                                        "message",
                                        message(false),
                                        "finish_reason",
                                        finish())),
                        "usage",
                        usage()));
    }

    String stream() {
        var out = new StringBuilder();
        chunk(out, List.of(choice(message(true), null)), null);
        chunk(out, List.of(choice(map(), finish())), null);
        chunk(out, List.of(), usage());
        return out.append("data: [DONE]\n\n").toString();
    }

    private void chunk(
            StringBuilder out,
            List<Object> choices,
            @org.jspecify.annotations.Nullable Object usage) {
        var chunk =
                map(
                        "id",
                        "chatcmpl-" + number,
                        "object",
                        "chat.completion.chunk",
                        "created",
                        0,
                        "model",
                        name(),
                        "choices",
                        choices);
        if (usage != null) {
            chunk.put("usage", usage);
        }
        out.append("data: ").append(Tree.write(chunk)).append("\n\n");
    }

    private static Object choice(Object delta, @org.jspecify.annotations.Nullable String finish) {
        var choice = map("index", 0, "delta", delta);
        if (finish != null) {
            choice.put("finish_reason", finish);
        }
        return choice;
    }

    private String finish() {
        return reply.calls().isEmpty() ? "stop" : "tool_calls";
    }

    private Object message(boolean delta) {
        var message = map("role", "assistant");
        if (reply.calls().isEmpty()) {
            message.put("content", reply.text());
            return message;
        }
        var calls = new ArrayList<>();
        for (int i = 0; i < reply.calls().size(); i++) {
            var call = reply.calls().get(i);
            var form =
                    map(
                            "id",
                            "call_" + number + "_" + i,
                            "type",
                            "function",
                            "function",
                            map("name", call.tool(), "arguments", call.arguments()));
            if (delta) {
                form.put("index", i);
            }
            calls.add(form);
        }
        message.put("tool_calls", calls);
        return message;
    }

    private Object usage() {
        return map(
                "prompt_tokens",
                input,
                "completion_tokens",
                output,
                "total_tokens",
                input + output);
    }

    private static Map<String, Object> map(Object... namesAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }
}
