package dev.remit.gateway.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import dev.remit.gateway.Requests;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ToolNamesTest {
    @Test
    void names_that_would_be_the_same_are_kept_apart_and_come_back() {
        var names =
                ToolNames.of(
                        Requests.to("openai")
                                .tool("a.b")
                                .tool("a_b")
                                .tool("a-b")
                                .tool("answer")
                                .tool("x".repeat(70))
                                .tool("x".repeat(71))
                                .make());
        var wires = new HashSet<String>();
        for (var tool :
                new String[] {"a.b", "a_b", "a-b", "answer", "x".repeat(70), "x".repeat(71)}) {
            var wire = names.wire(tool);
            assertThat(wire).matches("[a-zA-Z0-9_-]{1,64}").isNotEqualTo("answer");
            assertThat(wires.add(wire)).isTrue();
            assertThat(names.tool(wire)).isEqualTo(tool);
        }
        assertThat(names.wire("a.b")).isEqualTo("a_b");
        assertThat(names.wire("a-b")).isEqualTo("a-b");
    }

    @Test
    void tools_that_only_the_past_speaks_of_do_not_change_the_names_of_those_offered() {
        var now = Requests.to("openai").tool("a.b").tool("c.d");
        var before = ToolNames.of(now.make());
        var after =
                ToolNames.of(
                        now.says(Role.ASSISTANT, new Part.ToolUse("1", "a_b", Json.object()))
                                .make());
        assertThat(after.wire("a.b")).isEqualTo(before.wire("a.b"));
        assertThat(after.tool(after.wire("a_b"))).isEqualTo("a_b");
    }

    @Test
    void any_names_are_reversible() {
        var letters = "ab._-é漢 ";
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new SplittableRandom(seed);
            var request = Requests.to("openai");
            var tools = new HashSet<String>();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                var name = new StringBuilder();
                for (int j = random.nextInt(1, random.nextInt(20) == 0 ? 90 : 6); j > 0; j--) {
                    name.append(letters.charAt(random.nextInt(letters.length())));
                }
                if (tools.add(name.toString())) {
                    request.tool(name.toString());
                }
            }
            var names = ToolNames.of(request.make());
            for (var tool : tools) {
                var wire = names.wire(tool);
                assertThat(wire).as("seed %d", seed).matches("[a-zA-Z0-9_-]{1,64}");
                assertThat(names.tool(wire)).as("seed %d", seed).isEqualTo(tool);
            }
        }
    }
}
