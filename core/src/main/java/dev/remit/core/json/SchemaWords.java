package dev.remit.core.json;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the validator found, in words for people and models.
final class SchemaWords {
    private static final int MOST = 50;
    private static final int LONGEST = 300;

    /// The part of a schema where a value may have one of several forms.
    private static final Pattern ALTERNATIVES =
            Pattern.compile("^(.*?/(?:anyOf|oneOf))/\\d+(?:/.*)?$");

    private SchemaWords() {}

    static List<SchemaFault> faults(List<Error> errors) {
        // What is wrong with each form of an alternative makes one fault together.
        var groups = new LinkedHashMap<String, List<Error>>();
        for (var error : errors) {
            var path = ALTERNATIVES.matcher(error.getEvaluationPath().toString());
            var key = path.matches() ? path.group(1) : "#" + groups.size();
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(error);
        }
        var faults = new ArrayList<SchemaFault>();
        for (var group : groups.values()) {
            if (faults.size() == MOST) {
                faults.add(new SchemaFault("", "and " + (groups.size() - MOST) + " more faults"));
                break;
            }
            faults.add(fault(group));
        }
        return List.copyOf(faults);
    }

    private static SchemaFault fault(List<Error> group) {
        var first = group.getFirst();
        if (group.size() == 1) {
            return new SchemaFault(first.getInstanceLocation().toString(), words(first));
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
                            return inner.isEmpty() ? words(e) : inner + " " + words(e);
                        })
                        .distinct()
                        .limit(6)
                        .collect(Collectors.joining(", or "));
        return new SchemaFault(outermost, brief("fits none of the allowed forms: " + each));
    }

    private static String words(Error error) {
        var arguments = error.getArguments();
        return switch (error.getKeyword()) {
            case "required" -> "`" + error.getProperty() + "` is missing";
            case "additionalProperties", "unevaluatedProperties" ->
                    "`" + error.getProperty() + "` is not a field of this";
            case "type" -> "must be " + name(arguments[1]) + ", not " + name(arguments[0]);
            case "enum" -> brief("must be one of " + arguments[0]);
            default -> brief(error.getMessage());
        };
    }

    private static String name(Object type) {
        return switch (type.toString()) {
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "an object";
            default -> type.toString();
        };
    }

    private static String brief(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
