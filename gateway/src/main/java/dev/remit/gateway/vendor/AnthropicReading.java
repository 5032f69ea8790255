package dev.remit.gateway.vendor;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer.Stop;
import dev.remit.core.money.Usage;
import dev.remit.gateway.vendor.Draft.Block;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a stream of the Messages API. Its `input_tokens` do not include cached ones, and counts
/// are totals up to here, not differences.
final class AnthropicReading implements Protocol.Reading {
    private final Draft draft = new Draft();
    private final Map<Integer, Block> open = new HashMap<>();

    @Override
    public Draft draft() {
        return draft;
    }

    @Override
    public boolean take(JsonNode event) throws CallFailed {
        switch (event.path("type").asString("")) {
            case "message_start" -> {
                var message = event.path("message");
                draft.model(message.path("model").asString(""));
                usage(message.path("usage"), false);
            }
            case "content_block_start" -> {
                begin(event.path("index").asInt(0), event.path("content_block"));
                return true;
            }
            case "content_block_delta" -> {
                return delta(open.get(event.path("index").asInt(0)), event.path("delta"));
            }
            case "message_delta" -> {
                stop(event.path("delta").path("stop_reason").asString(""));
                usage(event.path("usage"), draft.stop() != null);
            }
            case "message_stop" -> draft.end();
            case "error" -> throw ErrorReading.inStream(event, "Anthropic", draft.usage());
            default -> {} // `ping`, `content_block_stop`, and kinds that are yet to come
        }
        return false;
    }

    @Override
    public void takeWhole(JsonNode body) throws CallFailed {
        if (body.path("type").asString("").equals("error")) {
            throw ErrorReading.inStream(body, "Anthropic", Usage.NONE);
        }
        draft.model(body.path("model").asString(""));
        var content = body.path("content");
        for (int i = 0; i < content.size(); i++) {
            begin(i, content.path(i));
        }
        stop(body.path("stop_reason").asString(""));
        usage(body.path("usage"), true);
        if (body.has("stop_reason")) {
            draft.end();
        }
    }

    private void begin(int index, JsonNode block) {
        switch (block.path("type").asString("")) {
            case "text" -> {
                var text = draft.begin(new Block.Text(new StringBuilder()));
                draft.append(text.text(), block.path("text").asString(""));
                open.put(index, text);
            }
            case "thinking", "redacted_thinking" -> {
                var thought =
                        draft.begin(new Block.Reasoning(new StringBuilder(), new StringBuilder()));
                draft.append(thought.text(), block.path("thinking").asString(""));
                thought.signature().append(block.path("signature").asString(""));
                if (block.has("data")) {
                    thought.signature()
                            .append(AnthropicBody.REDACTED)
                            .append(block.path("data").asString(""));
                }
                open.put(index, thought);
            }
            case "tool_use" -> {
                var use =
                        new Block.ToolUse(
                                new StringBuilder(block.path("id").asString("")),
                                new StringBuilder(block.path("name").asString("")),
                                new StringBuilder());
                if (!block.path("input").isEmpty()) {
                    draft.append(use.arguments(), Json.write(block.path("input")));
                }
                open.put(index, draft.begin(use));
            }
            default -> {} // a kind that was not asked for
        }
    }

    private boolean delta(@Nullable Block block, JsonNode delta) {
        return switch (block) {
            case Block.Text(var text) -> draft.append(text, delta.path("text").asString(""));
            case Block.Reasoning(var text, var signature) -> {
                signature.append(delta.path("signature").asString(""));
                draft.append(text, delta.path("thinking").asString(""));
                yield true;
            }
            case Block.ToolUse(var id, var name, var arguments) ->
                    draft.append(arguments, delta.path("partial_json").asString(""));
            case null -> false;
        };
    }

    private void stop(String reason) {
        switch (reason) {
            case "" -> {}
            case "tool_use" -> draft.stop(Stop.TOOL_USE);
            case "max_tokens", "model_context_window_exceeded" -> draft.stop(Stop.MAX_TOKENS);
            case "refusal" -> draft.stop(Stop.REFUSED);
            default -> draft.stop(Stop.END); // `end_turn`, and kinds that are yet to come
        }
    }

    private void usage(JsonNode told, boolean isFinal) {
        var known = draft.usage();
        draft.usage(
                new Usage(
                        count(told, "input_tokens", known.input()),
                        count(told, "cache_read_input_tokens", known.cacheRead()),
                        count(told, "cache_creation_input_tokens", known.cacheWrite()),
                        count(told, "output_tokens", known.output()),
                        0),
                isFinal);
    }

    private static long count(JsonNode told, String field, long known) {
        var count = told.path(field);
        return count.isIntegralNumber() ? Math.max(0, count.asLong(known)) : known;
    }
}
