package dev.remit.hands.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.hands.fake.EffectServer.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectServerTest {
    @TempDir Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private int post(URI url, String key) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(url)
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"n\":1}"))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void it_does_what_its_script_says_and_remembers_what_really_happened() throws Exception {
        var journal = folder.resolve("effects.jsonl");
        try (var server =
                EffectServer.start(
                        journal,
                        Plan.script(
                                Behaviour.done(),
                                Behaviour.refused(429),
                                Behaviour.cutBefore(),
                                Behaviour.cutAfter(),
                                Behaviour.failedAfter(500)),
                        false)) {
            assertThat(post(server.url().resolve("/a"), "k1")).isEqualTo(200);
            assertThat(post(server.url().resolve("/a"), "k2")).isEqualTo(429);
            assertThatThrownBy(() -> post(server.url().resolve("/a"), "k3"))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> post(server.url().resolve("/a"), "k4"))
                    .isInstanceOf(IOException.class);
            assertThat(post(server.url().resolve("/a"), "k5")).isEqualTo(500);
            assertThat(post(server.url().resolve("/a?behave=refused-503"), "k6")).isEqualTo(503);
            assertThat(server.effects().stream().map(Effect::key).toList())
                    .containsExactly("k1", "k4", "k5");
        }
        assertThat(Effect.in(journal)).hasSize(3);
    }

    @Test
    void once_per_key_holds_over_a_restart_and_half_a_line_did_not_happen() throws Exception {
        var journal = folder.resolve("effects.jsonl");
        try (var server = EffectServer.start(journal, Plan.script(Behaviour.done()), true)) {
            post(server.url(), "k1");
            post(server.url(), "k1");
        }
        Files.writeString(journal, "{\"number\":2,\"key\":\"k2", StandardOpenOption.APPEND);
        assertThat(Effect.in(journal)).hasSize(1);
        try (var server = EffectServer.start(journal, Plan.script(Behaviour.done()), true)) {
            post(server.url(), "k1");
            post(server.url(), "k2");
            assertThat(server.effects().stream().map(e -> e.number() + e.key()).toList())
                    .containsExactly("1k1", "2k2");
        }
    }

    @Test
    void in_a_process_of_its_own_it_survives_a_kill_without_losing_an_answered_effect()
            throws Exception {
        var journal = folder.resolve("effects.jsonl");
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                EffectServer.class.getName(),
                                "--journal",
                                journal.toString(),
                                "--seed",
                                "7",
                                "--rate",
                                "cut-after=0.2",
                                "--rate",
                                "refused-429=0.1")
                        .redirectError(folder.resolve("err.log").toFile())
                        .start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var url = URI.create(out.readLine().replace("listening on ", "") + "/a");
            var answered = new ArrayList<String>();
            for (int i = 0; i < 40; i++) {
                try {
                    if (post(url, "k" + i) == 200) {
                        answered.add("k" + i);
                    }
                } catch (IOException e) {
                    // cut, as asked for
                }
            }
            process.destroyForcibly().waitFor();
            var keys = new HashSet<>(Effect.in(journal).stream().map(Effect::key).toList());
            assertThat(keys).containsAll(answered).hasSizeGreaterThan(answered.size());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void a_seed_gives_the_same_faults_again() {
        assertThat(faults(5)).isEqualTo(faults(5)).isNotEqualTo(faults(6));
        assertThat(faults(5).chars().filter(c -> c == '0').count()).isBetween(80L, 120L);
    }

    private static String faults(long seed) {
        var plan = Plan.random(seed, Map.of(Behaviour.cutAfter(), 0.5));
        var out = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            out.append(plan.of(new Received("POST", "/", Map.of(), "")).status() == 0 ? '0' : '1');
        }
        return out.toString();
    }
}
