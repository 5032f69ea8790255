package dev.remit.core.agent;

import dev.remit.core.expression.Expression;
import dev.remit.core.expression.InvalidExpression;
import dev.remit.core.json.InvalidSchema;
import dev.remit.core.json.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Whether an answer is as its agent's files demand: its schema, and every one of its `checks:`.
public final class OutcomeCheck {
    private OutcomeCheck() {}

    /// @return what is wrong, each in words that a model can act on; empty if all is well
    public static List<String> check(AgentDefinition agent, JsonNode answer, JsonNode input) {
        var faults = new ArrayList<String>();
        var schema = agent.answer();
        if (schema != null) {
            try {
                Schema.compile(schema)
                        .check(answer)
                        .forEach(f -> faults.add(place(f.pointer()) + f.wrong()));
            } catch (InvalidSchema e) {
                faults.add("the answer cannot be checked, its schema is wrong: " + e.getMessage());
            }
        }
        if (faults.isEmpty()) { // a check may rely on the shape
            for (var check : agent.checks()) {
                if (!holds(check, answer, input)) {
                    faults.add(check.says());
                }
            }
        }
        return List.copyOf(faults);
    }

    private static String place(String pointer) {
        return pointer.isEmpty() ? "in the answer: " : "in the answer at " + pointer + ": ";
    }

    private static boolean holds(AgentDefinition.Check check, JsonNode answer, JsonNode input) {
        try {
            return Expression.compile(check.when(), AgentDefinition.Check.NAMES)
                    .holds(Map.of("answer", answer, "input", input));
        } catch (InvalidExpression e) {
            return false;
        }
    }
}
