package dev.remit.http.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which handler answers which method and path, and what holds for whole parts of the tree.
///
/// A template such as `/v1/sessions/{id}:cancel` has parameters in braces; a parameter matches
/// anything but `/` and `:`, so a verb is never taken for a part of an id. `{model*}` matches those
/// too, be the slash encoded or not. Templates without it go first, then the one that says more.
public final class Routes {
    private final Map<String, Entry> byTemplate = new LinkedHashMap<>();
    private final Map<String, Entry> literal = new HashMap<>();
    private final List<Entry> templates = new ArrayList<>();
    private final Prefixes<Function<Problem, Reply>> errors = new Prefixes<>();
    private final Prefixes<Long> bodyLimits = new Prefixes<>();

    /// @param template the path with its parameters in braces
    public record Route(String method, String template, Handler handler) {}

    /// What was found for a request.
    ///
    /// @param parameters of the path, by name
    record Match(Route route, Map<String, String> parameters) {}

    private record Entry(Template template, Map<String, Route> methods) {}

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
        return eachRoute(route -> around.apply(route.handler()));
    }

    /// The same routes with other handlers.
    public Routes eachRoute(Function<Route, Handler> handler) {
        var changed = new Routes();
        list().forEach(r -> changed.add(r.method(), r.template(), handler.apply(r)));
        changed.errors.addAll(errors);
        changed.bodyLimits.addAll(bodyLimits);
        return changed;
    }

    /// Every route, in the order they were added.
    public List<Route> list() {
        var all = new ArrayList<Route>();
        byTemplate.values().forEach(entry -> all.addAll(entry.methods().values()));
        return List.copyOf(all);
    }

    /// Adds all that another one holds.
    ///
    /// @throws IllegalArgumentException if both have a handler for the same
    public Routes and(Routes others) {
        others.list().forEach(r -> add(r.method(), r.template(), r.handler()));
        errors.addAll(others.errors);
        bodyLimits.addAll(others.bodyLimits);
        return this;
    }

    /// How every problem is told at and below a path: those of handlers, of the guard, and the
    /// server's own, such as for a path that is unknown. The longest prefix counts.
    ///
    /// @param prefix such as `/openai`, which holds for `/openai/x` and not for `/openaix`
    /// @param shape gives a reply whose body is ready
    public Routes errors(String prefix, Function<Problem, Reply> shape) {
        errors.add(prefix, shape);
        return this;
    }

    /// The largest body of a request at and below a path, in bytes.
    public Routes bodyLimit(String prefix, long bytes) {
        bodyLimits.add(prefix, bytes);
        return this;
    }

    private Routes add(String method, String template, Handler handler) {
        var entry = byTemplate.computeIfAbsent(template, this::entry);
        if (entry.methods().put(method, new Route(method, template, handler)) != null) {
            throw new IllegalArgumentException("two handlers for " + method + " " + template);
        }
        return this;
    }

    private Entry entry(String text) {
        var entry = new Entry(new Template(text), new TreeMap<>());
        if (entry.template().isLiteral()) {
            literal.put(text, entry);
            return entry;
        }
        int at = 0;
        while (at < templates.size()
                && !entry.template().isStricterThan(templates.get(at).template())) {
            at++;
        }
        templates.add(at, entry);
        return entry;
    }

    /// @param path decoded and normalised, but for slashes that came encoded
    /// @throws Problem 404 if no route has this path, 405 if none of those takes the method
    Match match(String method, String path) {
        var wanted = method.equals("HEAD") ? "GET" : method;
        var exact = literal.get(path);
        var route = exact == null ? null : exact.methods().get(wanted);
        if (route != null) {
            return new Match(route, Map.of());
        }
        var allowed = new TreeSet<String>();
        if (exact != null) {
            allowed.addAll(exact.methods().keySet());
        }
        boolean encoded = path.indexOf('%') >= 0 && path.toLowerCase(Locale.ROOT).contains("%2f");
        for (var entry : templates) {
            var parameters =
                    encoded && !entry.template().takesEncodedSlashes()
                            ? null
                            : entry.template().match(path);
            if (parameters != null) {
                route = entry.methods().get(wanted);
                if (route != null) {
                    return new Match(route, parameters);
                }
                allowed.addAll(entry.methods().keySet());
            }
        }
        throw none(allowed);
    }

    private static Problem none(Set<String> allowed) {
        if (allowed.isEmpty()) {
            return new Problem(404, "there is nothing at this path");
        }
        var methods = String.join(", ", allowed);
        return new Problem(405, "this path takes " + methods).header("Allow", methods);
    }

    /// How a problem at this path is told.
    Reply problem(String path, Problem problem) {
        Function<Problem, Reply> shape = errors.of(path);
        return shape == null
                ? new Reply.Json(problem.status(), problem.headers(), problem.body())
                : shape.apply(problem);
    }

    @Nullable Long bodyLimit(String path) {
        return bodyLimits.of(path);
    }
}
