package dev.remit.core.agent;

import static java.util.Objects.requireNonNull;

import dev.remit.core.expression.Template;
import dev.remit.core.json.Json;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the `output:` of a workflow: names of steps, or a template.
///
/// @param names whose answers are merged; empty: all, or a template is given
/// @param template absent if names are merged
/// @param schema what is known of the answer
record WorkflowOutput(List<String> names, @Nullable JsonNode template, JsonNode schema) {

    static WorkflowOutput read(
            Fields fields, Map<String, StepNames.Named> steps, References known) {
        if (fields.get("output") instanceof ObjectNode) {
            var template = known.resolve(fields.source(), fields.pointer("output"));
            return new WorkflowOutput(List.of(), template, ofTemplate(template, known));
        }
        var names = named(fields, steps);
        var merged = names.isEmpty() ? List.copyOf(steps.keySet()) : names;
        clashes(fields, merged, steps);
        return new WorkflowOutput(names, null, ofMerged(merged, steps));
    }

    private static List<String> named(Fields fields, Map<String, StepNames.Named> steps) {
        var output = fields.texts("output");
        for (int i = 0; i < output.size(); i++) {
            var pointer = Source.child("/output", i);
            if (!steps.containsKey(output.get(i))) {
                fields.faults()
                        .add(
                                fields.source().file(),
                                fields.source().value(pointer),
                                "there is no step `" + output.get(i) + "`",
                                Nearest.hint(output.get(i), steps.keySet()));
            } else if (output.indexOf(output.get(i)) < i) {
                fields.faults()
                        .add(
                                fields.source().file(),
                                fields.source().value(pointer),
                                "`" + output.get(i) + "` stands here twice",
                                "remove one of them");
            }
        }
        return output;
    }

    /// Answers are merged into one document: no two that may both be there may have the same field.
    private static void clashes(
            Fields fields, List<String> output, Map<String, StepNames.Named> steps) {
        var owners = new LinkedHashMap<String, String>();
        for (var step : new LinkedHashSet<>(output)) {
            var named = steps.get(step);
            if (named == null) {
                continue;
            }
            for (var field : fields(step, named)) {
                var first = owners.putIfAbsent(field, step);
                if (first != null && !named.excludes(requireNonNull(steps.get(first)))) {
                    fields.fault(
                            fields.has("output") ? "output" : "steps",
                            "the answers of `%s` and `%s` both have `%s`"
                                    .formatted(first, step, field),
                            "give one of the fields another name, or leave a step out of `output`");
                }
            }
        }
    }

    private static List<String> fields(String step, StepNames.Named named) {
        return named.merges()
                ? SchemaFiles.fields(named.answer().orElse(null)).toList()
                : List.of(step);
    }

    private static JsonNode ofMerged(List<String> names, Map<String, StepNames.Named> steps) {
        var schema = Json.object().put("type", "object");
        var properties = schema.putObject("properties");
        for (var name : names) {
            var named = Optional.ofNullable(steps.get(name));
            var answer = named.flatMap(StepNames.Named::answer).orElse(null);
            if (named.isPresent() && named.get().merges() && answer != null) {
                answer.path("properties")
                        .properties()
                        .forEach(p -> properties.set(p.getKey(), p.getValue()));
            } else if (answer != null) {
                properties.set(name, answer);
            }
        }
        return schema;
    }

    private static JsonNode ofTemplate(JsonNode template, References known) {
        var schema = Json.object().put("type", "object");
        var properties = schema.putObject("properties");
        template.properties()
                .forEach(p -> {
                    var of = Template.only(p.getValue()).map(known::schemaOf).orElse(null);
                    properties.set(p.getKey(), of == null ? Json.object() : of);
                });
        return schema.put("additionalProperties", false);
    }
}
