package dev.remit.gateway.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.remit.core.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {
    private static final List<String> SCHEMAS =
            List.of(
                    "{}",
                    "true",
                    "{\"type\":\"string\",\"minLength\":30}",
                    "{\"type\":\"string\",\"maxLength\":4}",
                    "{\"type\":\"string\",\"format\":\"date-time\"}",
                    "{\"type\":\"string\",\"pattern\":\"^INC-\\\\d+$\",\"examples\":[\"INC-1\"]}",
                    "{\"enum\":[\"P0\",\"P1\"]}",
                    "{\"const\":7}",
                    "{\"type\":\"number\",\"minimum\":0,\"maximum\":1}",
                    "{\"type\":\"number\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":1}",
                    "{\"type\":\"integer\",\"minimum\":7,\"multipleOf\":5}",
                    "{\"type\":\"integer\",\"exclusiveMinimum\":3}",
                    "{\"type\":\"integer\",\"maximum\":-4}",
                    "{\"type\":[\"null\",\"string\"]}",
                    "{\"type\":\"array\",\"minItems\":2,\"items\":{\"type\":\"boolean\"}}",
                    "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}",
                    """
                    {"allOf":[{"type":"object","required":["a"]},
                              {"required":["b"],"properties":{"b":{"type":"integer"}}}],
                     "properties":{"a":{"type":"string"}}}
                    """,
                    """
                    {"type":"object","required":["steps"],"additionalProperties":false,
                     "properties":{"steps":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/step"}},
                                   "note":{"type":"string"}},
                     "$defs":{"step":{"type":"object","required":["do","rank"],
                       "properties":{"do":{"type":"string"},"rank":{"enum":[1,2]}}}}}
                    """);

    @Test
    void a_sample_satisfies_its_schema() {
        var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        for (var text : SCHEMAS) {
            var schema = Json.parse(text);
            var sample = Sample.of(schema);
            assertThat(registry.getSchema(schema).validate(sample))
                    .as("%s for %s", sample, text)
                    .isEmpty();
        }
    }

    @Test
    void a_schema_that_holds_itself_comes_to_an_end() {
        var tree =
                Json.parse(
                        """
                        {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["next"],
                         "properties":{"next":{"$ref":"#/$defs/node"}}}}}
                        """);
        assertThat(Sample.of(tree).has("next")).isTrue();
        assertThat(Sample.of(Json.parse("{\"$ref\":\"#\"}"))).isNotNull();
        assertThat(Sample.of(Json.parse("{\"allOf\":[{\"$ref\":\"#\"}]}"))).isNotNull();
    }
}
