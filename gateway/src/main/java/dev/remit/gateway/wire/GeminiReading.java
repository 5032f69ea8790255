package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads an answer of Gemini's generateContent. Of several candidates, the first one.
final class GeminiReading {
    private GeminiReading() {}

    static ChatAnswer answer(byte[] body) throws Garbage {
        var told = Told.object(body);
        var blocked = blocked(told);
        var candidate = candidate(told);
        if (candidate == null && blocked == null) {
            throw new Garbage("The answer has no candidates.");
        }
        var pieces = new ArrayList<Piece>();
        Stop stop;
        if (candidate == null) {
            pieces.add(new Piece.Refusal(Objects.requireNonNull(blocked)));
            stop = Stop.REFUSED;
        } else {
            var parts = candidate.path("content").path("parts");
            for (int i = 0; i < parts.size(); i++) {
                part(parts.path(i), callId(told, parts.path(i), i), pieces);
            }
            stop = stop(candidate, pieces.stream().anyMatch(Piece.ToolCall.class::isInstance));
            if (stop == null) {
                throw new Garbage("The answer has no `finishReason`.");
            }
        }
        return new ChatAnswer(
                Told.text(told, "responseId"),
                Told.text(told, "modelVersion"),
                pieces,
                stop,
                null,
                null,
                usage(told.path("usageMetadata")));
    }

    static @Nullable JsonNode candidate(JsonNode told) {
        for (var candidate : told.path("candidates")) {
            if (candidate.path("index").asInt(0) == 0) {
                return candidate;
            }
        }
        return null;
    }

    /// The words for a prompt that was not let through.
    static @Nullable String blocked(JsonNode told) {
        var reason = Told.text(told.path("promptFeedback"), "blockReason");
        if (reason.isEmpty()) {
            return null;
        }
        var message = Told.text(told.path("promptFeedback"), "blockReasonMessage");
        return "Google did not let the prompt through ("
                + reason
                + ")"
                + (message.isEmpty() ? "." : ": " + message);
    }

    /// An id for a call that has none. Other vendors take no id twice in one conversation, so it is
    /// made from the answer's.
    static String callId(JsonNode told, JsonNode part, int index) {
        var answer = Told.text(told, "responseId").replaceAll("[^A-Za-z0-9_-]", "");
        if (answer.isEmpty()) {
            answer = Integer.toHexString(part.path("functionCall").hashCode());
        }
        return "call_" + answer.substring(0, Math.min(40, answer.length())) + "_" + index;
    }

    /// Adds what a part says; a signature with words becomes a thought without words behind them.
    ///
    /// @param id of a call that has none
    static void part(JsonNode part, String id, List<Piece> pieces) {
        var signature = signature(part);
        var call = part.path("functionCall");
        if (call.isObject()) {
            var given = Told.text(call, "id");
            pieces.add(
                    new Piece.ToolCall(
                            given.isEmpty() ? id : given,
                            Told.text(call, "name"),
                            arguments(call),
                            signature));
            return;
        }
        var text = Told.text(part, "text");
        if (part.path("thought").asBoolean(false)) {
            pieces.add(thought(text, signature));
            return;
        }
        if (!text.isEmpty()) {
            pieces.add(new Piece.Text(text));
        }
        if (signature != null) {
            pieces.add(thought("", signature));
        }
    }

    static JsonNode arguments(JsonNode call) {
        var arguments = call.path("args");
        return arguments.isObject() ? arguments : Json.object();
    }

    static @Nullable String signature(JsonNode part) {
        var signature = Told.text(part, "thoughtSignature");
        return signature.isEmpty() || Seal.isOfNobody(signature) ? null : signature;
    }

    private static Piece.Thought thought(String text, @Nullable String signature) {
        var origin = signature == null ? null : Dialect.GEMINI;
        return new Piece.Thought(text, null, signature, false, origin);
    }

    /// @return absent if it has not ended
    /// @throws Garbage if the model failed to write what can be read
    static @Nullable Stop stop(JsonNode candidate, boolean calls) throws Garbage {
        var reason = Told.text(candidate, "finishReason");
        return switch (reason) {
            case "", "FINISH_REASON_UNSPECIFIED" -> null;
            case "STOP" -> calls ? Stop.TOOL_USE : Stop.END;
            case "MAX_TOKENS" -> Stop.MAX_TOKENS;
            case "MALFORMED_FUNCTION_CALL",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "MALFORMED_RESPONSE" ->
                    throw new Garbage("The model's answer failed: " + reason + ".");
            // SAFETY, RECITATION, LANGUAGE, BLOCKLIST, PROHIBITED_CONTENT, SPII, OTHER, and what is
            // yet to come: it was cut off, and not by the cap
            default -> Stop.REFUSED;
        };
    }

    /// `promptTokenCount` includes the cached ones; what tools put in is apart, and so are
    /// thoughts, which are billed as output.
    static Usage usage(JsonNode told) {
        var prompt = Told.count(told, "promptTokenCount");
        var cached = Math.min(Told.count(told, "cachedContentTokenCount"), prompt);
        var tools = Told.count(told, "toolUsePromptTokenCount");
        var thoughts = Told.count(told, "thoughtsTokenCount");
        var output =
                Math.max(
                        Told.count(told, "candidatesTokenCount") + thoughts,
                        Told.count(told, "totalTokenCount") - prompt - tools);
        var input = prompt - cached + tools;
        var audio = audio(told, "promptTokensDetails") - audio(told, "cacheTokensDetails");
        return new Usage(
                input, cached, 0, output, thoughts, Math.clamp(audio, 0, Math.max(0, input)));
    }

    private static long audio(JsonNode told, String details) {
        long tokens = 0;
        for (var part : told.path(details)) {
            if (part.path("modality").asString("").equals("AUDIO")) {
                tokens += Told.count(part, "tokenCount");
            }
        }
        return tokens;
    }
}
