package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Thoughts in messages of Chat Completions, for which OpenAI has no place. Others have made one:
///
/// - `reasoning_content` (DeepSeek) or `reasoning` (OpenRouter): the plain words;
/// - `reasoning_details` (OpenRouter): a list, with signatures and encrypted thoughts, to be handed
///   back as it is. Here the signature is sealed with whose it is ([Seal]);
/// - `thinking_blocks` (LiteLLM), which is read only.
///
/// A thought that came from such a server without a signature has the name of its field for one, so
/// that it goes back there in the same field.
final class ChatThoughts {
    static final List<String> FIELDS = List.of("reasoning_content", "reasoning");
    static final String PLAIN = "reasoning_content";

    private ChatThoughts() {}

    // ---- what a client hands back

    static List<Piece> read(Given message) throws BadRequest {
        var thoughts = details(message);
        if (thoughts.isEmpty()) {
            thoughts = blocks(message);
        }
        if (thoughts.isEmpty()) {
            for (var field : FIELDS) {
                var plain = message.text(field, "");
                if (!plain.isEmpty() && thoughts.isEmpty()) {
                    thoughts.add(new Piece.Thought(plain, null, field, false, Dialect.OPENAI_CHAT));
                }
            }
        }
        return thoughts;
    }

    private static List<Piece> details(Given message) throws BadRequest {
        var thoughts = new ArrayList<Piece>();
        var growing = new StringBuilder(); // pieces of a stream that nobody put together
        for (var detail : message.objects("reasoning_details")) {
            var type = detail.text("type", "");
            var signature = detail.text("signature");
            var origin = origin(detail.text("format", ""));
            switch (type) {
                case "reasoning.text", "reasoning.summary" -> {
                    growing.append(detail.text("text", detail.text("summary", "")));
                    if (signature != null) {
                        thoughts.add(signed(growing.toString(), signature, false, origin));
                        growing.setLength(0);
                    }
                }
                case "reasoning.encrypted" ->
                        thoughts.add(signed("", detail.needText("data"), true, origin));
                default -> {} // a kind that is yet to come
            }
        }
        if (!growing.isEmpty()) {
            thoughts.add(new Piece.Thought(growing.toString(), null, null, false, null));
        }
        return thoughts;
    }

    private static Piece signed(
            String text, String signature, boolean redacted, @Nullable Dialect origin) {
        if (Seal.read(signature) == null) {
            return new Piece.Thought(
                    text, null, origin == null ? null : signature, redacted, origin);
        }
        return plain(Seal.inward(text, null, signature, redacted, Dialect.OPENAI_CHAT));
    }

    /// A seal may hold no signature; then it only says that the thought is another vendor's.
    static Piece.Thought plain(Piece.Thought thought) {
        var signature = thought.signature();
        return signature != null && signature.isEmpty()
                ? new Piece.Thought(thought.text(), thought.id(), null, false, null)
                : thought;
    }

    private static List<Piece> blocks(Given message) throws BadRequest {
        var thoughts = new ArrayList<Piece>();
        for (var block : message.objects("thinking_blocks")) {
            var redacted = block.text("type", "").equals("redacted_thinking");
            thoughts.add(
                    plain(
                            Seal.inward(
                                    block.text("thinking", ""),
                                    null,
                                    block.text(redacted ? "data" : "signature"),
                                    redacted,
                                    Dialect.ANTHROPIC)));
        }
        return thoughts;
    }

    /// Gemini's, of a tool call, where Google's own endpoint in this dialect has it.
    static @Nullable String signature(Given call) throws BadRequest {
        var extra = call.object("extra_content");
        var google = extra == null ? null : extra.object("google");
        var signature = google == null ? null : google.text("thought_signature");
        var seal = signature == null ? null : Seal.read(signature);
        return seal == null ? signature : seal.signature();
    }

    // ---- what a client is told

    /// The thoughts of a message.
    static void write(ObjectNode message, List<Piece.Thought> thoughts) {
        var words = new StringBuilder();
        var details = Json.array();
        for (var thought : thoughts) {
            words.append(thought.text());
            if (!isOwn(thought)) {
                details.add(detail(thought, details));
            }
        }
        if (!words.isEmpty()) {
            message.put(field(thoughts), words.toString());
        }
        if (!details.isEmpty()) {
            message.set("reasoning_details", details);
        }
    }

    /// Whether the plain field says all of it.
    static boolean isOwn(Piece.Thought thought) {
        return thought.origin() == Dialect.OPENAI_CHAT
                && FIELDS.contains(String.valueOf(thought.signature()));
    }

    private static String field(List<Piece.Thought> thoughts) {
        return isOwn(thoughts.getFirst()) ? String.valueOf(thoughts.getFirst().signature()) : PLAIN;
    }

    private static ObjectNode detail(Piece.Thought thought, ArrayNode before) {
        return detail(thought, before.size());
    }

    static ObjectNode detail(Piece.Thought thought, int index) {
        var sealed = Seal.outward(thought, Dialect.OPENAI_CHAT);
        var origin = thought.origin();
        if (sealed == null) {
            var from = origin == null ? Dialect.OPENAI_CHAT : origin;
            sealed = new Seal(from, thought.redacted(), "", "").text();
        }
        var detail = Json.object();
        if (thought.redacted()) {
            detail.put("type", "reasoning.encrypted").put("data", sealed);
        } else {
            detail.put("type", "reasoning.text").put("text", thought.text());
            detail.put("signature", sealed);
        }
        return detail.put("format", format(origin)).put("index", index);
    }

    /// What is put beside a tool call's function.
    static void sign(ObjectNode call, String signature) {
        call.putObject("extra_content")
                .putObject("google")
                .put("thought_signature", new Seal(Dialect.GEMINI, false, "", signature).text());
    }

    // ---- OpenRouter's names for whose a thought is

    private static String format(@Nullable Dialect origin) {
        return switch (origin) {
            case ANTHROPIC -> "anthropic-claude-v1";
            case OPENAI_RESPONSES -> "openai-responses-v1";
            case GEMINI -> "google-gemini-v1";
            case null, default -> "unknown";
        };
    }

    private static @Nullable Dialect origin(String format) {
        return switch (format) {
            case "anthropic-claude-v1" -> Dialect.ANTHROPIC;
            case "openai-responses-v1" -> Dialect.OPENAI_RESPONSES;
            case "google-gemini-v1" -> Dialect.GEMINI;
            default -> null;
        };
    }

    // ---- what a provider says

    /// The plain words of a thought in an answer, and in which field they are; absent if there are
    /// none.
    record Told(String field, String words) {}

    static @Nullable Told told(JsonNode message) {
        for (var field : FIELDS) {
            var words = message.path(field).asString("");
            if (!words.isEmpty()) {
                return new Told(field, words); // some servers tell it in both
            }
        }
        return null;
    }
}
