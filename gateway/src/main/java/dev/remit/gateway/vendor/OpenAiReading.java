package dev.remit.gateway.vendor;

import dev.remit.core.model.ModelAnswer.Stop;
import dev.remit.core.money.Usage;
import dev.remit.gateway.vendor.Draft.Block;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Reads a stream of the Chat Completions API. Its `prompt_tokens` include the cached ones.
final class OpenAiReading implements Protocol.Reading {
    /// Marks in which field of its answer a compatible server told what the model thought.
    static final String FIELD = "field:";

    private static final String[] REASONING = {"reasoning_content", "reasoning"};
    private final String server;
    private final Draft draft = new Draft();
    private final TreeMap<Integer, Block.ToolUse> calls = new TreeMap<>();

    OpenAiReading(String server) {
        this.server = server;
    }

    @Override
    public Draft draft() {
        return draft;
    }

    @Override
    public boolean take(JsonNode chunk) throws CallFailed {
        if (chunk.hasNonNull("error")) {
            throw ErrorReading.inStream(chunk, server, draft.usage());
        }
        draft.model(chunk.path("model").asString(""));
        usage(chunk.path("usage"));
        var gotOn = false;
        for (var choice : chunk.path("choices")) {
            if (choice.path("index").asInt(0) == 0) {
                gotOn |= piece(choice.has("delta") ? choice.path("delta") : choice.path("message"));
                stop(choice.path("finish_reason").asString(""));
            }
        }
        return gotOn;
    }

    @Override
    public void takeWhole(JsonNode body) throws CallFailed {
        take(body);
        if (draft.stop() != null) {
            draft.end();
        }
    }

    private boolean piece(JsonNode delta) {
        var gotOn = false;
        for (var field : REASONING) {
            var thought = delta.path(field).asString("");
            if (!thought.isEmpty()) {
                var block = draft.reasoning();
                gotOn = draft.append(block.text(), thought);
                block.signature().setLength(0);
                block.signature().append(FIELD).append(field);
                break; // some servers tell it in both
            }
        }
        var text = delta.path("content").asString("");
        if (!text.isEmpty()) {
            gotOn |= draft.append(draft.text().text(), text);
        }
        var refusal = delta.path("refusal").asString("");
        gotOn |= draft.append(draft.refusal(), refusal);
        var uses = delta.path("tool_calls");
        for (int i = 0; i < uses.size(); i++) {
            gotOn |= call(uses.path(i), i);
        }
        return gotOn;
    }

    private boolean call(JsonNode delta, int place) {
        var use =
                calls.computeIfAbsent(
                        delta.path("index").asInt(place),
                        i ->
                                draft.begin(
                                        new Block.ToolUse(
                                                new StringBuilder(),
                                                new StringBuilder(),
                                                new StringBuilder())));
        var function = delta.path("function");
        once(use.id(), delta.path("id").asString(""));
        var named = once(use.name(), function.path("name").asString(""));
        return draft.append(use.arguments(), arguments(function.path("arguments"))) || named;
    }

    /// Some servers repeat the id and the name in every piece.
    private static boolean once(StringBuilder known, String told) {
        var isNew = known.isEmpty() && !told.isEmpty();
        if (isNew) {
            known.append(told);
        }
        return isNew;
    }

    /// A text that holds JSON; some servers send the JSON itself.
    private static String arguments(JsonNode told) {
        return told.isObject() ? told.toString() : told.asString("");
    }

    private void stop(String reason) {
        switch (reason) {
            case "" -> {}
            case "tool_calls", "function_call" -> draft.stop(Stop.TOOL_USE);
            case "length" -> draft.stop(Stop.MAX_TOKENS);
            case "content_filter" -> draft.stop(Stop.REFUSED);
            default -> draft.stop(Stop.END); // `stop`, and what compatible servers make of it
        }
    }

    private void usage(JsonNode told) {
        if (!told.has("prompt_tokens")) {
            return;
        }
        var prompt = count(told.path("prompt_tokens"));
        var details = told.path("prompt_tokens_details");
        var read = count(details.path("cached_tokens"));
        if (read == 0) {
            read = count(told.path("prompt_cache_hit_tokens"));
        }
        read = Math.min(read, prompt);
        var written = Math.min(count(details.path("cache_write_tokens")), prompt - read);
        // where reasoning is counted beside the completion, only the total includes it
        var output =
                Math.max(
                        count(told.path("completion_tokens")),
                        count(told.path("total_tokens")) - prompt);
        var reasoning = count(told.path("completion_tokens_details").path("reasoning_tokens"));
        draft.usage(
                new Usage(
                        prompt - read - written,
                        read,
                        written,
                        output,
                        Math.min(reasoning, output)),
                true);
    }

    private static long count(JsonNode number) {
        return number.isIntegralNumber() ? Math.max(0, number.asLong(0)) : 0;
    }
}
