package dev.remit.hands.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.core.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Fills the `{name}` of a tool's URL from arguments. An argument becomes a part of the path or of
/// the query and can never change the host, leave its place in the path, or add a parameter.
final class UrlTemplate {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern START = Pattern.compile("https?://[^/?#{}\\s]+");
    private static final int LONGEST = 8000;

    private final String template;
    private final JsonNode arguments;
    private final Set<String> used = new HashSet<>();

    private UrlTemplate(String template, JsonNode arguments) {
        this.template = template;
        this.arguments = arguments;
    }

    /// @param used the arguments that are in it
    record Filled(URI uri, Set<String> used) {}

    /// @param rest whether arguments that are not named in the template become parameters
    /// @throws Refusal if an argument is missing or may not stand where it is named
    static Filled fill(String template, JsonNode arguments, boolean rest) {
        return new UrlTemplate(template, arguments).fill(rest);
    }

    private Filled fill(boolean rest) {
        var start = START.matcher(template);
        if (!start.lookingAt()) {
            throw new Refusal("the tool's URL is not of the form http(s)://host/path: " + template);
        }
        var behind = template.substring(start.end()).split("#", 2)[0].split("\\?", 2);
        var path = path(behind[0]);
        var query = query(behind.length > 1 ? behind[1] : "", rest);
        var filled = start.group() + path + (query.isEmpty() ? "" : "?" + query);
        if (filled.length() > LONGEST) {
            throw new Refusal(
                    "the arguments make a URL of "
                            + filled.length()
                            + " characters; at most "
                            + LONGEST
                            + " are sent");
        }
        try {
            return new Filled(new URI(filled), Set.copyOf(used));
        } catch (URISyntaxException e) {
            throw new Refusal("the tool's URL is not well formed: " + template);
        }
    }

    private String path(String path) {
        var filled =
                PLACEHOLDER
                        .matcher(path)
                        .replaceAll(found -> {
                            var value = value(found.group(1));
                            if (value == null || value.isEmpty()) {
                                throw new Refusal(
                                        "the argument \"" + found.group(1) + "\" is needed");
                            }
                            requireNoSteps(found.group(1), value);
                            return Matcher.quoteReplacement(encode(value));
                        });
        for (var segment : filled.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw new Refusal("the path of the call would leave the tool's own: " + filled);
            }
        }
        return filled.isEmpty() ? "/" : filled;
    }

    /// Servers that decode `%2F` too early must not be led elsewhere.
    private static void requireNoSteps(String name, String value) {
        for (var part : value.split("[/\\\\]", -1)) {
            if (part.equals(".") || part.equals("..")) {
                throw new Refusal(
                        "the argument \""
                                + name
                                + "\" may not hold \""
                                + part
                                + "\" as a step of a path");
            }
        }
    }

    private String query(String query, boolean rest) {
        var parameters = new ArrayList<String>();
        for (var parameter : query.split("&", -1)) {
            if (!parameter.isEmpty()) {
                parameter(parameter, parameters);
            }
        }
        if (rest) {
            for (var argument : arguments.properties()) {
                if (used.add(argument.getKey()) && !argument.getValue().isNull()) {
                    parameters.add(
                            encode(argument.getKey()) + "=" + encode(text(argument.getValue())));
                }
            }
        }
        return String.join("&", parameters);
    }

    /// One whose argument was left out is left out as well.
    private void parameter(String parameter, List<String> into) {
        var placeholder = PLACEHOLDER.matcher(parameter);
        var filled = new StringBuilder();
        while (placeholder.find()) {
            var value = value(placeholder.group(1));
            if (value == null) {
                return;
            }
            placeholder.appendReplacement(filled, Matcher.quoteReplacement(encode(value)));
        }
        into.add(placeholder.appendTail(filled).toString());
    }

    private @Nullable String value(String name) {
        used.add(name);
        var value = arguments.path(name);
        return value.isMissingNode() || value.isNull() ? null : text(value);
    }

    private static String text(JsonNode value) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isArray()) {
            var parts = new ArrayList<String>();
            value.forEach(v -> parts.add(text(v)));
            return String.join(",", parts);
        }
        return value.isObject() ? Json.write(value) : value.asString();
    }

    /// Everything but what RFC 3986 calls unreserved.
    static String encode(String value) {
        var out = new StringBuilder();
        for (byte b : value.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 0xf, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
            }
        }
        return out.toString();
    }
}
