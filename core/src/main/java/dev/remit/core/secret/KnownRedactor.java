package dev.remit.core.secret;

import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Takes out the secrets that are held, and nothing that only looks like one. For records that an
/// operator wants in full.
public final class KnownRedactor implements Redactor {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 1000;

    private final Supplier<Set<String>> values;
    private volatile KnownValues known = KnownValues.NONE;

    /// @param values what is held now, such as [Secrets#values]
    public KnownRedactor(Supplier<Set<String>> values) {
        this.values = values;
    }

    @Override
    public String redact(String text) {
        var spans = new Spans(text);
        known().find(text, spans);
        return spans.replace();
    }

    @Override
    public JsonNode redact(JsonNode value) {
        return redact(value, 0);
    }

    private KnownValues known() {
        var held = values.get();
        var compiled = known;
        if (!compiled.areFor(held)) {
            compiled = new KnownValues(Set.copyOf(held));
            known = compiled;
        }
        return compiled;
    }

    private JsonNode redact(JsonNode value, int depth) {
        if (depth > DEEPEST) {
            return NODES.stringNode(Spans.mark("too-deep"));
        }
        if (value.isString()) {
            return NODES.stringNode(redact(value.stringValue()));
        }
        if (value instanceof ObjectNode object) {
            var copy = NODES.objectNode();
            object.properties()
                    .forEach(p -> copy.set(redact(p.getKey()), redact(p.getValue(), depth + 1)));
            return copy;
        }
        if (value instanceof ArrayNode list) {
            var copy = NODES.arrayNode();
            list.forEach(element -> copy.add(redact(element, depth + 1)));
            return copy;
        }
        return value;
    }
}
