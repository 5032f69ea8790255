package dev.remit.core.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import org.junit.jupiter.api.Test;

class UsageTest {
    @Test
    void logs_from_before_sound_was_counted_are_read_and_look_the_same() {
        var before =
                "{\"input\":5,\"cache_read\":1,\"cache_write\":0,\"output\":2,\"reasoning\":1}";
        var usage = Json.mapper().readValue(before, Usage.class);
        assertThat(usage).isEqualTo(new Usage(5, 1, 0, 2, 1, 0));
        assertThat(Json.write(Json.tree(usage))).isEqualTo(before);
    }

    @Test
    void sound_is_part_of_the_input_and_is_kept_and_added_up() {
        var usage = new Usage(5, 0, 0, 2, 0, 3);
        assertThat(Json.mapper().treeToValue(Json.tree(usage), Usage.class)).isEqualTo(usage);
        assertThat(usage.plus(usage)).isEqualTo(new Usage(10, 0, 0, 4, 0, 6));
        assertThat(usage.tokens()).isEqualTo(7);
        assertThatThrownBy(() -> new Usage(5, 0, 0, 2, 0, 6))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
