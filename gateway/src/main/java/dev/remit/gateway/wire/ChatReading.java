package dev.remit.gateway.wire;

import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads an answer of Chat Completions, from OpenAI or one of the many servers that speak it. Of
/// several alternatives, the first.
final class ChatReading {
    private ChatReading() {}

    static ChatAnswer answer(byte[] body) throws Garbage {
        var told = Told.object(body);
        if (told.path("error").isObject()) {
            throw new Garbage(
                    "The provider answered with an error and status 200: "
                            + Words.clean(Words.message(told), null));
        }
        var choice = choice(told.path("choices"));
        if (choice == null || !choice.path("message").isObject()) {
            throw new Garbage("The answer has no `choices` with a message.");
        }
        var reason = Told.text(choice, "finish_reason");
        if (reason.isEmpty()) {
            throw new Garbage("The answer has no `finish_reason`.");
        }
        var pieces = new ArrayList<Piece>();
        var message = choice.path("message");
        thoughts(message, pieces);
        content(message.path("content"), pieces);
        var refusal = Told.text(message, "refusal");
        if (!refusal.isEmpty()) {
            pieces.add(new Piece.Refusal(refusal));
        }
        calls(message.path("tool_calls"), reason, pieces);
        var usage = usage(told);
        var tier = Told.text(told, "service_tier");
        return new ChatAnswer(
                Told.text(told, "id"),
                Told.text(told, "model"),
                pieces,
                stop(reason, has(pieces, Piece.ToolCall.class), !refusal.isEmpty()),
                null,
                tier.isEmpty() ? null : tier,
                usage == null ? Usage.NONE : usage);
    }

    private static boolean has(List<Piece> pieces, Class<? extends Piece> kind) {
        return pieces.stream().anyMatch(kind::isInstance);
    }

    private static @Nullable JsonNode choice(JsonNode choices) {
        for (var choice : choices) {
            if (choice.path("index").asInt(0) == 0) {
                return choice;
            }
        }
        return null;
    }

    private static void thoughts(JsonNode message, List<Piece> pieces) {
        var told = ChatThoughts.told(message);
        if (told != null) {
            pieces.add(
                    new Piece.Thought(
                            told.words(), null, told.field(), false, Dialect.OPENAI_CHAT));
        }
    }

    /// A text; from some servers, a list of texts and thoughts.
    private static void content(JsonNode content, List<Piece> pieces) {
        if (content.isString() && !content.stringValue().isEmpty()) {
            pieces.add(new Piece.Text(content.stringValue()));
        }
        for (var part : content.isArray() ? content.values() : List.<JsonNode>of()) {
            var thought = thinking(part);
            if (!thought.isEmpty()) {
                pieces.add(new Piece.Thought(thought, null, null, false, null));
            }
            var text = Told.text(part, "text");
            if (!text.isEmpty()) {
                pieces.add(new Piece.Text(text));
            }
        }
    }

    /// The words of a part that holds a thought, as Mistral has it.
    static String thinking(JsonNode part) {
        var words = new StringBuilder();
        for (var thought : part.path("thinking")) {
            words.append(Told.text(thought, "text"));
        }
        return words.toString();
    }

    private static void calls(JsonNode calls, String reason, List<Piece> pieces) throws Garbage {
        for (var call : calls) {
            var function = call.path("function");
            var name = Told.text(function, "name");
            if (name.isEmpty()) {
                throw new Garbage("The answer calls a tool without a name.");
            }
            try {
                var arguments = Told.arguments(name, arguments(function.path("arguments")));
                var signature =
                        Told.text(call.path("extra_content").path("google"), "thought_signature");
                pieces.add(
                        new Piece.ToolCall(
                                Told.text(call, "id"),
                                name,
                                arguments,
                                signature.isEmpty() ? null : signature));
            } catch (Garbage e) {
                if (!reason.equals("length")) { // then it was cut, and is no call
                    throw e;
                }
            }
        }
    }

    /// A text that holds JSON; some servers send the JSON itself.
    static String arguments(JsonNode told) {
        return told.isObject() ? told.toString() : told.asString("");
    }

    static Stop stop(String reason, boolean calls, boolean refused) {
        return switch (reason) {
            case "tool_calls", "function_call" -> Stop.TOOL_USE;
            case "length" -> Stop.MAX_TOKENS;
            case "content_filter" -> Stop.REFUSED;
            // `stop`, and what other servers make of it
            default -> refused ? Stop.REFUSED : calls ? Stop.TOOL_USE : Stop.END;
        };
    }

    /// What an answer or a chunk says was used. `prompt_tokens` include the cached ones.
    ///
    /// @return absent if it says nothing
    static @Nullable Usage usage(JsonNode told) {
        var usage = told.path("usage");
        if (!usage.has("prompt_tokens")) {
            usage = told.path("x_groq").path("usage"); // where Groq tells it of streams
        }
        if (!usage.has("prompt_tokens")) {
            return null;
        }
        var prompt = Told.count(usage, "prompt_tokens");
        var details = usage.path("prompt_tokens_details");
        var read = Told.count(details, "cached_tokens");
        if (read == 0) {
            read = Told.count(usage, "prompt_cache_hit_tokens"); // DeepSeek's word
        }
        read = Math.min(read, prompt);
        var written = Math.min(Told.count(details, "cache_write_tokens"), prompt - read);
        // where reasoning is counted beside the completion, only the total includes it
        var output =
                Math.max(
                        Told.count(usage, "completion_tokens"),
                        Told.count(usage, "total_tokens") - prompt);
        var reasoning = Told.count(usage.path("completion_tokens_details"), "reasoning_tokens");
        var input = prompt - read - written;
        var audio = Math.min(Told.count(details, "audio_tokens"), input);
        return new Usage(input, read, written, output, Math.min(reasoning, output), audio);
    }
}
