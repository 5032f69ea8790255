package dev.remit.core.text;

import dev.remit.core.json.InvalidSchema;
import dev.remit.core.json.Schema;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// JSON Schemas in files.
public final class Schemas {
    private Schemas() {}

    /// The schema at a pointer; absent, with faults, if it is none.
    public static Optional<JsonNode> compiled(Source source, String pointer, Faults faults) {
        var schema = source.at(pointer);
        try {
            Schema.compile(schema);
            return Optional.of(schema);
        } catch (InvalidSchema e) {
            e.faults()
                    .forEach(f ->
                            faults.add(
                                    source.file(),
                                    source.value(pointer + f.pointer()),
                                    "this is no JSON Schema: " + f.wrong(),
                                    "see json-schema.org, draft 2020-12"));
            return Optional.empty();
        }
    }
}
