package dev.remit.core.json;

import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// A JSON Schema (draft 2020-12, or an older draft if `$schema` says so). Thread-safe.
///
/// Nothing is ever loaded from elsewhere: a `$ref` leads into the schema itself. Regular
/// expressions are in RE2 syntax, `format` is checked.
public final class Schema {
    private static final int MOST_STEPS = 2_000_000;
    private static final int DEEPEST = 300;

    private static final Recent<JsonNode, Schema> COMPILED = new Recent<>(500);

    private final com.networknt.schema.Schema schema;

    private Schema(com.networknt.schema.Schema schema) {
        this.schema = schema;
    }

    /// Loaded on first use; see the initialization-on-demand holder idiom.
    private static final class Loaded {
        static final SchemaRegistry REGISTRY = registry();
    }

    private static SchemaRegistry registry() {
        var config =
                SchemaRegistryConfig.builder()
                        .pathType(PathType.JSON_POINTER)
                        .locale(Locale.ROOT)
                        .formatAssertionsEnabled(true)
                        .regularExpressionFactory(Schema::regex)
                        .build();
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                registry ->
                        registry.schemaCacheEnabled(false)
                                .schemaLoader(l -> l.allow(iri -> isDraft(iri.toString())))
                                .schemaRegistryConfig(config));
    }

    private static boolean isDraft(String iri) {
        return iri.startsWith("https://json-schema.org/draft")
                || iri.startsWith("http://json-schema.org/draft")
                || iri.startsWith("classpath:draft");
    }

    private static com.networknt.schema.regex.RegularExpression regex(String regex) {
        var compiled = Regex.compile(regex);
        return text -> compiled.matcher(text).find();
    }

    /// @throws InvalidSchema if it is not a schema
    public static Schema compile(JsonNode schema) {
        return COMPILED.get(schema, () -> new Schema(load(schema)));
    }

    private static com.networknt.schema.Schema load(JsonNode schema) {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw invalid("", "a schema is an object, such as {type: object}");
        }
        try {
            var draft =
                    schema.path("$schema")
                            .asString(SpecificationVersion.DRAFT_2020_12.getDialectId());
            if (SpecificationVersion.fromDialectId(draft).isEmpty()) {
                throw invalid("/$schema", "not a known draft of JSON Schema; leave it out");
            }
            var faults = faults(Loaded.REGISTRY.getSchema(SchemaLocation.of(draft)), schema);
            if (!faults.isEmpty()) {
                throw new InvalidSchema(faults);
            }
            var loaded = Loaded.REGISTRY.getSchema(schema);
            loaded.initializeValidators();
            return loaded;
        } catch (SchemaException | com.google.re2j.PatternSyntaxException e) {
            throw invalid("", plain(e));
        }
    }

    private static InvalidSchema invalid(String pointer, String wrong) {
        return new InvalidSchema(List.of(new SchemaFault(pointer, wrong)));
    }

    private static String plain(RuntimeException e) {
        var message = String.valueOf(e.getMessage());
        if (message.contains("Failed to load")) {
            return "a $ref may only lead into the same file, as in \"#/$defs/name\"";
        }
        return message.lines().findFirst().orElse("not a schema");
    }

    /// @return every place that is wrong, up to a bound; empty if the value is as the schema says
    public List<SchemaFault> check(JsonNode value) {
        return faults(schema, value);
    }

    private static List<SchemaFault> faults(com.networknt.schema.Schema schema, JsonNode value) {
        try {
            return SchemaWords.faults(
                    schema.validate(
                            value,
                            context ->
                                    context.executionConfig(config ->
                                            config.maxEvaluationSteps(MOST_STEPS)
                                                    .maxEvaluationDepth(DEEPEST))),
                    schema.getSchemaNode());
        } catch (ValidationLimitExceededException | StackOverflowError e) {
            return List.of(
                    new SchemaFault(
                            "",
                            "the schema takes too much work to check; does it refer to itself?"));
        }
    }

    /// A schema that the example fits: every field that it has is required, and no other is
    /// allowed. Where a list has several elements, a field is required if all of them have it.
    public static JsonNode derive(JsonNode example) {
        return SchemaExample.derive(example);
    }
}
