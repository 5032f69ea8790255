package dev.remit.http.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.http.pathmap.PathSpec;
import org.eclipse.jetty.http.pathmap.RegexPathSpec;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;

/// Which handler answers which method and path.
///
/// A template such as `/v1/sessions/{id}:cancel` has parameters in braces; a parameter matches
/// anything but `/` and `:`, so a verb is never taken for a part of an id.
public final class Routes {
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9]*)}");

    private final Map<String, Map<String, Route>> byTemplate = new LinkedHashMap<>();
    private final PathMappings<Map<String, Route>> mappings = new PathMappings<>();

    /// @param template the path with its parameters in braces
    public record Route(String method, String template, Handler handler) {}

    /// What was found for a request.
    ///
    /// @param parameters of the path, by name
    record Match(Route route, Map<String, String> parameters) {}

    public Routes get(String template, Handler handler) {
        return add("GET", template, handler);
    }

    public Routes post(String template, Handler handler) {
        return add("POST", template, handler);
    }

    public Routes put(String template, Handler handler) {
        return add("PUT", template, handler);
    }

    public Routes delete(String template, Handler handler) {
        return add("DELETE", template, handler);
    }

    /// The same routes with something around each handler.
    public Routes each(UnaryOperator<Handler> around) {
        var wrapped = new Routes();
        list().forEach(r -> wrapped.add(r.method(), r.template(), around.apply(r.handler())));
        return wrapped;
    }

    /// Every route, in the order they were added.
    public List<Route> list() {
        var all = new ArrayList<Route>();
        byTemplate.values().forEach(methods -> all.addAll(methods.values()));
        return List.copyOf(all);
    }

    private Routes add(String method, String template, Handler handler) {
        var methods =
                byTemplate.computeIfAbsent(
                        template,
                        t -> {
                            Map<String, Route> created = new TreeMap<>();
                            mappings.put(spec(t), created);
                            return created;
                        });
        if (methods.put(method, new Route(method, template, handler)) != null) {
            throw new IllegalArgumentException("two handlers for " + method + " " + template);
        }
        return this;
    }

    private static PathSpec spec(String template) {
        if (!template.contains("{")) {
            return new ServletPathSpec(template);
        }
        var regex = new StringBuilder("^");
        var parameter = PARAMETER.matcher(template);
        int from = 0;
        while (parameter.find()) {
            regex.append(Pattern.quote(template.substring(from, parameter.start())));
            regex.append("(?<").append(parameter.group(1)).append(">[^/:]+)");
            from = parameter.end();
        }
        return new RegexPathSpec(
                regex.append(Pattern.quote(template.substring(from))).append('$').toString());
    }

    /// @param path decoded and normalised
    /// @throws Problem 404 if no route has this path, 405 if none of those takes the method
    Match match(String method, String path) {
        var matched = mappings.getMatched(path);
        if (matched == null) {
            throw new Problem(404, "there is nothing at this path");
        }
        var methods = matched.getResource();
        var route = methods.get(method.equals("HEAD") ? "GET" : method);
        if (route == null) {
            var allowed = String.join(", ", methods.keySet());
            throw new Problem(405, "this path takes " + allowed).header("Allow", allowed);
        }
        return new Match(route, parameters(matched.getPathSpec(), path));
    }

    private static Map<String, String> parameters(PathSpec spec, String path) {
        if (!(spec instanceof RegexPathSpec regex)) {
            return Map.of();
        }
        var matcher = regex.getPattern().matcher(path);
        if (!matcher.matches()) {
            return Map.of();
        }
        var found = new LinkedHashMap<String, String>();
        matcher.namedGroups().forEach((name, index) -> found.put(name, matcher.group(index)));
        return found;
    }
}
