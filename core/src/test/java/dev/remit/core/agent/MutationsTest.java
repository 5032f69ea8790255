package dev.remit.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever is done to a folder, reading it gives definitions or faults, never an exception.
class MutationsTest {
    private static final String[] SNIPPETS = {
        "*",
        "#",
        ": ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "\t",
        "\n",
        "&a ",
        "*a",
        "!x ",
        "- ",
        "? ",
        "| \n",
        ">",
        "%",
        "@",
        "`",
        "${",
        "}",
        "$${",
        "null",
        "~",
        "yes",
        "0x1F",
        "1e999",
        "12:30",
        "-",
        "---\n",
        "...",
        "<<: ",
        "\\",
        "\u0000",
        "\uD800",
        "😀",
        "\uFEFF",
        "\u2028",
        "9".repeat(200),
        "a.".repeat(300),
        "1:".repeat(5000),
        "[".repeat(300),
        "((((((",
        "steps.x.y",
        "input.title",
        "$ref: '#'",
        "$schema: x",
        "remit:",
        "name: [",
        "may:",
        "never: [*]",
        "tier: 4",
        "..",
        "/",
        "\r",
        "\r\n"
    };

    private static Map<String, String> mutated(Map<String, String> files, Random random) {
        var changed = new HashMap<>(files);
        int times = 1 + random.nextInt(6);
        for (int i = 0; i < times; i++) {
            var paths = List.copyOf(new TreeSet<>(changed.keySet()));
            var path = paths.get(random.nextInt(paths.size()));
            var text = new StringBuilder(changed.get(path));
            int at = text.isEmpty() ? 0 : random.nextInt(text.length());
            int to = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(9)) {
                case 0 -> text.delete(at, to);
                case 1, 2, 3 -> text.insert(at, SNIPPETS[random.nextInt(SNIPPETS.length)]);
                case 4 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, to));
                case 5 -> text.setLength(at);
                case 6 -> text.replace(at, to, SNIPPETS[random.nextInt(SNIPPETS.length)]);
                case 7 -> {
                    var other = changed.get(paths.get(random.nextInt(paths.size())));
                    text = new StringBuilder(other);
                }
                default -> {
                    changed.remove(path);
                    if (random.nextBoolean()) {
                        changed.put(
                                path + SNIPPETS[random.nextInt(SNIPPETS.length)], text.toString());
                    }
                    if (changed.isEmpty()) {
                        return changed;
                    }
                    continue;
                }
            }
            changed.put(path, text.toString());
        }
        return changed;
    }

    private static void run(int from, int to) {
        var agent = Files.agent();
        agent.put(
                "rehearsal.yaml",
                "replies:\n  - when: turn == 1\n    calls: [{ tool: runbooks.search, arguments: { query: \"${input.title}\" } }]\n  - let: { a: \"1\" }\n    answer: { x: \"${a}\" }\n");
        agent.put(
                "agent.yaml",
                Files.AGENT
                        + "checks:\n  - size(answer.causes) > 0\n  - { when: answer.causes[0].confidence > 0.5, says: be surer }\n");
        for (int seed = from; seed < to; seed++) {
            var files = mutated(seed % 2 == 0 ? agent : Files.workflow(), new Random(seed));
            try {
                var reading = FolderReader.read(files);
                assertThat(reading.bundle() == null).isEqualTo(!reading.faults().isEmpty());
                for (var fault : reading.faults()) {
                    assertThat(fault.wrong()).isNotBlank().hasSizeLessThan(2000);
                    assertThat(fault.line()).isNotNegative();
                    assertThat(fault.column()).isNotNegative();
                }
                assertThat(FolderReader.read(files).faults()).isEqualTo(reading.faults());
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                fail("seed " + seed + ": " + e, e);
            }
        }
    }

    @Test
    void a_folder_with_anything_changed_gives_definitions_or_faults() {
        run(0, 200);
    }

    @Test
    @Tag("slow")
    void so_do_very_many() {
        run(200, 20_000);
    }

    @Test
    void hostile_files_take_bounded_time() {
        for (var text :
                List.of(
                        " ".repeat(900_000),
                        "[".repeat(900_000),
                        "{a: ".repeat(200_000),
                        "a: " + "1:1".repeat(300_000),
                        "- ".repeat(400_000),
                        "a: \"" + "\\n".repeat(400_000),
                        "#".repeat(900_000),
                        "a: *x\n".repeat(150_000),
                        "x: {c: #a}\n".repeat(80_000),
                        "a: " + "a.b".repeat(300_000),
                        "? ".repeat(400_000),
                        "\"a\" ".repeat(200_000),
                        "name: " + "9".repeat(900_000),
                        "remit: " + "a-".repeat(400_000),
                        "checks: [" + "'x', ".repeat(150_000) + "]",
                        "&a ".repeat(300_000),
                        "&a [".repeat(200_000),
                        "input: {$ref: '#'}\nanswer: {"
                                + "properties: {a: {".repeat(15)
                                + "}".repeat(30)
                                + "}")) {
            for (var files : List.of(Files.agent(text), Files.workflow(text))) {
                assertThat(FolderReader.read(files).faults()).isNotEmpty();
            }
        }
    }
}
