package dev.remit.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static final Schema INCIDENT =
            Schema.compile(
                    Json.parse(
                            """
                            {"type": "object", "required": ["id", "severity"], "additionalProperties": false,
                             "properties": {
                               "id": {"type": "string", "minLength": 2, "pattern": "^INC-"},
                               "severity": {"enum": ["SEV1", "SEV2"]},
                               "at": {"type": "string", "format": "date-time"},
                               "steps": {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": 3},
                               "log": {"anyOf": [{"type": "string"}, {"type": "object", "required": ["line"]}]}}}
                            """));

    private static String faults(String value) {
        return String.join(
                "\n", INCIDENT.check(Json.parse(value)).stream().map(Object::toString).toList());
    }

    @Test
    void a_value_that_fits_has_no_faults() {
        assertThat(
                        faults(
                                "{\"id\":\"INC-1\",\"severity\":\"SEV1\",\"at\":\"2026-05-04T13:05:07+02:00\",\"steps\":[1,2],\"log\":{\"line\":1}}"))
                .isEmpty();
    }

    @Test
    void every_fault_is_told_at_its_place_and_in_words() {
        assertThat(
                        faults(
                                "{\"id\":\"7\",\"severty\":\"SEV1\",\"at\":\"soon\",\"steps\":[0,\"x\"],\"log\":[]}"))
                .contains("/id: must be at least 2 characters long")
                .contains("/id: does not match the regex pattern ^INC-")
                .contains("/at: ")
                .contains("/steps/0: must have a minimum value of 1")
                .contains("/steps/1: must be a whole number, not text")
                .contains(
                        "/log: fits none of the allowed forms: must be text, not a list, or must be an object")
                .contains("`severity` is missing")
                .contains("`severty` is not a field of this");
    }

    @Test
    void a_schema_that_describes_what_it_wants_is_told_in_its_own_words() {
        var schema =
                Schema.compile(
                        Json.parse(
                                """
                                {"$defs": {"time": {"description": "a date and time", "anyOf": [{"format": "date-time"}, {"pattern": "^now$"}]}},
                                 "properties": {
                                   "id": {"type": ["string", "null"], "pattern": "\\\\S", "description": "a text that is not blank"},
                                   "times": {"items": {"$ref": "#/$defs/time"}}}}
                                """));
        assertThat(schema.check(Json.parse("{\"id\": \" \", \"times\": [\"now\", \"soon\"]}")))
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(
                        "/id: does not fit: a text that is not blank",
                        "/times/1: does not fit: a date and time");
        assertThat(schema.check(Json.parse("{\"id\": 7}")))
                .extracting(SchemaFault::wrong)
                .contains("must be text or null, not a whole number");
    }

    @Test
    void a_fault_never_quotes_the_value() {
        assertThat(
                        faults(
                                "{\"id\":\"hunter2\",\"severity\":\"hunter2\",\"at\":\"hunter2\",\"steps\":\"hunter2\"}"))
                .isNotEmpty()
                .doesNotContain("hunter2");
    }

    @Test
    void the_number_of_faults_is_bounded() {
        var schema = Schema.compile(Json.parse("{\"items\": {\"type\": \"string\"}}"));
        var value = Json.array();
        for (int i = 0; i < 100_000; i++) {
            value.add(i);
        }
        assertThat(schema.check(value)).hasSize(51);
        assertThat(schema.check(value).getLast().wrong()).isEqualTo("and 99950 more faults");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"strin\"}",
                "{\"properties\": 3}",
                "{\"pattern\": \"(\"}",
                "[]",
                "\"text\"",
                "3",
                "{\"$ref\": \"https://example.com/x.json\"}",
                "{\"$ref\": \"file:///etc/passwd\"}",
                "{\"$ref\": \"classpath:draft/x\"}",
                "{\"$ref\": \"#/nowhere\"}",
                "{\"$schema\": \"http://example.com/mine\"}",
                "{\"properties\": {\"a\": {\"$ref\": \"http://example.com/\"}}}",
                "{\"required\": \"a\"}",
                "{\"pattern\": \"((a{1000}){1000}){1000}\"}",
                "{\"pattern\": \"(?=a)b\"}",
                "{\"minLength\": -1}"
            })
    void what_is_no_schema_is_refused(String schema) {
        assertThatThrownBy(() -> Schema.compile(Json.parse(schema)))
                .isInstanceOfSatisfying(
                        InvalidSchema.class, e -> assertThat(e.faults()).isNotEmpty());
    }

    @Test
    void a_schema_that_refers_to_itself_for_ever_is_a_fault_not_a_crash() {
        for (var text :
                new String[] {
                    "{\"$ref\": \"#\"}",
                    "{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"$ref\": \"#/$defs/a\"}}, \"$ref\": \"#/$defs/a\"}"
                }) {
            assertThat(Schema.compile(Json.parse(text)).check(Json.object())).hasSize(1);
        }
    }

    @Test
    void a_recursive_schema_works() {
        var tree =
                Schema.compile(
                        Json.parse(
                                "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"},\"n\":{\"type\":\"integer\"}}}"));
        assertThat(tree.check(Json.parse("{\"next\":{\"next\":{\"n\":1}}}"))).isEmpty();
        assertThat(
                        tree.check(Json.parse("{\"next\":{\"next\":{\"n\":\"x\"}}}"))
                                .getFirst()
                                .pointer())
                .isEqualTo("/next/next/n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": 1, \"b\": [\"x\", \"y\"], \"c\": {\"d\": true}, \"e\": 0.5}",
                "[{\"a\": 1, \"b\": 2.5}, {\"a\": 1.5}]",
                "{\"n\": null, \"list\": []}",
                "\"text\"",
                "[1, \"a\", null, {\"x\": [1]}, [2]]",
                "{}",
                "null"
            })
    void an_example_fits_the_schema_derived_from_it(String example) {
        var schema = Schema.compile(Schema.derive(Json.parse(example)));
        assertThat(schema.check(Json.parse(example))).isEmpty();
    }

    @Test
    void a_derived_schema_demands_what_the_example_has() {
        var schema =
                Schema.derive(
                        Json.parse(
                                "{\"title\": \"x\", \"steps\": [{\"n\": 1, \"who\": \"a\"}, {\"n\": 2}]}"));
        assertThat(schema)
                .isEqualTo(
                        Json.parse(
                                """
                                {"type": "object", "properties": {"title": {"type": "string"}, "steps": {"type": "array",
                                 "items": {"type": "object", "properties": {"n": {"type": "integer"}, "who": {"type": "string"}},
                                  "required": ["n"], "additionalProperties": false}}},
                                 "required": ["title", "steps"], "additionalProperties": false}
                                """));
    }
}
