package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads answers and errors of Amazon Bedrock's Converse. An answer names neither itself nor its
/// model.
final class BedrockReading {
    private BedrockReading() {}

    static ChatAnswer answer(byte[] body) throws Garbage {
        var told = Told.object(body);
        var content = told.path("output").path("message").path("content");
        if (!content.isArray()) {
            throw new Garbage("The answer has no message.");
        }
        var pieces = new ArrayList<Piece>();
        for (var block : content) {
            piece(block, pieces);
        }
        var stop = stop(Told.text(told, "stopReason"));
        var sequence = Told.text(told.path("additionalModelResponseFields"), "stop_sequence");
        return new ChatAnswer(
                "",
                "",
                pieces,
                stop,
                sequence.isEmpty() ? null : sequence,
                null,
                usage(told.path("usage")));
    }

    private static void piece(JsonNode block, List<Piece> pieces) {
        if (block.path("text").isString()) {
            pieces.add(new Piece.Text(Told.text(block, "text")));
        } else if (block.path("toolUse").isObject()) {
            var use = block.path("toolUse");
            var input = use.path("input");
            pieces.add(
                    new Piece.ToolCall(
                            Told.text(use, "toolUseId"),
                            Told.text(use, "name"),
                            input.isObject() ? input : Json.object(),
                            null));
        } else if (block.path("reasoningContent").isObject()) {
            pieces.add(thought(block.path("reasoningContent")));
        } // else a kind that is yet to come
    }

    private static Piece.Thought thought(JsonNode reasoning) {
        var redacted = Told.text(reasoning, "redactedContent");
        if (!redacted.isEmpty()) {
            return new Piece.Thought("", null, redacted, true, Dialect.BEDROCK);
        }
        var text = reasoning.path("reasoningText");
        var signature = Told.text(text, "signature");
        return new Piece.Thought(
                Told.text(text, "text"),
                null,
                signature.isEmpty() ? null : signature,
                false,
                signature.isEmpty() ? null : Dialect.BEDROCK);
    }

    static Stop stop(String reason) throws Garbage {
        return switch (reason) {
            case "end_turn" -> Stop.END;
            case "tool_use" -> Stop.TOOL_USE;
            case "stop_sequence" -> Stop.STOP_SEQUENCE;
            case "max_tokens", "model_context_window_exceeded" -> Stop.MAX_TOKENS;
            case "guardrail_intervened", "content_filtered" -> Stop.REFUSED;
            case "" -> throw new Garbage("The answer has no `stopReason`.");
            case "malformed_model_output", "malformed_tool_use" ->
                    throw new Garbage("The model's answer failed: " + reason + ".");
            default -> Stop.END;
        };
    }

    /// Its `inputTokens` do not include the cached ones.
    static Usage usage(JsonNode told) {
        return new Usage(
                Told.count(told, "inputTokens"),
                Told.count(told, "cacheReadInputTokens"),
                Told.count(told, "cacheWriteInputTokens"),
                Told.count(told, "outputTokens"),
                0);
    }

    // ---- errors

    /// What went wrong is named by the header `x-amzn-errortype`.
    static ProviderError error(int status, byte[] body, Function<String, @Nullable String> header) {
        var named = header.apply("x-amzn-errortype");
        var read =
                ProviderErrors.read(
                        status,
                        body,
                        header,
                        told -> named == null ? Told.text(told, "__type") : named);
        var code = type(read.code());
        return new ProviderError(
                kind(code, read.kind()),
                status,
                read.message(),
                code,
                read.retryAfter(),
                read.contextTooLong());
    }

    static ProviderError inStream(String type, JsonNode told) {
        var read = ProviderErrors.inStream(Told.text(told, "message"), type);
        return new ProviderError(
                kind(type, Kind.UNAVAILABLE),
                200,
                read.message(),
                type,
                null,
                read.contextTooLong());
    }

    /// `aws#ThrottlingException:http://…` is a throttling.
    private static String type(String code) {
        var end = code.indexOf(':');
        var name = end < 0 ? code : code.substring(0, end);
        return name.substring(name.indexOf('#') + 1);
    }

    private static Kind kind(String type, Kind otherwise) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "throttlingexception", "servicequotaexceededexception" -> Kind.RATE_LIMITED;
            case "serviceunavailableexception", "modelnotreadyexception" -> Kind.OVERLOADED;
            case "modeltimeoutexception" -> Kind.TIMED_OUT;
            case "modelerrorexception", "modelstreamerrorexception", "internalserverexception" ->
                    Kind.UNAVAILABLE;
            case "accessdeniedexception",
                    "unrecognizedclientexception",
                    "expiredtokenexception",
                    "invalidsignatureexception" ->
                    Kind.UNAUTHORIZED;
            case "validationexception", "resourcenotfoundexception" -> Kind.INVALID;
            default -> otherwise;
        };
    }
}
