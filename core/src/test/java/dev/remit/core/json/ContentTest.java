package dev.remit.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.secret.Redactor;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ContentTest {
    private static final Redactor NONE =
            new Redactor() {
                @Override
                public JsonNode redact(JsonNode value) {
                    return value;
                }

                @Override
                public String redact(String text) {
                    return text;
                }
            };

    @Test
    void whatever_text_comes_in_its_hash_survives_the_way_through_the_log() {
        for (var text :
                new String[] {
                    "plain", "\u0000", "😀", "half \ud83d", "\ude00 half", "\ud83d\ud83d😀"
                }) {
            var content = Content.clean(Json.object().set(text, Json.array().add(text)), NONE);
            var again = Content.derived(Json.parse(content.bytes()));
            assertThat(again).as(text).isEqualTo(content);
            assertThat(again.hash()).isEqualTo(content.hash());
        }
    }

    @Test
    void equal_values_have_one_hash_however_their_keys_are_ordered() {
        var one = Content.derived(Json.parse("{\"a\":1,\"b\":[{\"x\":1,\"y\":2}]}"));
        var other = Content.derived(Json.parse("{\"b\":[{\"y\":2,\"x\":1}],\"a\":1}"));
        assertThat(one.hash()).isEqualTo(other.hash());
    }
}
