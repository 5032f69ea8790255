package dev.remit.core.agent;

import dev.remit.core.agent.AgentDefinition.Grant;
import dev.remit.core.json.InvalidSchema;
import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.core.text.Cel;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import dev.remit.core.tool.Glob;
import dev.remit.core.tool.Tool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads `may:` and `never:`.
final class Mandate {
    private static final Pattern GLOB = Pattern.compile("[A-Za-z0-9_.*-]+");

    private final Fields fields;
    private final Faults faults;
    private final Map<String, Tool> known;

    /// @param known every tool that there is, by name
    Mandate(Fields fields, Map<String, Tool> known) {
        this.fields = fields;
        this.faults = fields.faults();
        this.known = known;
    }

    List<String> never() {
        var globs = fields.texts("never");
        for (int i = 0; i < globs.size(); i++) {
            if (!GLOB.matcher(globs.get(i)).matches()) {
                at(
                        Source.child(fields.pointer("never"), i),
                        "`" + globs.get(i) + "` is no pattern over names of tools",
                        "such as \"*.delete\"");
            }
        }
        return globs;
    }

    /// @param never a tool that is named here and forbidden there is a fault
    List<Grant> may(List<String> never) {
        var grants = new LinkedHashMap<String, Grant>();
        int count = fields.list("may");
        for (int i = 0; i < count; i++) {
            var pointer = Source.child(fields.pointer("may"), i);
            var grant = grant(pointer);
            if (grant.isEmpty()) {
                continue;
            }
            var name = grant.get().tool();
            check(name, pointer, never);
            if (grants.putIfAbsent(name, grant.get()) != null) {
                at(
                        pointer,
                        "`" + name + "` is named twice",
                        "put both conditions into one `when:`");
            }
        }
        return List.copyOf(grants.values());
    }

    private void check(String name, String pointer, List<String> never) {
        if (name.contains("*")) {
            at(
                    pointer,
                    "`may` names tools one by one",
                    "write each name; only `never` takes patterns");
        } else if (!known.containsKey(name)) {
            at(
                    pointer,
                    "there is no tool `" + name + "`",
                    Nearest.to(name, known.keySet())
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("describe it in tools/" + name + ".yaml"));
        }
        never.stream()
                .filter(glob -> new Glob(glob).matches(name))
                .findFirst()
                .ifPresent(glob ->
                        at(
                                pointer,
                                "`never: " + glob + "` forbids `" + name + "`, and wins",
                                "remove one of the two"));
    }

    private Optional<Grant> grant(String pointer) {
        var source = fields.source();
        var value = source.at(pointer);
        if (value.isString() && !value.asString().isBlank()) {
            return Optional.of(new Grant(value.asString(), Map.of(), null));
        }
        if (!(value instanceof ObjectNode object) || object.size() != 1) {
            at(
                    pointer,
                    value.isObject() && value.size() > 1
                            ? "one entry names one tool"
                            : "this is " + Fields.describe(value) + ", not a tool",
                    "the name of a tool, or `name: { only: {…}, when: … }`, indented under the name");
            return Optional.empty();
        }
        var name = object.propertyNames().iterator().next();
        var at = Source.child(pointer, name);
        if (source.at(at).isNull()) {
            return Optional.of(new Grant(name, Map.of(), null));
        }
        return Fields.at(source, at, Keys.GRANT, faults)
                .map(conditions -> new Grant(name, only(conditions, name), when(conditions)));
    }

    private @Nullable String when(Fields conditions) {
        return conditions.has("when")
                ? Cel.check(conditions.source(), conditions.pointer("when"), Grant.NAMES, faults)
                : null;
    }

    private Map<String, JsonNode> only(Fields conditions, String tool) {
        if (conditions.get("only") == null) {
            if (conditions.has("only")) {
                conditions.fault(
                        "only", "`only` has no value", "such as { channel: \"#incidents\" }");
            }
            return Map.of();
        }
        var source = conditions.source();
        var pointer = conditions.pointer("only");
        var only = new LinkedHashMap<String, JsonNode>();
        var names = conditions.object("only", source.names(pointer)).map(Fields::names);
        var schema = known.containsKey(tool) ? known.get(tool).input() : null;
        for (var name : names.orElse(Set.of())) {
            var at = Source.child(pointer, name);
            var value = source.at(at);
            only.put(name, value);
            if (schema != null) {
                fits(schema, name, value, at);
            }
        }
        return Map.copyOf(only);
    }

    /// A condition on an argument that the tool does not have, or on a value that it can never
    /// have, would deny every call.
    private void fits(JsonNode tool, String name, JsonNode value, String pointer) {
        var arguments = SchemaFiles.fields(tool).toList();
        var schema = tool.path("properties").get(name);
        if (schema == null) {
            if (!arguments.isEmpty()) {
                faults.add(
                        fields.source().file(),
                        fields.source().key(pointer),
                        "the tool has no argument `" + name + "`",
                        Nearest.hint(name, arguments));
            }
            return;
        }
        var candidates = new ArrayList<JsonNode>(List.of(value));
        if (value.isArray()) {
            value.forEach(candidates::add);
        }
        try {
            var compiled = Schema.compile(schema);
            if (candidates.stream().noneMatch(c -> compiled.check(c).isEmpty())) {
                at(
                        pointer,
                        "the argument can never be " + Json.write(value),
                        compiled.check(value).getFirst().wrong());
            }
        } catch (InvalidSchema e) {
            // It refers to the rest of the tool's schema; then the value is only checked when used.
        }
    }

    private void at(String pointer, String wrong, String right) {
        faults.add(fields.source().file(), fields.source().value(pointer), wrong, right);
    }
}
