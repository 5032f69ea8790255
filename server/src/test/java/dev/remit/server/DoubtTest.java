package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.hands.fake.Behaviour;
import dev.remit.hands.fake.EffectServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// An effect whose end nobody knows goes to a person, through the API.
@Tag("slow")
class DoubtTest {
    @TempDir static Path home;
    @TempDir static Path world;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(home);
    }

    @AfterAll
    static void stop() {
        server.close();
        Leftovers.delete(home);
    }

    private static Map<String, String> clerk(String name, EffectServer world) {
        var files =
                Folders.agent(
                        name,
                        "may: [ticket.create]\n",
                        """
                        replies:
                          - when: turn == 1
                            calls:
                              - tool: ticket.create
                                arguments: { title: "For ${input.name}", evidence: "asked by ${input.name}" }
                          - answer: { greeting: "Done, ${input.name}: ${size(results) > 0 ? 'told' : 'not told'}" }
                        """);
        files.put(
                "tools/ticket.create.yaml",
                """
                remit: tool/v1
                description: Creates a ticket.
                tier: 2
                idempotent: false
                timeout: 5s
                attempts: 1
                input:
                  type: object
                  properties: { title: { type: string } }
                  required: [title]
                http:
                  method: POST
                  url: %s/tickets
                """
                        .formatted(world.url()));
        return files;
    }

    private static String inDoubt(String agent) {
        var input = Json.object().put("name", "Di");
        var id = server.client.open(agent, input).expect(201).text("/id");
        JsonNode idle = server.client.idle(id, "trouble");
        assertThat(idle.path("status").asString("")).isEqualTo("idle");
        assertThat(idle.at("/waiting/in_doubt")).hasSize(1);
        return id;
    }

    @Test
    void what_a_person_says_happened_is_not_done_again() throws Exception {
        var plan = EffectServer.Plan.script(Behaviour.cutAfter(), Behaviour.done());
        try (var world = EffectServer.start(DoubtTest.world.resolve("a"), plan, false)) {
            server.client.apply(clerk("clerk-a", world)).expect(200);
            var id = inDoubt("clerk-a");
            var resolve = "/v1/sessions/" + id + ":resolve";
            var other = Json.object().put("action", "9.9").put("happened", true);
            server.client.post(resolve, other).expect(409);
            server.client.post(resolve, Json.object().put("happened", true)).expect(202);
            assertThat(server.client.closed(id).at("/outcome/status").asString(""))
                    .isEqualTo("good");
            assertThat(world.effects()).hasSize(1);
            server.client.post(resolve, Json.object().put("happened", true)).expect(409);
        }
    }

    @Test
    void what_a_person_says_did_not_happen_is_done_once() throws Exception {
        var plan = EffectServer.Plan.script(Behaviour.cutBefore(), Behaviour.done());
        try (var world = EffectServer.start(DoubtTest.world.resolve("b"), plan, false)) {
            server.client.apply(clerk("clerk-b", world)).expect(200);
            var id = inDoubt("clerk-b");
            server.client
                    .post("/v1/sessions/" + id + ":resolve", Json.object().put("happened", false))
                    .expect(202);
            assertThat(server.client.closed(id).at("/outcome/status").asString(""))
                    .isEqualTo("good");
            assertThat(world.effects()).hasSize(1);
        }
    }
}
