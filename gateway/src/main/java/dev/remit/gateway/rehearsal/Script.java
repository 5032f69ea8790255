package dev.remit.gateway.rehearsal;

import dev.remit.core.expression.Expression;
import dev.remit.core.expression.ExpressionFailed;
import dev.remit.core.expression.InvalidExpression;
import dev.remit.core.expression.Template;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.model.Rehearsal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Evaluates a script for one request.
final class Script {
    /// The script itself is at fault; the message says where.
    static final class Faulty extends Exception {
        private static final long serialVersionUID = 1;

        Faulty(String why) {
            super(why, null, false, false);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    private final ModelRequest request;
    private final Map<String, JsonNode> names;

    Script(ModelRequest request) {
        this.request = request;
        this.names = Transcript.of(request);
    }

    /// The first reply whose condition holds.
    Optional<Rehearsal.Reply> choose(Rehearsal.Script script) throws Faulty {
        for (var reply : script.replies()) {
            var when = reply.when();
            if (when == null || holds(when)) {
                return Optional.of(reply);
            }
        }
        return Optional.empty();
    }

    private boolean holds(String when) throws Faulty {
        try {
            return Expression.compile(when, names.keySet()).holds(names);
        } catch (InvalidExpression e) {
            throw new Faulty("its `when` " + when + ": " + e.getMessage());
        }
    }

    /// The message that a reply stands for; empty if it names neither an answer nor a call.
    Optional<Message> message(Rehearsal.Reply reply) throws Faulty {
        var known = let(reply.let());
        var parts = new ArrayList<Part>();
        try {
            var answer = reply.answer();
            if (answer != null) {
                parts.add(new Part.Text(text(Template.fill(answer, known))));
            }
            for (var call : reply.calls()) {
                parts.add(
                        new Part.ToolUse(
                                "rehearsal_" + request.turn() + "_" + parts.size(),
                                call.tool(),
                                Template.fill(call.arguments(), known)));
            }
        } catch (Template.Fault e) {
            throw new Faulty("its answer " + e.getMessage());
        }
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(new Message(Message.Role.ASSISTANT, parts));
    }

    private Map<String, JsonNode> let(Map<String, String> let) throws Faulty {
        var known = new LinkedHashMap<>(names);
        for (var entry : let.entrySet()) {
            try {
                var expression = Expression.compile(entry.getValue(), known.keySet());
                known.put(entry.getKey(), expression.evaluate(known));
            } catch (InvalidExpression | ExpressionFailed e) {
                throw new Faulty("its `let` " + entry.getKey() + ": " + e.getMessage());
            }
        }
        return known;
    }

    private String text(JsonNode answer) {
        return request.answer() == null && answer.isString()
                ? answer.stringValue()
                : Json.write(answer);
    }
}
