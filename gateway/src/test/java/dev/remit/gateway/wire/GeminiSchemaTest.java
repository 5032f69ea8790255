package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class GeminiSchemaTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string','minLength':2} | {'type':'STRING','minLength':2}",
                "{'type':['string','null']} | {'nullable':true,'type':'STRING'}",
                "{'type':'string','const':'a'} | {'type':'STRING','format':'enum','enum':['a']}",
                "{'const':'a'} | {'type':'STRING','format':'enum','enum':['a']}",
                "{'enum':['a',null]} | {'type':'STRING','nullable':true,'format':'enum','enum':['a']}",
                "{'type':'integer','const':3} | {'type':'INTEGER','minimum':3,'maximum':3}",
                "{'type':'integer','exclusiveMinimum':0} | {'type':'INTEGER','minimum':1}",
                "{'type':'string','format':'email'} | {'type':'STRING','description':'(format: email)'}",
                "{'type':'string','format':'date-time','description':'d'} | {'type':'STRING','format':'date-time','description':'d'}",
                "{'type':'array','items':{'type':'number'}} | {'type':'ARRAY','items':{'type':'NUMBER'}}",
                "{'oneOf':[{'type':'string'},{'type':'integer'}]} | {'anyOf':[{'type':'STRING'},{'type':'INTEGER'}]}",
                "{'anyOf':[{'type':'string'},{'type':'null'}]} | {'nullable':true,'type':'STRING'}",
                "{'type':['string','integer']} | {'anyOf':[{'type':'STRING'},{'type':'INTEGER'}]}",
                "{'type':'object','properties':{'a':{'type':'boolean'}},'required':['a'],'additionalProperties':false,'$schema':'x'} | {'type':'OBJECT','properties':{'a':{'type':'BOOLEAN'}},'required':['a']}",
                "{'type':'object','properties':{'a':{'$ref':'#/$defs/A'}},'$defs':{'A':{'type':'string'}}} | {'type':'OBJECT','properties':{'a':{'type':'STRING'}}}",
                "{'allOf':[{'type':'object','properties':{'a':{'type':'string'}},'required':['a']},{'properties':{'b':{'type':'string'}},'required':['b']}]} | {'type':'OBJECT','properties':{'a':{'type':'STRING'},'b':{'type':'STRING'}},'required':['a','b']}"
            })
    void what_the_subset_can_say_keeps_its_meaning(String schema, String expected) {
        assertThat(canonical(GeminiSchema.of(json(schema)))).isEqualTo(canonical(json(expected)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "{}",
                "{'type':'object'}",
                "{'type':'object','additionalProperties':{'type':'string'}}",
                "{'type':'integer','enum':[1,2]}",
                "{'type':'number','exclusiveMinimum':0}",
                "{'not':{'type':'string'}}",
                "{'type':'string','enum':['']}",
                "{'type':'array'}",
                "{'type':'array','items':{'type':'string'},'uniqueItems':true}",
                "{'$ref':'#'}",
                "{'$ref':'#/$defs/missing'}",
                "{'$ref':'https://example.com/schema'}",
                "{'type':'object','properties':{'next':{'$ref':'#'}}}"
            })
    void what_it_cannot_say_is_not_bent(String schema) {
        assertThat(GeminiSchema.of(json(schema))).isNull();
    }

    @Test
    void a_schema_that_grows_without_end_is_not_converted() {
        var schema = Json.object().put("$ref", "#/$defs/a0");
        var definitions = schema.putObject("$defs");
        for (int i = 0; i < 30; i++) {
            var properties =
                    definitions.putObject("a" + i).put("type", "object").putObject("properties");
            properties.putObject("x").put("$ref", "#/$defs/a" + (i + 1));
            properties.putObject("y").put("$ref", "#/$defs/a" + (i + 1));
        }
        definitions.putObject("a30").put("type", "string");

        assertThat(GeminiSchema.of(schema)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'OBJECT','properties':{'any_of':{'type':'STRING','nullable':true}},'propertyOrdering':['any_of']} | {'type':'object','properties':{'any_of':{'type':['string','null']}}}",
                "{'type':'STRING','format':'enum','enum':['a']} | {'type':'string','enum':['a']}",
                "{'type':'ARRAY','items':{'type':'INTEGER'},'minItems':'2'} | {'type':'array','items':{'type':'integer'},'minItems':2}",
                "{'any_of':[{'type':'STRING'},{'type':'NUMBER'}]} | {'anyOf':[{'type':'string'},{'type':'number'}]}"
            })
    void a_schema_of_geminis_is_said_in_json_schema(String schema, String expected) {
        assertThat(Json.write(GeminiSchema.toJsonSchema(json(schema))))
                .isEqualTo(Json.write(json(expected)));
    }

    private static String canonical(JsonNode node) {
        return new String(Json.canonical(node), UTF_8);
    }

    private static JsonNode json(String quoted) {
        return Json.parse(quoted.replace('\'', '"'));
    }
}
