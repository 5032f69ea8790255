package dev.remit.core.agent;

import dev.remit.core.expression.Template;
import dev.remit.core.json.Json;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a step of a workflow may refer to: the input, and the answers of the steps before it.
///
/// A text without quotes such as `comms.slack_update` whose first part is `input`, `steps`, a field
/// of an earlier answer or the name of an earlier step is a reference. It becomes a `${}` here, so
/// that whoever fills the template knows nothing of it.
final class References {
    private static final Pattern PATH =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)+");
    private static final Pattern STEP =
            Pattern.compile("\\bsteps\\.(?:`([^`]+)`|([A-Za-z_][A-Za-z0-9_]*))");

    private final @Nullable JsonNode input;
    private final Map<String, Optional<JsonNode>> steps;
    private final Faults faults;

    private References(
            @Nullable JsonNode input, Map<String, Optional<JsonNode>> steps, Faults faults) {
        this.input = input;
        this.steps = steps;
        this.faults = faults;
    }

    /// @param input schema of the workflow's input
    static References start(@Nullable JsonNode input, Faults faults) {
        return new References(input, new LinkedHashMap<>(), faults);
    }

    /// What a branch sees: what is known now, and what it adds itself.
    References branch() {
        return new References(input, new LinkedHashMap<>(steps), faults);
    }

    /// A step is done.
    ///
    /// @param answer schema of its answer, if it has one
    void add(String step, @Nullable JsonNode answer) {
        steps.put(step, Optional.ofNullable(answer));
    }

    /// All branches are done.
    void addAll(References branch) {
        branch.steps.forEach(steps::putIfAbsent);
    }

    /// The template at a pointer with its references written as expressions. Mistakes are faults.
    ///
    /// @param whole whether a single word may stand for a whole answer, or `input` for the input
    JsonNode resolve(Source source, String pointer, boolean whole) {
        var template = source.at(pointer);
        if (whole && template.isString() && source.isPlain(pointer)) {
            var word = template.asString();
            if (word.equals("input")) {
                return Json.text("${input}");
            }
            if (steps.containsKey(word)) {
                return Json.text("${steps" + segment(word) + "}");
            }
        }
        var resolved = rewrite(source, pointer, template);
        for (var mistake : Template.mistakes(resolved, names())) {
            faults.add(
                    source.file(),
                    source.value(pointer + mistake.pointer()),
                    mistake.wrong(),
                    "see docs/expressions.md; the answer of a step is `steps.name`");
        }
        return resolved;
    }

    private JsonNode rewrite(Source source, String pointer, JsonNode template) {
        return switch (template) {
            case ObjectNode object -> {
                var copy = Json.object();
                object.properties()
                        .forEach(p ->
                                copy.set(
                                        p.getKey(),
                                        rewrite(
                                                source,
                                                Source.child(pointer, p.getKey()),
                                                p.getValue())));
                yield copy;
            }
            case ArrayNode list -> {
                var copy = Json.array();
                for (int i = 0; i < list.size(); i++) {
                    copy.add(rewrite(source, Source.child(pointer, i), list.get(i)));
                }
                yield copy;
            }
            default -> template.isString() ? text(source, pointer, template) : template;
        };
    }

    private JsonNode text(Source source, String pointer, JsonNode template) {
        var text = template.asString();
        stepsNamed(source, pointer, text);
        if (!source.isPlain(pointer) || text.length() > 500 || !PATH.matcher(text).matches()) {
            return template;
        }
        var parts = List.of(text.split("\\."));
        var first = parts.getFirst();
        var owner = field(first);
        if (first.equals("input")) {
            exists(source, pointer, input, parts.subList(1, parts.size()), "the input");
        } else if (first.equals("steps")) {
            var step = steps.get(parts.get(1));
            if (step == null) {
                unknownStep(source, pointer, parts.get(1));
            } else {
                exists(
                        source,
                        pointer,
                        step.orElse(null),
                        parts.subList(2, parts.size()),
                        parts.get(1));
            }
        } else if (owner != null) {
            exists(source, pointer, answer(owner), parts, owner);
        } else if (steps.containsKey(first)) {
            exists(source, pointer, answer(first), parts.subList(1, parts.size()), first);
            parts = new ArrayList<>(parts);
            parts.addFirst("steps");
        } else {
            return template; // an ordinary text with a dot in it
        }
        var expression = new StringBuilder(parts.getFirst());
        parts.subList(1, parts.size()).forEach(part -> expression.append(segment(part)));
        return Json.text("${" + expression + "}");
    }

    private static String segment(String part) {
        if (part.matches("[0-9]{1,9}")) {
            return "[" + part + "]";
        }
        return part.matches("[A-Za-z_][A-Za-z0-9_]*") ? "." + part : ".`" + part + "`";
    }

    /// The first step whose answer has this field.
    private @Nullable String field(String name) {
        return steps.entrySet().stream()
                .filter(step ->
                        SchemaFiles.fields(step.getValue().orElse(null)).anyMatch(name::equals))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private @Nullable JsonNode answer(String step) {
        return steps.getOrDefault(step, Optional.empty()).orElse(null);
    }

    private Set<String> names() {
        var names = new HashSet<>(Set.of("input", "steps"));
        steps.values()
                .forEach(answer -> SchemaFiles.fields(answer.orElse(null)).forEach(names::add));
        return names;
    }

    /// Whether a path leads somewhere, as far as the schema says: it must be told where it does
    /// not.
    private void exists(
            Source source,
            String pointer,
            @Nullable JsonNode schema,
            List<String> path,
            String of) {
        var at = schema;
        for (var part : path) {
            if (at == null) {
                return;
            }
            if (part.matches("[0-9]+") && at.has("items")) {
                at = at.get("items");
                continue;
            }
            var known = SchemaFiles.fields(at).toList();
            var closed = at.path("additionalProperties");
            if (!known.contains(part) && closed.isBoolean() && !closed.booleanValue()) {
                faults.add(
                        source.file(),
                        source.value(pointer),
                        of + " has no `" + part + "`",
                        Nearest.hint(part, known));
                return;
            }
            at = at.path("properties").get(part);
        }
    }

    private void stepsNamed(Source source, String pointer, String text) {
        if (!text.contains("${")) {
            return;
        }
        var named = STEP.matcher(text);
        while (named.find()) {
            var step = named.group(1) != null ? named.group(1) : named.group(2);
            if (!steps.containsKey(step)) {
                unknownStep(source, pointer, step);
            }
        }
    }

    private void unknownStep(Source source, String pointer, String step) {
        faults.add(
                source.file(),
                source.value(pointer),
                "no step named `" + step + "` is done before this one",
                steps.isEmpty()
                        ? "the first step has only `input`"
                        : Nearest.hint(step, steps.keySet()));
    }
}
