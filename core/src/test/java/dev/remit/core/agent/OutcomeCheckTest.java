package dev.remit.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.AgentDefinition.Check;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OutcomeCheckTest {
    private static AgentDefinition agent(@Nullable JsonNode schema, Check... checks) {
        return new AgentDefinition(
                "a",
                Hash.of("v"),
                "",
                null,
                null,
                null,
                "capable",
                "",
                null,
                schema,
                List.of(),
                List.of(),
                AgentDefinition.OnTrouble.ESCALATE,
                null,
                AgentDefinition.Limits.DEFAULT,
                List.of(checks),
                null,
                null,
                Map.of(),
                Map.of(),
                null);
    }

    private static List<String> check(AgentDefinition agent, String answer) {
        return OutcomeCheck.check(agent, Json.parse(answer), Json.parse("{\"max\": 2}"));
    }

    @Test
    void an_answer_without_demands_passes() {
        assertThat(check(agent(null), "\"anything\"")).isEmpty();
    }

    @Test
    void the_schema_is_checked_with_places() {
        var agent =
                agent(
                        Json.parse(
                                "{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"}}}"));
        assertThat(check(agent, "{\"n\":1}")).isEmpty();
        assertThat(check(agent, "{\"n\":\"x\"}"))
                .containsExactly("in the answer at /n: must be a whole number, not text");
        assertThat(check(agent, "{}")).containsExactly("in the answer: `n` is missing");
        assertThat(check(agent, "\"n\""))
                .containsExactly("in the answer: must be an object, not text");
    }

    @Test
    void a_check_that_is_anything_but_true_fails() {
        for (var when :
                new String[] {
                    "answer.n > input.max",
                    "answer.nope",
                    "answer.n",
                    "'true'",
                    "1/0 == 1",
                    "no cel at all"
                }) {
            assertThat(check(agent(null, new Check(when, "n must be small")), "{\"n\":1}"))
                    .as(when)
                    .containsExactly("n must be small");
        }
        assertThat(
                        check(
                                agent(null, new Check("answer.n <= input.max", "n must be small")),
                                "{\"n\":1}"))
                .isEmpty();
    }
}
