package dev.remit.core.agent;

import dev.remit.core.json.Schema;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Schemas;
import dev.remit.core.text.Source;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds the schema of an input or an answer: inline, in a file, or derived from an example.
final class SchemaFiles {
    private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

    private final Folder folder;
    private final Faults faults;

    SchemaFiles(Folder folder) {
        this.folder = folder;
        this.faults = folder.faults();
    }

    /// @param kind `input` or `answer`: the key, and the name of the files that are looked for
    @Nullable JsonNode read(Fields fields, String kind) {
        var given = fields.get(kind);
        var example = existing(kind + ".example");
        JsonNode schema;
        if (given == null) {
            if (fields.has(kind)) {
                fields.fault(
                        kind,
                        "`" + kind + "` has no value",
                        "the name of a file, a schema, or leave the key out");
            }
            var file = existing(kind + ".schema");
            schema =
                    file.isPresent()
                            ? file.flatMap(this::fromFile).orElse(null)
                            : example.flatMap(this::derived).orElse(null);
        } else if (given.isString()) {
            schema = named(fields, kind, given.asString(), example).orElse(null);
        } else if (given instanceof ObjectNode) {
            schema = compiled(fields.source(), fields.pointer(kind)).orElse(null);
        } else {
            fields.wrongType(
                    kind, "the name of a file or a schema", "such as " + kind + ".schema.yaml");
            return null;
        }
        if (schema != null && example.isPresent()) {
            fits(schema, example.get());
        }
        return schema;
    }

    private Optional<JsonNode> named(
            Fields fields, String kind, String path, Optional<String> example) {
        if (ENDINGS.stream().noneMatch(path::endsWith)) {
            fields.fault(
                    kind,
                    "`" + path + "` is no YAML or JSON file",
                    "a file such as " + kind + ".schema.yaml");
            return Optional.empty();
        }
        if (folder.has(path)) {
            return path.contains(".example.") ? derived(path) : fromFile(path);
        }
        if (example.isPresent() && path.startsWith(kind + ".schema.")) {
            return derived(example.get());
        }
        fields.fault(
                kind,
                "there is no file " + folder.named(path),
                Nearest.to(path, folder.files().keySet())
                        .map(near -> "did you mean `" + near + "`?")
                        .orElse("add it, or an example of it as " + kind + ".example.yaml"));
        return Optional.empty();
    }

    private Optional<String> existing(String name) {
        return ENDINGS.stream().map(ending -> name + ending).filter(folder::has).findFirst();
    }

    private Optional<JsonNode> derived(String path) {
        return folder.source(path).map(source -> Schema.derive(source.root()));
    }

    private Optional<JsonNode> fromFile(String path) {
        return folder.source(path).flatMap(source -> compiled(source, ""));
    }

    /// The schema at a pointer; absent, with faults, if it is none.
    Optional<JsonNode> compiled(Source source, String pointer) {
        return Schemas.compiled(source, pointer, faults);
    }

    private void fits(JsonNode schema, String example) {
        folder.source(example)
                .ifPresent(source ->
                        Schema.compile(schema)
                                .check(source.root())
                                .forEach(f ->
                                        faults.add(
                                                source.file(),
                                                source.value(f.pointer()),
                                                "the example does not fit the schema: " + f.wrong(),
                                                "change one of them")));
    }

    /// The names of the fields that a schema gives an object; empty if it does not say.
    static Stream<String> fields(@Nullable JsonNode schema) {
        return schema != null && schema.path("properties") instanceof ObjectNode properties
                ? properties.propertyNames().stream()
                : Stream.empty();
    }
}
