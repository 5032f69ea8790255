package dev.remit.hands.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.hands.Invocations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class FunctionsTest {
    private static final Map<String, String> FILES =
            Map.of(
                    "agent.yaml", "secret plans about redis",
                    "instructions.md", "redis redis redis",
                    "knowledge/redis.md",
                            "# Redis\n\nHow we run it.\n\n## Failover\n\nIf the master is down, trigger a failover by hand:\n`sentinel failover mymaster`.\n\n## Memory\n\nFlush the cache of sessions first.\n",
                    "knowledge/kafka.md",
                            "# Kafka\n\nConsumers lag when brokers restart.\nRestarted brokers need ten minutes.\n",
                    "knowledge/ja.md", "# 障害対応\n\nデータベースの接続が切れたら、まず接続プールを再起動する。\n次に担当者へ連絡する。\n",
                    "knowledge/ru.md", "Если очередь растёт, перезапустите обработчик очередей.\n",
                    "knowledge/sub/fr.md", "Réinitialiser le mot de passe de l'opérateur.\n");

    @TempDir Path home;

    private Ended call(String name, String arguments, Map<String, String> files) throws Exception {
        return new Functions(home, new PatternRedactor(), Instant::now)
                .invoke(Invocations.builtIn(name, arguments, files));
    }

    private JsonNode done(String name, String arguments) throws Exception {
        return ((Ended.Done) call(name, arguments, FILES)).result().value();
    }

    private String refused(String name, String arguments) throws Exception {
        var failed = (Ended.Failed) call(name, arguments, FILES);
        assertThat(failed.permanent()).isTrue();
        return failed.why();
    }

    @Test
    void knowledge_is_listed_and_nothing_else_of_the_folder_is() throws Exception {
        var all = done(BuiltIn.KNOWLEDGE_LIST, "{}").path("files");
        assertThat(all.findValuesAsString("path"))
                .containsExactly(
                        "knowledge/ja.md",
                        "knowledge/kafka.md",
                        "knowledge/redis.md",
                        "knowledge/ru.md",
                        "knowledge/sub/fr.md");
        assertThat(
                        done(BuiltIn.KNOWLEDGE_LIST, "{\"under\":\"sub\"}")
                                .path("files")
                                .findValuesAsString("path"))
                .containsExactly("knowledge/sub/fr.md");
        assertThat(all.get(1).path("lines").intValue()).isEqualTo(4);
    }

    @Test
    void search_finds_the_right_place_first_in_any_script() throws Exception {
        assertThat(first("failover of the redis master")).isEqualTo("knowledge/redis.md:7");
        assertThat(first("broker restarts")).startsWith("knowledge/kafka.md:");
        assertThat(first("接続プール 再起動")).isEqualTo("knowledge/ja.md:3");
        assertThat(first("担当者")).isEqualTo("knowledge/ja.md:4");
        assertThat(first("Очередь")).isEqualTo("knowledge/ru.md:1");
        assertThat(first("reinitialiser operateur")).isEqualTo("knowledge/sub/fr.md:1");
        assertThat(first("MEMORY flush")).isEqualTo("knowledge/redis.md:10");
    }

    @Test
    void search_gives_the_same_order_always_and_says_when_nothing_is_there() throws Exception {
        var once = done(BuiltIn.KNOWLEDGE_SEARCH, "{\"query\":\"redis brokers очередь\"}");
        assertThat(done(BuiltIn.KNOWLEDGE_SEARCH, "{\"query\":\"redis brokers очередь\"}"))
                .isEqualTo(once);
        assertThat(
                        done(BuiltIn.KNOWLEDGE_SEARCH, "{\"query\":\"redis\",\"limit\":1}")
                                .path("places")
                                .size())
                .isEqualTo(1);
        assertThat(
                        done(BuiltIn.KNOWLEDGE_SEARCH, "{\"query\":\"zebra\"}")
                                .path("note")
                                .stringValue())
                .contains("none of these words");
        assertThat(done(BuiltIn.KNOWLEDGE_SEARCH, "{\"query\":\"!!! ???\"}").path("places").size())
                .isZero();
    }

    @Test
    void a_search_in_large_files_is_bounded_in_what_it_gives() throws Exception {
        var files = new LinkedHashMap<String, String>();
        for (int i = 0; i < 20; i++) {
            files.put("knowledge/" + i + ".md", ("redis " + "x".repeat(5000) + "\n").repeat(40));
        }
        var result =
                (Ended.Done)
                        call(BuiltIn.KNOWLEDGE_SEARCH, "{\"query\":\"redis\",\"limit\":50}", files);
        assertThat(result.result().value().path("places").size()).isEqualTo(50);
        assertThat(result.result().size()).isLessThan(60_000);
    }

    @Test
    void a_file_is_read_by_lines_and_no_path_leads_elsewhere() throws Exception {
        var part = done(BuiltIn.KNOWLEDGE_READ, "{\"path\":\"redis.md\",\"from\":5,\"lines\":3}");
        assertThat(part.path("text").stringValue()).startsWith("## Failover\n\nIf the master");
        assertThat(part.path("to").intValue()).isEqualTo(7);
        assertThat(part.path("lines").intValue()).isEqualTo(12);
        assertThat(
                        done(BuiltIn.KNOWLEDGE_READ, "{\"path\":\"./knowledge/redis.md\"}")
                                .path("to")
                                .intValue())
                .isEqualTo(12);
        for (var path :
                new String[] {
                    "../agent.yaml",
                    "knowledge/../agent.yaml",
                    "agent.yaml",
                    "/etc/passwd",
                    "knowledge/"
                }) {
            assertThat(refused(BuiltIn.KNOWLEDGE_READ, Json.write(Json.object().put("path", path))))
                    .contains("knowledge.list");
        }
        assertThat(refused(BuiltIn.KNOWLEDGE_READ, "{\"path\":\"redis.md\",\"from\":99}"))
                .contains("has 12 lines");
        assertThat(refused(BuiltIn.KNOWLEDGE_READ, "{}")).contains("path");
        assertThat(refused(BuiltIn.KNOWLEDGE_READ, "{\"path\":\"redis.md\",\"lines\":0}"))
                .contains("from 1 to 2000");
    }

    @Test
    void what_is_read_is_bounded_and_clean() throws Exception {
        var files =
                Map.of(
                        "knowledge/a.md",
                        "😀".repeat(50_000) + "\nsecond\npassword=hunter2\n",
                        "knowledge/empty.md",
                        "");
        var first = (Ended.Done) call(BuiltIn.KNOWLEDGE_READ, "{\"path\":\"a.md\"}", files);
        assertThat(first.result().value().path("to").intValue()).isEqualTo(1);
        assertThat(first.result().size()).isLessThan(150_000);
        var rest =
                (Ended.Done) call(BuiltIn.KNOWLEDGE_READ, "{\"path\":\"a.md\",\"from\":2}", files);
        assertThat(rest.result().value().path("text").stringValue())
                .isEqualTo("second\npassword=[redacted:password]\n");
        var empty = (Ended.Done) call(BuiltIn.KNOWLEDGE_READ, "{\"path\":\"empty.md\"}", files);
        assertThat(empty.result().value().path("text").stringValue()).isEmpty();
    }

    @Test
    void the_clock_tells_the_time_and_the_day() throws Exception {
        var functions =
                new Functions(
                        home,
                        new PatternRedactor(),
                        () -> Instant.parse("2026-11-20T18:02:11.123456Z"));
        var now =
                (Ended.Done)
                        functions.invoke(Invocations.builtIn(BuiltIn.CLOCK_NOW, "{}", Map.of()));
        assertThat(Json.write(now.result().value()))
                .isEqualTo("{\"now\":\"2026-11-20T18:02:11.123Z\",\"weekday\":\"Friday\"}");
    }

    @Test
    void a_journal_line_carries_its_key_and_a_second_one_is_written_again() throws Exception {
        done(
                BuiltIn.JOURNAL_APPEND,
                "{\"line\":\"restarted redis\\nand more\",\"journal\":\"ops\"}");
        done(BuiltIn.JOURNAL_APPEND, "{\"line\":\"restarted redis\",\"journal\":\"ops\"}");
        done(
                BuiltIn.JOURNAL_APPEND,
                "{\"line\":\"token ghp_0123456789abcdefghijABCDEFGHIJ012345 found\"}");
        var lines = Files.readAllLines(home.resolve("journal/ops.jsonl"));
        assertThat(lines).hasSize(2);
        var line = Json.parse(lines.getFirst());
        assertThat(line.path("idempotency_key").stringValue())
                .isEqualTo("0193f0c2-7a1e-7c3a-9b1e-2f6a1c9d0e11:3.0");
        assertThat(line.path("line").stringValue()).isEqualTo("restarted redis\nand more");
        assertThat(Files.readString(home.resolve("journal/journal.jsonl")))
                .contains("[redacted:github-token]");
    }

    @Test
    void half_a_line_of_a_process_that_died_does_not_spoil_the_next() throws Exception {
        done(BuiltIn.JOURNAL_APPEND, "{\"line\":\"one\"}");
        var file = home.resolve("journal/journal.jsonl");
        Files.writeString(file, "{\"line\":\"hal", StandardOpenOption.APPEND);
        done(BuiltIn.JOURNAL_APPEND, "{\"line\":\"two\"}");
        var lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        assertThat(Json.parse(lines.get(2)).path("line").stringValue()).isEqualTo("two");
    }

    @Test
    void a_journal_has_a_plain_name_and_nothing_is_written_otherwise() throws Exception {
        for (var name : new String[] {"../x", "a/b", "A", "", "-a", "x".repeat(65)}) {
            assertThat(
                            refused(
                                    BuiltIn.JOURNAL_APPEND,
                                    Json.write(
                                            Json.object().put("journal", name).put("line", "x"))))
                    .isNotEmpty();
        }
        assertThat(refused(BuiltIn.JOURNAL_APPEND, "{\"line\":\"" + "x".repeat(4001) + "\"}"))
                .contains("4000");
        assertThat(home.resolve("journal")).doesNotExist();
    }

    @Test
    void a_journal_that_cannot_be_written_says_for_certain_that_nothing_happened()
            throws Exception {
        Files.createDirectories(home.resolve("journal/ops.jsonl"));
        assertThat(call(BuiltIn.JOURNAL_APPEND, "{\"line\":\"x\",\"journal\":\"ops\"}", Map.of()))
                .isInstanceOfSatisfying(
                        Ended.Failed.class, f -> assertThat(f.permanent()).isFalse());
    }

    @Test
    void lines_of_many_threads_and_processes_never_mingle() throws Exception {
        var other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                JournalProcess.class.getName(),
                                home.toString(),
                                "100")
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("other.log").toFile())
                        .start();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<Ended>>();
            for (int i = 0; i < 100; i++) {
                var line = "here " + i + " " + "y".repeat(3000);
                calls.add(() ->
                        call(
                                BuiltIn.JOURNAL_APPEND,
                                Json.write(Json.object().put("line", line)),
                                Map.of()));
            }
            for (var call : pool.invokeAll(calls)) {
                assertThat(call.get()).isInstanceOf(Ended.Done.class);
            }
        }
        assertThat(other.waitFor())
                .as(Files.readString(home.resolve("other.log"), StandardCharsets.UTF_8))
                .isZero();
        var seen = new HashSet<String>();
        for (var line : Files.readAllLines(home.resolve("journal/journal.jsonl"))) {
            seen.add(Json.parse(line).path("line").stringValue().split(" y")[0]);
        }
        assertThat(seen).hasSize(200);
    }

    @Test
    void a_line_whose_turn_comes_too_late_is_not_written() throws Exception {
        var functions = new Functions(home, new PatternRedactor(), Instant::now);
        var late = new AtomicBoolean();
        var writes = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        try (var pool = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var before =
                    pool.submit(() ->
                            functions.invoke(
                                    Invocations.onlyIf(
                                            () -> isOver(writes, over), line("before"))));
            writes.await();
            var waiting = new AtomicReference<Thread>();
            var after =
                    pool.submit(() -> {
                        waiting.set(Thread.currentThread());
                        return functions.invoke(
                                Invocations.onlyIf(() -> !late.get(), line("after")));
                    });
            while (waiting.get() == null || waiting.get().getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            late.set(true);
            over.countDown();
            assertThat(before.get()).isInstanceOf(Ended.Done.class);
            assertThat(after.get()).isEqualTo(Ended.Failed.tooLate());
        }
        assertThat(Files.readString(home.resolve("journal/journal.jsonl")))
                .contains("before")
                .doesNotContain("after");
    }

    private static Invocation line(String text) {
        return Invocations.builtIn(
                BuiltIn.JOURNAL_APPEND, Json.write(Json.object().put("line", text)), Map.of());
    }

    private static boolean isOver(CountDownLatch begun, CountDownLatch over) {
        begun.countDown();
        try {
            return over.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String first(String query) throws Exception {
        var place =
                done(BuiltIn.KNOWLEDGE_SEARCH, Json.write(Json.object().put("query", query)))
                        .path("places")
                        .path(0);
        return place.path("path").asString("") + ":" + place.path("line").asString("");
    }
}
