package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.money.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes of a reply what the request lets a model say: no more than its cap, nothing after a text
/// that ends it. Four bytes are a token, and a medium is 258.
final class Speech {
    private static final int BYTES_A_TOKEN = 4;
    private static final int LONG_MEDIUM = 1024;
    private static final int TOKENS_A_MEDIUM = 258;

    private final List<Part> parts = new ArrayList<>();
    private @Nullable JsonNode answer;
    private long left;
    private long output;
    private long reasoning;
    private @Nullable String stop;
    private @Nullable String sequence;

    private Speech(@Nullable Long cap) {
        left = cap == null ? Long.MAX_VALUE : cap;
    }

    static Said of(FakeRequest request, Asked asked, FakeReply reply, String id, long created) {
        var told = reply.usage();
        var speech = new Speech(told == null ? asked.cap() : null);
        for (var part : reply.parts()) {
            speech.say(part, asked.stops());
        }
        speech.answer(reply.answer());
        var model = reply.model();
        var stop = reply.stop() == null ? speech.stop() : reply.stop();
        return new Said(
                id,
                created,
                model == null ? request.model() : model,
                speech.parts,
                speech.answer,
                stop,
                speech.sequence,
                told == null ? speech.usage(request, asked.choices()) : told,
                asked.choices());
    }

    /// The tokens of a request.
    static long input(FakeRequest request) {
        var media = media(request.body(), node -> 1);
        var bytes = media == 0 ? 0 : media(request.body(), JsonNodes::length);
        return Math.max(1, tokens(Math.max(0, request.bytes() - bytes)) + media * TOKENS_A_MEDIUM);
    }

    /// The sum over everything that looks like an image or a file.
    private static long media(JsonNode node, ToIntFunction<JsonNode> measure) {
        if (node.isContainer()) {
            long sum = 0;
            for (var child : node) {
                sum += media(child, measure);
            }
            return sum;
        }
        return node.isString() && isMedium(node.stringValue()) ? measure.applyAsInt(node) : 0;
    }

    private static boolean isMedium(String text) {
        return text.startsWith("data:")
                || (text.length() > LONG_MEDIUM && text.indexOf(' ') < 0 && text.indexOf('\n') < 0);
    }

    private static long tokens(long bytes) {
        return (bytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
    }

    private static long tokens(String text) {
        return tokens(text.getBytes(StandardCharsets.UTF_8).length);
    }

    private void say(Part part, List<String> stops) {
        if (stop != null) {
            return;
        }
        switch (part) {
            case Part.Text(var text) -> parts.add(new Part.Text(fit(beforeStop(text, stops))));
            case Part.Reasoning(var text, var signature) -> {
                long before = output;
                var thought = fit(text);
                reasoning += output - before;
                parts.add(new Part.Reasoning(thought, signature));
            }
            case Part.ToolUse use -> {
                if (fits(tokens(Json.write(use.arguments())) + tokens(use.tool()))) {
                    parts.add(use);
                }
            }
            case Part.ToolResult result -> throw new IllegalStateException("a tool result");
        }
    }

    private String beforeStop(String text, List<String> stops) {
        int first = text.length();
        for (var end : stops) {
            int at = end.isEmpty() ? -1 : text.indexOf(end);
            if (at >= 0 && at < first) {
                first = at;
                sequence = end;
                stop = "stop_sequence";
            }
        }
        return text.substring(0, first);
    }

    private void answer(@Nullable JsonNode structured) {
        if (structured == null || stop != null) {
            return;
        }
        var whole = Json.write(structured);
        if (tokens(whole) <= left) {
            fits(tokens(whole));
            answer = structured;
        } else {
            parts.add(new Part.Text(fit(whole)));
        }
    }

    private String fit(String text) {
        if (fits(tokens(text))) {
            return text;
        }
        var kept = new StringBuilder();
        int bytes = 0;
        for (int c : text.codePoints().toArray()) {
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (tokens(bytes) > left) {
                break;
            }
            kept.appendCodePoint(c);
        }
        output += left;
        left = 0;
        return kept.toString();
    }

    private boolean fits(long tokens) {
        if (tokens > left) {
            stop = "max_tokens";
            sequence = null;
            return false;
        }
        left -= tokens;
        output += tokens;
        return true;
    }

    private String stop() {
        if (stop != null) {
            return stop;
        }
        return parts.stream().anyMatch(Part.ToolUse.class::isInstance) ? "tool_use" : "end";
    }

    private Usage usage(FakeRequest request, int choices) {
        return new Usage(input(request), 0, 0, Math.max(1, output) * choices, reasoning * choices);
    }
}
