package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.Codec.InPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/// Changes of bodies by chance, against the same change of the tree.
final class SpliceTest {
    private static final String SEAL = new Seal(Dialect.GEMINI, false, "", "c2ln").text();
    private static final List<String> MEMBERS =
            List.of(
                    "\"temperature\":1e0",
                    "\"max_tokens\":17",
                    "\"max_tokens\":null",
                    "\"max_completion_tokens\":18",
                    "\"stream\":true",
                    "\"stream_options\":{\"a\":[1,{}],\"include_usage\":false}",
                    "\"stream_options\":{\"a\":1}",
                    "\"stream_options\":{ }",
                    "\"stream_options\":null",
                    "\"tools\":[{\"name\":\"ä\\u00e4\"}]",
                    "\"system\":\"}{\\\"][\"",
                    "\"\":{\"model\":\"no\",\"max_tokens\":1}");

    @ParameterizedTest
    @EnumSource(names = {"OPENAI_CHAT", "ANTHROPIC"})
    void a_change_of_the_bytes_is_the_change_of_the_tree(Dialect dialect) throws Exception {
        var random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            var body = body(random);
            var changes =
                    new Changes(
                            "other\"",
                            random.nextBoolean() ? (Integer) 99 : null,
                            random.nextBoolean(),
                            random.nextBoolean());
            var spliced = Codec.of(dialect).splice(body.getBytes(UTF_8), changes);
            var tree = (ObjectNode) Json.parse(body);
            change(dialect, tree, changes);

            assertThat(Json.parse(spliced)).as(body).isEqualTo(tree);
            assertThat(Codec.of(dialect).facts(spliced, InPath.NOTHING).model())
                    .isEqualTo("other\"");
        }
    }

    private static String body(Random random) {
        var members = new ArrayList<String>();
        members.add("\"model\":\"fast\"");
        members.add("\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]");
        var names = new ArrayList<String>();
        var pool = new ArrayList<>(MEMBERS);
        Collections.shuffle(pool, random);
        for (var member : pool.subList(0, random.nextInt(pool.size()))) {
            var name = member.substring(0, member.indexOf(':'));
            if (!names.contains(name)) {
                names.add(name);
                members.add(member);
            }
        }
        Collections.shuffle(members, random);
        var space = List.of("", " ", "\n\t").get(random.nextInt(3));
        return space + "{" + space + String.join(space + "," + space, members) + space + "}";
    }

    private static void change(Dialect dialect, ObjectNode tree, Changes changes) {
        tree.put("model", changes.model());
        if (dialect == Dialect.ANTHROPIC) {
            if (changes.maxOutput() != null) {
                tree.put("max_tokens", changes.maxOutput());
            }
            return;
        }
        var cap = changes.maxOutput();
        if (cap != null) {
            var named = false;
            for (var name : List.of("max_tokens", "max_completion_tokens")) {
                if (tree.hasNonNull(name)) {
                    tree.put(name, cap);
                    named = true;
                }
            }
            if (!named) {
                tree.put(changes.newCap() ? "max_completion_tokens" : "max_tokens", cap);
            }
        }
        if (changes.askUsage() && tree.path("stream").asBoolean(false)) {
            var options =
                    tree.path("stream_options") instanceof ObjectNode there
                            ? there
                            : tree.putObject("stream_options");
            options.put("include_usage", true);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENAI_CHAT", "ANTHROPIC"})
    void a_body_that_is_cut_or_bent_is_refused_or_changed_but_never_breaks_it(Dialect dialect) {
        var random = new Random(12);
        for (int round = 0; round < 2_000; round++) {
            var text =
                    body(random)
                            .replace(
                                    "\"x\"",
                                    "[{\"type\":\"thinking\",\"signature\":\"" + SEAL + "\"}]");
            var body = text.getBytes(UTF_8);
            if (random.nextBoolean()) {
                body = java.util.Arrays.copyOf(body, random.nextInt(body.length));
            } else {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    body[random.nextInt(body.length)] =
                            (byte) "{}[]\",:0e-\\ntf\u0000\u00ff".charAt(random.nextInt(16));
                }
            }
            try {
                var changes = new Changes("m", 5, true, true);
                Codec.of(dialect).facts(body, InPath.NOTHING);
                var spliced = Codec.of(dialect).splice(body, changes);
                Codec.of(dialect).facts(spliced, InPath.NOTHING);
            } catch (BadRequest e) {
                assertThat(e.why()).isNotBlank();
            }
        }
    }
}
