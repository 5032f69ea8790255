package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.server.home.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `remit.yaml` and a running server.
@Tag("slow")
class SettingsTest {
    @TempDir Path folder;

    @Test
    void an_edit_holds_without_a_restart_and_a_bad_one_is_refused_with_its_line()
            throws IOException {
        var home = Files.createDirectory(folder.resolve("home"));
        var file = folder.resolve("acme.yaml");
        Files.writeString(file, "remit: server/v1\norganisation: a\nroutes: { fast: openai/x }\n");
        try (var server = new TestServer(home, "--config", file.toString())) {
            var first = server.client.get("/v1/settings").expect(200);
            assertThat(first.text("/organisation")).isEqualTo("a");
            assertThat(first.text("/file")).isEqualTo(file.toString());
            assertThat(first.text("/routes/0/targets/0/model")).isEqualTo("openai/x");
            assertThat(first.body().has("refused")).isFalse();
            assertThat(first.text("/providers/0/name")).isEqualTo("anthropic");
            assertThat(first.text("/providers/0/key")).isEqualTo("missing");
            var key = Json.object().put("value", "sk-ant-0123456789");
            server.client.put("/v1/credentials/anthropic", key).expect(204);
            assertThat(server.client.get("/v1/settings").text("/providers/0/key"))
                    .isEqualTo("held");
            assertThat(server.client.get("/v1/teams").body().path("items")).isEmpty();
            Files.writeString(
                    file, "remit: server/v1\nteams: { growth: { description: Sells } }\n");
            var teams =
                    until(server.client, "/v1/teams", sent -> !sent.body().path("items").isEmpty());
            assertThat(teams.text("/items/0/name")).isEqualTo("growth");
            assertThat(teams.text("/items/0/description")).isEqualTo("Sells");
            Files.writeString(file, "remit: server/v1\norganisation: a\n");
            until(server.client, sent -> sent.text("/organisation").equals("a"));
            Files.writeString(file, "remit: server/v1\norganization: b\n");
            var refused = until(server.client, sent -> sent.body().has("refused"));
            assertThat(refused.text("/organisation")).isEqualTo("a");
            assertThat(refused.body().at("/refused/faults/0/line").intValue()).isEqualTo(2);
            assertThat(refused.text("/refused/faults/0/right"))
                    .isEqualTo("did you mean `organisation`?");
            assertThat(server.read("logs/server.log")).contains("acme.yaml:2:1: `organization`");
            Files.writeString(file, "remit: server/v1\norganisation: c\n");
            var newest = until(server.client, sent -> !sent.body().has("refused"));
            assertThat(newest.text("/organisation")).isEqualTo("c");
        } finally {
            Leftovers.delete(home);
        }
    }

    private static ApiClient.Answer until(ApiClient client, Predicate<ApiClient.Answer> holds) {
        return until(client, "/v1/settings", holds);
    }

    private static ApiClient.Answer until(
            ApiClient client, String path, Predicate<ApiClient.Answer> holds) {
        var end = Instant.now().plus(Duration.ofSeconds(30));
        while (true) {
            var sent = client.get(path).expect(200);
            if (holds.test(sent) || Instant.now().isAfter(end)) {
                assertThat(holds.test(sent)).isTrue();
                return sent;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void a_server_does_not_start_on_a_file_with_a_fault() throws IOException {
        var home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(home.resolve("remit.yaml"), "remit: server/v1\nrouts: {}\n");
        var options = Options.parse(new String[] {"--home", home.toString()}, Map.of());
        assertThatThrownBy(() -> Serve.start(options, new Stop(), step -> {}).close())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("remit.yaml:2:1: `routs` is not known here");
    }
}
