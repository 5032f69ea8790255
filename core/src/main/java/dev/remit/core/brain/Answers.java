package dev.remit.core.brain;

import dev.remit.core.json.Json;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.State;
import dev.remit.core.tool.Ended;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the steps have answered so far, by the name of the step.
record Answers(State state, Map<String, JsonNode> byStep) {
    static Answers of(State state) {
        var byStep = new LinkedHashMap<String, JsonNode>();
        state.actions()
                .forEach((id, action) -> {
                    var answer = answer(action);
                    if (answer != null) {
                        byStep.put(id.value(), answer);
                    }
                });
        return new Answers(state, byStep);
    }

    private static @Nullable JsonNode answer(ActionState action) {
        return switch (action) {
            case ActionState.Returned r when r.result().output() != null ->
                    r.result().output().value();
            case ActionState.Over o when o.end() instanceof Ended.Done done ->
                    done.result().value();
            default -> null;
        };
    }

    List<String> names() {
        return List.copyOf(byStep.keySet());
    }

    /// The names that templates know.
    Map<String, JsonNode> scope() {
        var scope = new LinkedHashMap<String, JsonNode>();
        for (var answer : byStep.values()) {
            answer.properties().forEach(p -> scope.putIfAbsent(p.getKey(), p.getValue()));
        }
        scope.put("input", state.opened().input().value());
        scope.put("steps", Json.tree(byStep));
        return scope;
    }

    /// One document of several answers. An answer that is no object stands under its step's name; a
    /// step that gave none is left out.
    JsonNode merge(List<String> names) throws Clash {
        var merged = Json.object();
        var from = new LinkedHashMap<String, String>();
        for (var name : names) {
            var answer = byStep.get(name);
            if (answer == null) {
                continue;
            }
            var part = answer.isObject() ? answer : Json.object().set(name, answer);
            for (var property : part.properties()) {
                var key = property.getKey();
                if (merged.has(key)) {
                    throw new Clash(
                            "the answers of "
                                    + from.get(key)
                                    + " and "
                                    + name
                                    + " both have \""
                                    + key
                                    + "\": give one of them another name");
                }
                from.put(key, name);
                merged.set(key, property.getValue());
            }
        }
        return merged;
    }

    static final class Clash extends Exception {
        private static final long serialVersionUID = 1;

        Clash(String message) {
            super(message);
        }
    }
}
