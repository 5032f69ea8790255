package dev.remit.gateway.session;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.model.ModelAnswer.Stop;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Piece;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;

/// A model's answer as a session takes it, or why it cannot be taken.
///
/// A structured answer becomes one text part that holds JSON. An answer given beside tool calls is
/// dropped: it came before their results.
sealed interface Understood {
    record Good(Message message, Stop stop) implements Understood {}

    record Bad(Kind kind, String why) implements Understood {}

    static Understood of(ChatAnswer answer, Asking asked) {
        return new Maker(answer, asked).make();
    }

    /// Takes an answer apart once.
    final class Maker {
        private final ChatAnswer answer;
        private final Asking asked;
        private final List<Part> thoughts = new ArrayList<>();
        private final List<Part> parts = new ArrayList<>();
        private final Set<String> ids = new HashSet<>();
        private final StringBuilder refusal = new StringBuilder();
        private boolean usesTools;

        Maker(ChatAnswer answer, Asking asked) {
            this.answer = answer;
            this.asked = asked;
        }

        Understood make() {
            answer.pieces().forEach(this::add);
            if (answer.stop() == ChatAnswer.Stop.REFUSED || !refusal.isEmpty()) {
                return new Bad(
                        Kind.REFUSED,
                        "the model refused"
                                + (refusal.isEmpty() ? " without a word" : ": " + refusal));
            }
            if (usesTools) {
                return new Good(message(parts), Stop.TOOL_USE);
            }
            var text = answer.text();
            var schema = asked.schema();
            if (schema != null) {
                return structured(text);
            }
            if (text.isBlank()) {
                return unreadable("the answer is empty");
            }
            return new Good(message(parts), isCut() ? Stop.MAX_TOKENS : Stop.END);
        }

        private void add(Piece piece) {
            switch (piece) {
                case Piece.Text(var text, var _) -> {
                    if (!text.isEmpty()) {
                        parts.add(new Part.Text(text));
                    }
                }
                case Piece.Refusal(var text) -> refusal.append(text);
                case Piece.Thought thought -> thought(thought);
                case Piece.ToolCall call -> {
                    usesTools = true;
                    use(call);
                }
                case Piece.Media _, Piece.ToolResult _ -> {} // no model says such a thing
            }
        }

        private void thought(Piece.Thought thought) {
            var origin = thought.origin();
            var value = thought.signature();
            var signature =
                    value == null || origin == null
                            ? null
                            : new Signature(origin, thought.redacted(), thought.id(), null, value)
                                    .written();
            var part = new Part.Reasoning(thought.text(), signature);
            thoughts.add(part);
            parts.add(part);
        }

        private void use(Piece.ToolCall call) {
            var id = unique(call.id());
            var signature = call.signature();
            if (signature != null) {
                parts.add(
                        new Part.Reasoning(
                                "",
                                new Signature(Dialect.GEMINI, false, null, id, signature)
                                        .written()));
            }
            parts.add(new Part.ToolUse(id, asked.names().tool(call.tool()), call.arguments()));
        }

        /// Results are paired with calls by id, and some servers give none.
        private String unique(String id) {
            var wanted = id.isEmpty() ? "call_" + asked.request().turn() + "_" + ids.size() : id;
            while (!ids.add(wanted)) {
                wanted += "_";
            }
            return wanted;
        }

        private Understood structured(String text) {
            var schema = asked.schema();
            var bare = withoutFence(text.strip());
            if (schema == null || bare.isEmpty()) {
                return unreadable("the answer is empty");
            }
            try {
                var value = schema.unwrap(Json.parse(bare));
                var all = new ArrayList<>(thoughts);
                all.add(new Part.Text(Json.write(value)));
                return new Good(message(all), Stop.END);
            } catch (JacksonException e) {
                return unreadable("the answer is no JSON");
            }
        }

        private static String withoutFence(String text) {
            if (!text.startsWith("```") || !text.endsWith("```") || text.length() < 6) {
                return text;
            }
            var line = text.indexOf('\n');
            return line < 0 ? text : text.substring(line, text.length() - 3).strip();
        }

        private boolean isCut() {
            return answer.stop() == ChatAnswer.Stop.MAX_TOKENS;
        }

        /// Whether it is cut off at the cap, which trying again does not help, or just wrong.
        private Understood unreadable(String why) {
            return isCut()
                    ? new Bad(
                            Kind.INVALID,
                            "the answer did not fit into "
                                    + asked.request().maxOutputTokens()
                                    + " tokens: raise the agent's limit of output tokens")
                    : new Bad(Kind.GARBAGE, why);
        }

        private static Message message(List<Part> parts) {
            return new Message(Message.Role.ASSISTANT, parts);
        }
    }
}
