package dev.remit.http.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A path with parameters in braces.
///
/// `{id}` matches anything but `/` and `:`, so a verb is never taken for a part of an id. `{id*}`
/// matches those too, and a slash that came encoded; there may be one in a template.
final class Template {
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9]*)(\\*?)}");

    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    private record Parameter(String name, boolean greedy) implements Part {}

    private final List<Part> parts = new ArrayList<>();
    private final boolean greedy;
    private final int literals;

    /// @throws IllegalArgumentException if it is none
    Template(String text) {
        var parameter = PARAMETER.matcher(text);
        int from = 0;
        while (parameter.find()) {
            literal(text, text.substring(from, parameter.start()));
            parts.add(new Parameter(parameter.group(1), !parameter.group(2).isEmpty()));
            from = parameter.end();
        }
        literal(text, text.substring(from));
        long several = parts.stream().filter(p -> p instanceof Parameter q && q.greedy()).count();
        if (several > 1) {
            throw new IllegalArgumentException("more than one parameter with a star: " + text);
        }
        greedy = several == 1;
        literals =
                parts.stream().mapToInt(p -> p instanceof Literal l ? l.text().length() : 0).sum();
    }

    private void literal(String whole, String text) {
        if (text.contains("{") || text.contains("}")) {
            throw new IllegalArgumentException("not a template of a path: " + whole);
        }
        if (!text.isEmpty()) {
            parts.add(new Literal(text));
        }
    }

    boolean isLiteral() {
        return parts.size() == 1 && parts.getFirst() instanceof Literal;
    }

    /// Whether it says more about a path than another does, and so goes first.
    boolean isStricterThan(Template other) {
        return greedy != other.greedy ? other.greedy : literals > other.literals;
    }

    /// @return the parameters by name; nothing if the path is another one
    @Nullable Map<String, String> match(String path) {
        var found = new LinkedHashMap<String, String>();
        return match(path, 0, 0, found) ? found : null;
    }

    private boolean match(String path, int at, int index, Map<String, String> found) {
        if (index == parts.size()) {
            return at == path.length();
        }
        return switch (parts.get(index)) {
            case Literal literal ->
                    path.startsWith(literal.text(), at)
                            && match(path, at + literal.text().length(), index + 1, found);
            case Parameter parameter -> {
                int end = parameter.greedy() ? path.length() : plainEnd(path, at);
                yield parameter(path, at, end, index, parameter, found);
            }
        };
    }

    private boolean parameter(
            String path,
            int at,
            int longest,
            int index,
            Parameter parameter,
            Map<String, String> found) {
        int shortest = parameter.greedy() ? at + 1 : Math.max(at + 1, longest);
        for (int end = longest; end >= shortest; end--) {
            if (match(path, end, index + 1, found)) {
                var value = path.substring(at, end);
                found.put(parameter.name(), parameter.greedy() ? decoded(value) : value);
                return true;
            }
        }
        return false;
    }

    private static int plainEnd(String path, int at) {
        int end = at;
        while (end < path.length() && path.charAt(end) != '/' && path.charAt(end) != ':') {
            end++;
        }
        return end;
    }

    /// The path came decoded but for its slashes and percent signs.
    private static String decoded(String value) {
        return value.indexOf('%') < 0
                ? value
                : URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// Whether a path holds a slash that came encoded, which only a parameter with a star takes.
    boolean takesEncodedSlashes() {
        return greedy;
    }
}
