package dev.remit.core.agent;

import static java.util.Objects.requireNonNull;

import dev.remit.core.expression.Expression;
import dev.remit.core.expression.InvalidExpression;
import dev.remit.core.expression.Template;
import dev.remit.core.json.Json;
import dev.remit.core.text.Cel;
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

/// What a step of a workflow may refer to: the input, the answers of the steps before it, and what
/// belongs to its item or round.
///
/// A text without quotes such as `comms.slack_update` whose first part is such a name is a
/// reference. It becomes a `${}` here, and a step that an expression names becomes `steps.name`, so
/// that whoever fills the template knows nothing of it.
final class References {
    private static final Pattern PATH =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)+");
    private static final Pattern STEP =
            Pattern.compile("\\bsteps\\.(?:`([^`]+)`|([A-Za-z_][A-Za-z0-9_]*))");
    private static final String DOCS =
            "see docs/expressions.md; the answer of a step is `steps.name`";

    private final @Nullable JsonNode input;
    private final Map<String, Optional<JsonNode>> own;
    private final Map<String, Optional<JsonNode>> steps;
    private final Faults faults;

    private References(
            @Nullable JsonNode input,
            Map<String, Optional<JsonNode>> own,
            Map<String, Optional<JsonNode>> steps,
            Faults faults) {
        this.input = input;
        this.own = own;
        this.steps = steps;
        this.faults = faults;
    }

    /// @param input schema of the workflow's input
    static References start(@Nullable JsonNode input, Faults faults) {
        return new References(input, new LinkedHashMap<>(), new LinkedHashMap<>(), faults);
    }

    /// What a branch sees: what is known now, and what it adds itself.
    References branch() {
        return new References(input, new LinkedHashMap<>(own), new LinkedHashMap<>(steps), faults);
    }

    /// A step is done.
    ///
    /// @param answer schema of its answer, if it has one
    void add(String step, @Nullable JsonNode answer) {
        steps.put(step, Optional.ofNullable(answer));
    }

    /// A name that only this item or round has.
    void own(String name, @Nullable JsonNode schema) {
        own.put(name, Optional.ofNullable(schema));
    }

    /// All branches are done.
    void addAll(References branch) {
        branch.steps.forEach(steps::putIfAbsent);
    }

    // ---- templates

    /// The template at a pointer with its references written as expressions. Mistakes are faults.
    JsonNode resolve(Source source, String pointer) {
        var resolved = rewrite(source, pointer, source.at(pointer));
        var mistakes = Template.mistakes(resolved, names());
        for (var mistake : mistakes) {
            faults.add(
                    source.file(),
                    source.value(pointer + mistake.pointer()),
                    mistake.wrong(),
                    DOCS);
        }
        return mistakes.isEmpty()
                ? Template.rewrite(resolved, text -> checked(source, pointer, text))
                : resolved;
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
        if (text.contains("${")) {
            stepsNamed(source, pointer, text);
        }
        if (!source.isPlain(pointer)) {
            return template;
        }
        var name = name(text);
        var reference = name == null ? reference(source, pointer, text) : name;
        return reference == null ? template : Json.text("${" + reference + "}");
    }

    /// A single word without quotes that is the name of something here stands for all of it.
    private @Nullable String name(String word) {
        if (word.equals("input") || own.containsKey(word)) {
            return word;
        }
        return steps.containsKey(word) ? "steps" + segment(word) : null;
    }

    /// A text without quotes as the expression that it stands for; absent if it is just a text.
    private @Nullable String reference(Source source, String pointer, String text) {
        if (text.length() > 500 || !PATH.matcher(text).matches()) {
            return null;
        }
        var parts = List.of(text.split("\\."));
        var first = parts.getFirst();
        var rest = parts.subList(1, parts.size());
        var owner = field(first);
        if (own.containsKey(first)) {
            exists(source, pointer, schema(own, first), rest, "`" + first + "`");
        } else if (first.equals("input")) {
            exists(source, pointer, input, rest, "the input");
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
            exists(source, pointer, schema(steps, owner), parts, owner);
        } else if (steps.containsKey(first)) {
            exists(source, pointer, schema(steps, first), rest, first);
            parts = new ArrayList<>(parts);
            parts.addFirst("steps");
        } else {
            return null; // an ordinary text with a dot in it
        }
        var expression = new StringBuilder(parts.getFirst());
        parts.subList(1, parts.size()).forEach(part -> expression.append(segment(part)));
        return expression.toString();
    }

    private static String segment(String part) {
        if (part.matches("[0-9]{1,9}")) {
            return "[" + part + "]";
        }
        return part.matches("[A-Za-z_][A-Za-z0-9_]*") ? "." + part : ".`" + part + "`";
    }

    // ---- expressions

    /// The expression at a pointer: CEL, with or without `${}` around it, or a reference. Absent,
    /// with a fault, if it is none.
    @Nullable String expression(Source source, String pointer) {
        var value = source.at(pointer);
        var text = value.isString() ? value.asString().strip() : "";
        if (source.isPlain(pointer)) {
            var reference = reference(source, pointer, text);
            if (reference != null) {
                return reference;
            }
            var name = name(text);
            if (name != null) {
                return name;
            }
        }
        var wrapped = value.isString() ? Template.only(Json.text(text)) : Optional.<String>empty();
        if (wrapped.isPresent()) {
            stepsNamed(source, pointer, text);
            try {
                Expression.compile(wrapped.get(), names());
            } catch (InvalidExpression e) {
                faults.add(
                        source.file(),
                        source.value(pointer),
                        "the expression is wrong: " + e.getMessage(),
                        DOCS);
                return null;
            }
            return checked(source, pointer, wrapped.get());
        }
        var checked = Cel.check(source, pointer, names(), faults);
        if (checked == null) {
            return null;
        }
        stepsNamed(source, pointer, checked);
        return checked(source, pointer, checked);
    }

    /// The expression over its names and one more, which only it has.
    @Nullable String expression(Source source, String pointer, String name) {
        var known = branch();
        known.own(name, null);
        return known.expression(source, pointer);
    }

    /// Checks the fields that it asks for, and writes the steps that it names as `steps.name`.
    private String checked(Source source, String pointer, String text) {
        Expression expression;
        try {
            expression = Expression.compile(text, names());
        } catch (InvalidExpression e) {
            return text; // told already
        }
        var rewritten = text;
        var paths = new ArrayList<>(expression.paths());
        paths.sort((a, b) -> b.offset() - a.offset());
        for (var path : paths) {
            var parts =
                    path.asked() ? path.parts().subList(0, path.parts().size() - 1) : path.parts();
            if (own.containsKey(path.name())) {
                exists(source, pointer, schema(own, path.name()), parts, "`" + path.name() + "`");
            } else if (path.name().equals("input")) {
                exists(source, pointer, input, parts, "the input");
            } else if (path.name().equals("steps") && !parts.isEmpty()) {
                exists(
                        source,
                        pointer,
                        schema(steps, parts.getFirst()),
                        parts.subList(1, parts.size()),
                        parts.getFirst());
            } else if (field(path.name()) != null) {
                var owner = requireNonNull(field(path.name()));
                exists(source, pointer, schema(steps, owner), prefixed(path.name(), parts), owner);
            } else if (steps.containsKey(path.name())) {
                exists(source, pointer, schema(steps, path.name()), parts, path.name());
                int at = rewritten.offsetByCodePoints(0, path.offset());
                if (rewritten.startsWith(path.name(), at)) {
                    rewritten = rewritten.substring(0, at) + "steps." + rewritten.substring(at);
                }
            }
        }
        return rewritten;
    }

    private static List<String> prefixed(String first, List<String> parts) {
        var all = new ArrayList<>(parts);
        all.addFirst(first);
        return all;
    }

    /// What schema says of the value of an expression; absent if none does.
    @Nullable JsonNode schemaOf(String text) {
        Expression expression;
        try {
            expression = Expression.compile(text, names());
        } catch (InvalidExpression e) {
            return null;
        }
        if (!expression.isPath()) {
            return null;
        }
        var path = expression.paths().getFirst();
        var parts = path.parts();
        if (own.containsKey(path.name())) {
            return walk(schema(own, path.name()), parts);
        }
        if (path.name().equals("input")) {
            return walk(input, parts);
        }
        if (path.name().equals("steps")) {
            return parts.isEmpty()
                    ? null
                    : walk(schema(steps, parts.getFirst()), parts.subList(1, parts.size()));
        }
        var owner = field(path.name());
        return owner == null ? null : walk(schema(steps, owner), prefixed(path.name(), parts));
    }

    private static @Nullable JsonNode walk(@Nullable JsonNode schema, List<String> parts) {
        var at = schema;
        for (var part : parts) {
            if (at == null) {
                return null;
            }
            at =
                    at.has("items") && part.matches("[0-9]+")
                            ? at.get("items")
                            : at.path("properties").get(part);
        }
        return at;
    }

    // ---- what is known

    /// The first step whose answer has this field.
    private @Nullable String field(String name) {
        return steps.entrySet().stream()
                .filter(step ->
                        SchemaFiles.fields(step.getValue().orElse(null)).anyMatch(name::equals))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable JsonNode schema(Map<String, Optional<JsonNode>> known, String name) {
        return known.getOrDefault(name, Optional.empty()).orElse(null);
    }

    /// Schema of the workflow's input.
    @Nullable JsonNode input() {
        return input;
    }

    private Set<String> names() {
        var names = new HashSet<>(Set.of("input", "steps"));
        names.addAll(own.keySet());
        names.addAll(steps.keySet());
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
            var type = at.path("type").asString("object");
            if (!known.contains(part)
                    && Set.of("string", "number", "integer", "boolean").contains(type)) {
                faults.add(
                        source.file(),
                        source.value(pointer),
                        of + " is " + Fit.words(type) + " there, and has no `" + part + "`",
                        "name the value itself");
                return;
            }
            at = at.path("properties").get(part);
        }
    }

    private void stepsNamed(Source source, String pointer, String text) {
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
