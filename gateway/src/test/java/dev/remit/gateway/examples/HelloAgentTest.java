package dev.remit.gateway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelloAgentTest {
    private static final Example EXAMPLE = Example.read("hello-agent");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"question\": \"What happens when the plug is pulled?\"}",
                "\"What happens when the plug is pulled?\"",
                "{}",
                "[1, null]",
                "{\"question\": \"${x} '\\\" }}\"}"
            })
    void it_searches_and_then_answers_from_what_it_found(String question) {
        var agent = EXAMPLE.agents().getFirst();
        var input = Json.parse(question);
        var call = Example.rehearse(agent, input);
        assertThat(call.toolUses()).hasSize(1);
        var use = call.toolUses().getFirst();
        assertThat(use.tool()).isEqualTo("knowledge.search");
        assertThat(use.arguments().path("query").asString()).isNotBlank();

        var found =
                """
                {"places": [{"path": "knowledge/sessions.md", "line": 5, "text": "nothing is done again"}]}
                """;
        var answer = Json.parse(Example.rehearse(agent, input, call, result(use, found)).text());
        assertThat(answer.path("answer").asString()).contains("nothing is done again");
        assertThat(answer.path("sources")).isEqualTo(Json.parse("[\"knowledge/sessions.md\"]"));
        assertThat(Example.faults(agent, answer, input)).isEmpty();

        var nothing = Example.rehearse(agent, input, call, result(use, "{\"places\": []}"));
        assertThat(Example.faults(agent, Json.parse(nothing.text()), input)).isEmpty();
    }

    private static Message result(Part.ToolUse use, String text) {
        return new Message(Role.USER, List.of(new Part.ToolResult(use.id(), text, false)));
    }
}
