package dev.remit.core.brain;

import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a workflow answers, made of what its steps answered.
final class Output {
    private Output() {}

    /// @throws dev.remit.core.expression.Template.Fault if the workflow's own template has no value
    /// @throws Clash if two answers have the same field
    static JsonNode of(WorkflowDefinition workflow, Scope scope) throws Clash {
        var template = workflow.answer();
        if (template != null) {
            return scope.fill(template);
        }
        var merging = new LinkedHashMap<String, Boolean>();
        collect(workflow.steps(), merging);
        return merge(
                workflow.output().isEmpty() ? List.copyOf(merging.keySet()) : workflow.output(),
                merging,
                scope.answers());
    }

    /// The steps that have answers of their own, in the order of the file, each with whether the
    /// fields of its answer stand side by side with those of others.
    private static void collect(List<WorkflowStep> steps, Map<String, Boolean> merging) {
        for (var step : steps) {
            switch (step) {
                case WorkflowStep.Agent a -> merging.put(a.name(), true);
                case WorkflowStep.Do d -> merging.put(d.name(), true);
                case WorkflowStep.Workflow w -> merging.put(w.name(), true);
                case WorkflowStep.ForEach f -> merging.put(f.name(), false);
                case WorkflowStep.Repeat r -> merging.put(r.name(), false);
                case WorkflowStep.Approve a -> {
                    merging.put(a.name(), false);
                    collect(a.otherwise().steps(), merging);
                }
                case WorkflowStep.Wait w -> {
                    if (w.waitFor() instanceof WorkflowStep.WaitFor.Event) {
                        merging.put(w.name(), false);
                    }
                    collect(w.otherwise().steps(), merging);
                }
                case WorkflowStep.Choose c -> {
                    c.branches().forEach(b -> collect(b.steps(), merging));
                    collect(c.otherwise(), merging);
                }
                case WorkflowStep.Sequence s -> collect(s.steps(), merging);
                case WorkflowStep.Parallel p -> collect(p.branches(), merging);
            }
        }
    }

    /// One document of several answers. One that is no object stands under its step's name; a step
    /// that gave none is left out.
    private static JsonNode merge(
            List<String> names, Map<String, Boolean> merging, Map<String, JsonNode> answers)
            throws Clash {
        var merged = Json.object();
        var from = new LinkedHashMap<String, String>();
        for (var name : names) {
            var answer = answers.get(name);
            if (answer == null) {
                continue;
            }
            boolean merges = merging.getOrDefault(name, false) && answer.isObject();
            var part = merges ? answer : Json.object().set(name, answer);
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
