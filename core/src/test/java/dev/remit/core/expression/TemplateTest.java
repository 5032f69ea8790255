package dev.remit.core.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TemplateTest {
    private static final Map<String, JsonNode> NAMES =
            Map.of("input", Json.parse("{\"id\": 7, \"name\": \"Ada\", \"tags\": [\"a\", null]}"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "${input.id}|7",
                "${input.tags}|[\"a\",null]",
                "id ${input.id}|\"id 7\"",
                "${input.name}: ${input.tags}|\"Ada: [\\\"a\\\",null]\"",
                "$${input.id}|\"${input.id}\"",
                "costs $5 {x}|\"costs $5 {x}\"",
                "${{'a': {'b': '}'}}}|{\"a\":{\"b\":\"}\"}}",
                "${'it\\'s }' + \"}\"}|\"it's }}\"",
                "${'''a'}'''}|\"a'}\"",
                "$${${input.id}}|\"${7}\"",
            })
    void a_text_is_filled(String template, String filled) {
        assertThat(Template.fill(Json.text(template), NAMES)).isEqualTo(Json.parse(filled));
    }

    @Test
    void a_tree_is_filled_and_what_is_no_text_stays() {
        var template =
                Json.parse("{\"${input.id}\": [1, true, null, {\"x\": \"${input.id + 1}\"}]}");
        assertThat(Template.fill(template, NAMES))
                .isEqualTo(Json.parse("{\"${input.id}\": [1, true, null, {\"x\": 8}]}"));
    }

    @Test
    void every_fault_is_told_with_its_pointer() {
        var template =
                Json.parse(
                        "{\"a\": [\"ok\", \"${inpt.x}\"], \"b/c\": \"${input.\", \"d\": \"${1 +}\"}");
        assertThat(Template.mistakes(template, Set.of("input")))
                .extracting(Template.Mistake::pointer)
                .containsExactly("/a/1", "/b~1c", "/d");
    }

    @Test
    void a_failure_names_the_place() {
        assertThatThrownBy(() -> Template.fill(Json.parse("{\"a\": \"x ${input.nope}\"}"), NAMES))
                .isInstanceOf(Template.Fault.class)
                .hasMessageContaining("/a: `x ${input.nope}`")
                .hasMessageContaining("nope");
    }

    @Test
    void any_key_may_be_among_the_names() {
        var names = new java.util.HashMap<>(NAMES);
        for (var key :
                new String[] {
                    "type", "int", "map", "size", "has", "x y", "in", "", "a.b", "true", "@result",
                    "Ä", "find", "json", "dyn"
                }) {
            names.put(key, Json.text(key));
        }
        assertThat(Template.fill(Json.text("${input.id + 1} ${size('abc')} ${int('4')}"), names))
                .isEqualTo(Json.text("8 3 4"));
    }
}
