package dev.remit.core.json;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// What the validator found, in words for people and models.
final class SchemaWords {
    private static final int MOST = 50;
    private static final int LONGEST = 300;

    /// The part of a schema where a value may have one of several forms.
    private static final Pattern ALTERNATIVES =
            Pattern.compile("^(.*?/(?:anyOf|oneOf))/\\d+(?:/.*)?$");

    private SchemaWords() {}

    /// @param schema what was checked against; where it describes what it wants, its own words are
    ///   told in place of a regular expression
    static List<SchemaFault> faults(List<Error> errors, JsonNode schema) {
        // What is wrong with each form of an alternative makes one fault together.
        var groups = new LinkedHashMap<String, List<Error>>();
        for (var error : errors) {
            var path = ALTERNATIVES.matcher(error.getEvaluationPath().toString());
            var key = path.matches() ? path.group(1) : "#" + groups.size();
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(error);
        }
        var faults = new ArrayList<SchemaFault>();
        for (var entry : groups.entrySet()) {
            if (faults.size() == MOST) {
                faults.add(new SchemaFault("", "and " + (groups.size() - MOST) + " more faults"));
                break;
            }
            faults.add(fault(entry.getKey(), entry.getValue(), schema));
        }
        return List.copyOf(faults);
    }

    private static SchemaFault fault(String path, List<Error> group, JsonNode schema) {
        var first = group.getFirst();
        if (group.size() == 1) {
            return new SchemaFault(first.getInstanceLocation().toString(), words(first, schema));
        }
        var outermost =
                group.stream()
                        .map(e -> e.getInstanceLocation().toString())
                        .min((a, b) -> Integer.compare(a.length(), b.length()))
                        .orElse("");
        var each =
                group.stream()
                        .map(e -> {
                            var at = e.getInstanceLocation().toString();
                            var inner = at.substring(Math.min(outermost.length(), at.length()));
                            var words = words(e, schema);
                            return inner.isEmpty() ? words : inner + " " + words;
                        })
                        .distinct()
                        .limit(6)
                        .collect(Collectors.joining(", or "));
        var described = description(path, schema);
        var wrong = described.isEmpty() ? "fits none of the allowed forms: " + each : described;
        return new SchemaFault(outermost, brief(wrong));
    }

    private static String words(Error error, JsonNode schema) {
        var arguments = error.getArguments();
        return switch (error.getKeyword()) {
            case "required" -> "`" + error.getProperty() + "` is missing";
            case "additionalProperties", "unevaluatedProperties" ->
                    "`" + error.getProperty() + "` is not a field of this";
            case "type" -> "must be " + name(arguments[1]) + ", not " + name(arguments[0]);
            case "enum" -> brief("must be one of " + arguments[0]);
            case "pattern", "format" -> {
                var described = description(error.getEvaluationPath().toString(), schema);
                yield brief(described.isEmpty() ? error.getMessage() : described);
            }
            default -> brief(error.getMessage());
        };
    }

    /// What the schema around a keyword wants in its own words; empty if it does not say.
    ///
    /// @param path of the keyword, through every `$ref` that led there
    private static String description(String path, JsonNode schema) {
        var steps = path.split("/", -1);
        var at = schema;
        for (int i = 1; i < steps.length - 1; i++) {
            at =
                    steps[i].equals("$ref")
                            ? referred(at.path("$ref").asString(""), schema)
                            : at.path(steps[i].replace("~1", "/").replace("~0", "~"));
        }
        var description = at.path("description").asString("");
        return description.isEmpty() ? "" : "does not fit: " + description;
    }

    private static JsonNode referred(String reference, JsonNode schema) {
        return reference.matches("#(/.*)?")
                ? schema.at(reference.substring(1))
                : MissingNode.getInstance();
    }

    private static String name(Object type) {
        var types = type.toString();
        if (types.startsWith("[")) {
            return Stream.of(types.substring(1, types.length() - 1).split(", "))
                    .map(SchemaWords::name)
                    .collect(Collectors.joining(" or "));
        }
        return switch (types) {
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "an object";
            default -> types;
        };
    }

    private static String brief(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
