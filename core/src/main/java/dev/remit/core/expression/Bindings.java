package dev.remit.core.expression;

import dev.cel.runtime.CelVariableResolver;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The values of names, each brought into CEL's types once, when it is first used. Not thread-safe:
/// made for one evaluation, or for the evaluations of one template.
final class Bindings implements CelVariableResolver {
    private final Map<String, ?> names;
    private final Map<String, Object> converted = new HashMap<>();
    private final Sizes sizes = new Sizes();

    /// @param names values: JSON, or texts, numbers, truth values, lists and maps
    Bindings(Map<String, ?> names) {
        this.names = names;
    }

    @Override
    public Optional<Object> find(String name) {
        var known = converted.get(name);
        if (known == null) {
            var value = names.get(name);
            if (value == null) {
                return Optional.empty();
            }
            known = value instanceof JsonNode json ? Values.fromJson(json) : Values.of(value);
            sizes.of(known);
            converted.put(name, known);
        }
        return Optional.of(known);
    }

    /// Sizes of the values that are bound.
    Sizes sizes() {
        return sizes;
    }
}
