package dev.remit.gateway.vendor;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.model.ModelAnswer.Stop;
import dev.remit.gateway.vendor.Draft.Block;
import dev.remit.gateway.vendor.Protocol.Asked;
import dev.remit.gateway.wire.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Makes a message out of a draft that has ended, or says why it is none.
///
/// A structured answer becomes one text part that holds JSON, whichever way the vendor gave it. An
/// answer given beside tool calls is dropped: it came before their results.
record Completion(Message message, Stop stop) {
    static Completion of(Draft draft, Asked asked) throws CallFailed {
        if (draft.stop() == Stop.REFUSED || !draft.refusal().isEmpty()) {
            throw refused(draft);
        }
        return new Maker(draft, asked).make();
    }

    private static CallFailed refused(Draft draft) {
        var said = Words.clean(draft.refusal().toString(), null);
        return CallFailed.billed(
                Kind.REFUSED,
                "the model refused" + (said.isEmpty() ? " without a word" : ": " + said),
                draft.usage());
    }

    private static final class Maker {
        private final Draft draft;
        private final Asked asked;
        private final List<Part> thoughts = new ArrayList<>();
        private final List<Part> parts = new ArrayList<>();
        private final Set<String> ids = new HashSet<>();
        private @Nullable JsonNode answer;
        private boolean usesTools;

        Maker(Draft draft, Asked asked) {
            this.draft = draft;
            this.asked = asked;
        }

        Completion make() throws CallFailed {
            for (var block : draft.blocks()) {
                switch (block) {
                    case Block.Text(var text) -> text(Words.wellFormed(text.toString()));
                    case Block.Reasoning(var text, var signature) ->
                            thought(Words.wellFormed(text.toString()), signature.toString());
                    case Block.ToolUse(var id, var name, var arguments) ->
                            use(id.toString(), name.toString(), arguments.toString());
                }
            }
            if (usesTools) {
                return new Completion(message(parts), Stop.TOOL_USE);
            }
            var schema = asked.answer();
            var text = message(parts).text();
            if (schema != null) {
                var value = answer == null ? parse(text) : answer;
                return new Completion(
                        message(thoughtsAnd(new Part.Text(Json.write(schema.unwrap(value))))),
                        Stop.END);
            }
            if (text.isBlank()) {
                throw unreadable("the answer is empty");
            }
            return new Completion(
                    message(parts), draft.stop() == Stop.MAX_TOKENS ? Stop.MAX_TOKENS : Stop.END);
        }

        private List<Part> thoughtsAnd(Part last) {
            var all = new ArrayList<>(thoughts);
            all.add(last);
            return all;
        }

        private static Message message(List<Part> parts) {
            return new Message(Message.Role.ASSISTANT, parts);
        }

        /// Some local servers leave what the model thought in the text.
        private void text(String text) {
            var start = text.stripLeading();
            var end = start.indexOf("</think>");
            if (!asked.endpoint().vendor() && start.startsWith("<think>") && end > 0) {
                thought(start.substring("<think>".length(), end).strip(), "");
                text(start.substring(end + "</think>".length()).stripLeading());
            } else if (!text.isEmpty()) {
                parts.add(new Part.Text(text));
            }
        }

        private void thought(String text, String signature) {
            var thought = new Part.Reasoning(text, signature.isEmpty() ? null : signature);
            if (!text.isEmpty() || !signature.isEmpty()) {
                thoughts.add(thought);
                parts.add(thought);
            }
        }

        private void use(String id, String wire, String arguments) throws CallFailed {
            var value = arguments(arguments);
            if (wire.equals(ToolNames.ANSWER) && asked.answer() != null) {
                answer = value;
                return;
            }
            if (wire.isEmpty()) {
                throw garbage("the model called a tool without a name");
            }
            usesTools = true;
            parts.add(new Part.ToolUse(unique(id), asked.names().tool(wire), value));
        }

        /// Results are paired with calls by id, and some servers give none.
        private String unique(String id) {
            var wanted = id.isEmpty() ? "call_" + asked.request().turn() + "_" + ids.size() : id;
            while (!ids.add(wanted)) {
                wanted += "_";
            }
            return wanted;
        }

        private JsonNode arguments(String text) throws CallFailed {
            try {
                var value = text.isBlank() ? Json.object() : json(text);
                if (value.isObject()) {
                    return value;
                }
            } catch (JacksonException e) {
                // said below
            }
            throw unreadable("the model called a tool with arguments that are no JSON object");
        }

        private JsonNode parse(String text) throws CallFailed {
            var bare = withoutFence(text.strip());
            if (bare.isEmpty()) {
                throw unreadable("the answer is empty");
            }
            try {
                return json(bare);
            } catch (JacksonException e) {
                throw unreadable("the answer is no JSON: " + Words.brief(bare));
            }
        }

        /// An escape of half a surrogate pair is JSON, but no text.
        private static JsonNode json(String text) {
            var value = Json.parse(text);
            var written = Json.write(value);
            var wellFormed = Words.wellFormed(written);
            return written.equals(wellFormed) ? value : Json.parse(wellFormed);
        }

        private static String withoutFence(String text) {
            if (!text.startsWith("```") || !text.endsWith("```") || text.length() < 6) {
                return text;
            }
            var line = text.indexOf('\n');
            return line < 0 ? text : text.substring(line, text.length() - 3).strip();
        }

        /// Whether it is cut off at the cap, which trying again does not help, or just wrong.
        private CallFailed unreadable(String why) {
            return draft.stop() != Stop.MAX_TOKENS
                    ? garbage(why)
                    : failed(
                            Kind.INVALID,
                            "the answer did not fit into "
                                    + asked.request().maxOutputTokens()
                                    + " tokens: raise the agent's limit of output tokens");
        }

        private CallFailed garbage(String why) {
            return failed(Kind.GARBAGE, Words.clean(why, null));
        }

        private CallFailed failed(Kind kind, String why) {
            return draft.usageIsFinal()
                    ? CallFailed.billed(kind, why, draft.usage())
                    : CallFailed.lost(kind, why, null, draft.usage());
        }
    }
}
