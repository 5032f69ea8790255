package dev.remit.core.settings;

import dev.remit.core.identity.Key;
import dev.remit.core.json.Schema;
import dev.remit.core.settings.Settings.Check;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Route.Strategy;
import dev.remit.core.settings.Settings.Target;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Schemas;
import dev.remit.core.text.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads one of `routes:`.
final class RouteReader {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String TARGET =
            "provider/model, or { model: provider/model, priority: 2, … }";

    private final Source source;
    private final Faults faults;
    private final Set<String> providers;
    private final Function<String, @Nullable String> beside;

    RouteReader(
            Source source,
            Faults faults,
            Set<String> providers,
            Function<String, @Nullable String> beside) {
        this.source = source;
        this.faults = faults;
        this.providers = providers;
        this.beside = beside;
    }

    /// One target, a list of targets in order, or the whole of it.
    Optional<Route> read(String name, String pointer) {
        var value = source.at(pointer);
        if (value.isString()) {
            return target(pointer).map(target -> route(name, List.of(target)));
        }
        if (value.isArray()) {
            return Optional.of(route(name, targets(pointer, value.size())));
        }
        return Fields.at(source, pointer, Keys.ROUTE, faults).map(fields -> route(name, fields));
    }

    private static Route route(String name, List<Target> targets) {
        return new Route(
                name,
                Strategy.ORDERED,
                false,
                targets,
                null,
                Route.FIRST_TOKEN,
                Route.STALL,
                Route.TOTAL,
                null,
                null);
    }

    private Route route(String name, Fields fields) {
        if (!fields.has("targets")) {
            fields.missing("targets", "targets: [provider/model]");
        }
        int maxOutput = fields.integer("max_output", 1, 10_000_000, 0);
        var first = time(fields, "first_token", Route.FIRST_TOKEN);
        var total = time(fields, "total", Route.TOTAL);
        if (first.compareTo(total) > 0 && fields.has("first_token")) {
            fields.fault(
                    "first_token",
                    "the first token may take longer than the whole call",
                    "at most `total`, which is "
                            + total.toString().substring(2).toLowerCase(java.util.Locale.ROOT));
        }
        return new Route(
                name,
                fields.word("strategy", Strategy.class, Strategy.ORDERED),
                Boolean.TRUE.equals(fields.truth("affinity")),
                targets(fields.pointer("targets"), fields.list("targets")),
                maxOutput == 0 ? null : maxOutput,
                first,
                time(fields, "stall", Route.STALL),
                total,
                fields.duration("cache", Duration.ofSeconds(1), Duration.ofDays(30)),
                fields.object("check", Keys.CHECK).map(this::check).orElse(null));
    }

    private static Duration time(Fields fields, String key, Duration otherwise) {
        return Objects.requireNonNullElse(fields.duration(key, SHORTEST, LONGEST), otherwise);
    }

    private List<Target> targets(String pointer, int count) {
        if (count == 0 && source.at(pointer).isArray() && source.at(pointer).isEmpty()) {
            faults.add(source.file(), source.value(pointer), "the route has no target", TARGET);
        }
        var targets = new ArrayList<Target>();
        for (int i = 0; i < count; i++) {
            target(Source.child(pointer, i)).ifPresent(targets::add);
        }
        return List.copyOf(targets);
    }

    private Optional<Target> target(String pointer) {
        var value = source.at(pointer);
        if (value.isString()) {
            return model(pointer, value.asString(), 1, 1, null, Key.Limits.NONE);
        }
        if (!value.isObject()) {
            faults.add(
                    source.file(),
                    source.value(pointer),
                    "this is " + Fields.describe(value) + ", not a target",
                    TARGET);
            return Optional.empty();
        }
        return Fields.at(source, pointer, Keys.TARGET, faults).flatMap(this::target);
    }

    private Optional<Target> target(Fields fields) {
        var model = fields.required("model", "model: provider/model");
        int priority = fields.integer("priority", 1, 1000, 1);
        int weight = fields.integer("weight", 1, 1_000_000, 1);
        var when =
                fields.has("when")
                        ? Conditions.read(
                                source, fields.pointer("when"), Conditions.ON_REQUEST, faults)
                        : null;
        var limits = LimitFields.read(fields);
        return model == null
                ? Optional.empty()
                : model(fields.pointer("model"), model, priority, weight, when, limits);
    }

    private Optional<Target> model(
            String pointer,
            String text,
            int priority,
            int weight,
            @Nullable Condition when,
            Key.Limits limits) {
        if (!Names.target(source, pointer, text, providers, false, faults)) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        return Optional.of(
                new Target(
                        text.substring(0, slash),
                        text.substring(slash + 1),
                        priority,
                        weight,
                        when,
                        limits));
    }

    private Check check(Fields check) {
        if (!check.has("schema") && !check.has("when")) {
            check.missing("schema", "a schema, or `when:` with a condition on the answer");
        }
        return new Check(
                check.has("schema") ? schema(check).map(RouteReader::compiled).orElse(null) : null,
                check.has("when")
                        ? Conditions.read(
                                source, check.pointer("when"), Conditions.ON_ANSWER, faults)
                        : null);
    }

    private static AnswerCheck compiled(JsonNode schema) {
        var compiled = Schema.compile(schema);
        return answer ->
                compiled.check(answer).stream()
                        .findFirst()
                        .map(f ->
                                (f.pointer().isEmpty() ? "" : "at " + f.pointer() + ": ")
                                        + f.wrong());
    }

    private Optional<JsonNode> schema(Fields check) {
        var given = check.get("schema");
        if (given != null && given.isObject()) {
            return Schemas.compiled(source, check.pointer("schema"), faults);
        }
        var path = check.text("schema");
        if (path == null) {
            return Optional.empty();
        }
        if (!path.matches(".*\\.(json|yaml|yml)")) {
            check.fault(
                    "schema",
                    "`" + path + "` is no YAML or JSON file",
                    "a file beside this one, such as answer.schema.json, or the schema itself");
            return Optional.empty();
        }
        if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
            check.fault(
                    "schema", "`" + path + "` is not beside this file", "a path within its folder");
            return Optional.empty();
        }
        var text = beside.apply(path);
        if (text == null) {
            check.fault(
                    "schema", "there is no file " + path, "put the schema there, beside this file");
            return Optional.empty();
        }
        return Source.read(path, text, faults).flatMap(s -> Schemas.compiled(s, "", faults));
    }
}
