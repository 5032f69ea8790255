package dev.remit.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.AgentDefinition.Limits;
import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Quantities;
import dev.remit.core.text.YamlReader;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.PriceFields;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The schemas that editors use say the same as the reader.
class EditorSchemasTest {
    private static JsonNode schema(String name) {
        try {
            return Json.parse(
                    java.nio.file.Files.readString(
                            Path.of("..", "docs", "schemas", name + ".schema.json")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> keys(JsonNode schema, String pointer) {
        return new HashSet<>(schema.at(pointer + "/properties").propertyNames());
    }

    private static void fits(String kind, String yaml) {
        var faults = new Faults();
        var source = YamlReader.read("x.yaml", yaml, faults).orElseThrow();
        assertThat(faults.sorted()).isEmpty();
        assertThat(Schema.compile(schema(kind)).check(source.root())).isEmpty();
    }

    @Test
    void every_key_that_the_reader_knows_is_in_the_schema_and_the_reverse() {
        var agent = schema("agent");
        assertThat(keys(agent, "")).isEqualTo(Keys.AGENT);
        assertThat(keys(agent, "/properties/may/items/oneOf/1/additionalProperties/oneOf/1"))
                .isEqualTo(Keys.GRANT);
        assertThat(keys(agent, "/properties/checks/items/oneOf/1")).isEqualTo(Keys.CHECK);
        assertThat(keys(agent, "/properties/limits")).isEqualTo(Keys.LIMITS);
        assertThat(keys(agent, "/properties/budget")).isEqualTo(Keys.BUDGET);
        var workflow = schema("workflow");
        assertThat(keys(workflow, "")).isEqualTo(Keys.WORKFLOW);
        assertThat(keys(workflow, "/properties/budget")).isEqualTo(Keys.WORKFLOW_BUDGET);
        var kinds = new TreeSet<>(workflow.get("$defs").propertyNames());
        kinds.remove("step");
        assertThat(kinds).isEqualTo(new TreeSet<>(Keys.STEPS.keySet()));
        for (var kind : Keys.STEPS.entrySet()) {
            assertThat(keys(workflow, "/$defs/" + kind.getKey())).isEqualTo(kind.getValue());
        }
        for (var kind : List.of("agent", "do", "workflow")) {
            assertThat(keys(workflow, "/$defs/" + kind + "/properties/retry"))
                    .isEqualTo(Keys.RETRY);
            assertThat(keys(workflow, "/$defs/" + kind + "/properties/undo")).isEqualTo(Keys.UNDO);
        }
        assertThat(keys(workflow, "/$defs/choose/properties/choose/items")).isEqualTo(Keys.BRANCH);
        assertThat(keys(workflow, "/$defs/approve/properties/approve")).isEqualTo(Keys.APPROVE);
        assertThat(keys(workflow, "/$defs/wait/properties/wait/oneOf/1")).isEqualTo(Keys.WAIT);
        var tool = schema("tool");
        assertThat(keys(tool, "")).isEqualTo(Keys.TOOL);
        assertThat(keys(tool, "/properties/http")).isEqualTo(Keys.HTTP);
        assertThat(keys(tool, "/properties/price/oneOf/1")).isEqualTo(PriceFields.KEYS);
        var rehearsal = schema("rehearsal");
        assertThat(keys(rehearsal, "")).isEqualTo(Keys.REHEARSAL);
        assertThat(keys(rehearsal, "/properties/replies/items")).isEqualTo(Keys.REPLY);
        assertThat(keys(rehearsal, "/properties/replies/items/properties/calls/items"))
                .isEqualTo(Keys.CALL);
        assertThat(keys(rehearsal, "/properties/replies/items/properties/fault/oneOf/1"))
                .isEqualTo(Keys.FAULT);
    }

    @Test
    void every_key_is_described() {
        for (var name : List.of("agent", "workflow", "tool", "rehearsal")) {
            described(schema(name), name);
        }
    }

    private static void described(JsonNode schema, String at) {
        schema.path("properties")
                .properties()
                .forEach(p -> {
                    assertThat(p.getValue().path("description").asString(""))
                            .as(at + "/" + p.getKey())
                            .isNotBlank();
                    described(p.getValue(), at + "/" + p.getKey());
                });
        for (var inner : List.of("items", "$defs", "additionalProperties")) {
            if (schema.path(inner).isObject()) {
                described(schema.get(inner), at + "/" + inner);
            }
        }
        schema.path("oneOf").forEach(one -> described(one, at + "/oneOf"));
    }

    @Test
    void defaults_and_choices_are_those_of_the_reader() {
        var limits = schema("agent").at("/properties/limits/properties");
        assertThat(limits.at("/turns/default").intValue()).isEqualTo(Limits.DEFAULT.turns());
        assertThat(limits.at("/same_call/default").intValue()).isEqualTo(Limits.DEFAULT.sameCall());
        assertThat(limits.at("/at_once").has("default")).as("any number, if left out").isFalse();
        assertThat(limits.at("/repairs/default").intValue()).isEqualTo(Limits.DEFAULT.repairs());
        assertThat(limits.at("/output_tokens/default").intValue())
                .isEqualTo(Limits.DEFAULT.outputTokens());
        assertThat(limits.at("/context_tokens/default").intValue())
                .isEqualTo(Limits.DEFAULT.contextTokens());
        assertThat(Quantities.duration(limits.at("/time/default").asString()))
                .contains(Limits.DEFAULT.time());
        var map = schema("workflow").at("/$defs/map/properties");
        assertThat(map.at("/at_once/default").intValue()).isEqualTo(FlowSteps.AT_ONCE);
        assertThat(map.at("/at_once/maximum").intValue()).isEqualTo(FlowSteps.MOST_AT_ONCE);
        assertThat(map.at("/at_most/default").intValue()).isEqualTo(FlowSteps.AT_MOST);
        assertThat(map.at("/at_most/maximum").intValue()).isEqualTo(FlowSteps.MOST_ITEMS);
        var functions = new TreeSet<String>();
        schema("tool").at("/properties/function/enum").forEach(f -> functions.add(f.asString()));
        assertThat(functions).isEqualTo(new TreeSet<>(BuiltIn.tools().keySet()));
    }

    @Test
    void what_the_reader_takes_fits() {
        fits("agent", Files.AGENT);
        fits("workflow", Files.WORKFLOW);
        // The example of the design, with its approval.
        fits(
                "workflow",
                Files.WORKFLOW.replace(
                        "  - do:",
                        "  - approve: { show: comms.slack_update, by: sre-leads, within: 15m, otherwise: stop }\n  - do:"));
        fits("tool", Files.SLACK);
        fits("tool", Files.RUNBOOKS);
        fits(
                "workflow",
                "remit: workflow/v1\nname: w\nsteps:\n  - a\n  - { agent: b, input: { x: input.y }, as: c }\n  - sequence: [d, { parallel: [e, f] }]\n");
        fits(
                "agent",
                "remit: agent/v1\nname: a\ninput: { type: object }\nchecks: [answer.x > 1, { when: answer.y, says: no y }]\nmay: [clock.now, x.y:, { z.q: { when: args.a == 1 } }]\n"
                        .replace("x.y:,", "{ x.y: },"));
        fits(
                "rehearsal",
                "replies:\n  - when: turn == 1\n    let: { a: 1, b: a + 1 }\n    calls: [{ tool: clock.now }]\n  - fault: cut\n  - fault: { kind: rate_limited, times: 2, retry_after: 3s }\n    tokens_per_second: 50\n    answer: [1, { x: \"${b}\" }]\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "remit: agent/v1\nname: My Agent\n",
                "remit: agent/v1\nname: a\nnme: b\n",
                "name: a\n",
                "remit: agent/v1\nname: a\nbudget: { session: 5 }\n",
                "remit: agent/v1\nname: a\nlimits: { time: 5 }\n",
                "remit: agent/v1\nname: a\nlimits: { turns: 0 }\n",
                "remit: agent/v1\nname: a\non_trouble: panic\n",
                "remit: agent/v1\nname: a\nmay: [3]\n",
                "remit: agent/v1\nname: a\nanswer: answer.txt\n",
                "remit: agent/v1\nname: a\nchecks: [{ when: x }]\n"
            })
    void what_the_reader_refuses_for_its_shape_does_not_fit(String yaml) {
        assertThat(FolderReader.read(Files.agent(yaml)).faults()).isNotEmpty();
        var source = YamlReader.read("x.yaml", yaml, new Faults()).orElseThrow();
        assertThat(Schema.compile(schema("agent")).check(source.root())).isNotEmpty();
    }

    @Test
    void the_examples_in_the_documentation_fit() throws IOException {
        int found = 0;
        for (var page : List.of("docs/agents.md", "docs/workflows.md", "README.md")) {
            var text = java.nio.file.Files.readString(Path.of("..").resolve(page));
            var blocks =
                    Pattern.compile(
                                    "```yaml\\n(remit: (agent|workflow|tool|rehearsal)/v1\\n.*?)```",
                                    Pattern.DOTALL)
                            .matcher(text);
            while (blocks.find()) {
                fits(blocks.group(2), blocks.group(1));
                found++;
            }
        }
        assertThat(found).isGreaterThan(2);
    }

    @Test
    void the_example_folders_are_read() throws IOException {
        try (var folders = java.nio.file.Files.list(Path.of("..", "examples"))) {
            for (var folder : folders.filter(java.nio.file.Files::isDirectory).toList()) {
                var files = new HashMap<String, String>();
                try (var paths = java.nio.file.Files.walk(folder)) {
                    for (var path : paths.filter(java.nio.file.Files::isRegularFile).toList()) {
                        files.put(
                                folder.relativize(path).toString().replace('\\', '/'),
                                java.nio.file.Files.readString(path));
                    }
                }
                if (files.keySet().stream()
                        .noneMatch(path -> path.matches("(agent|workflow).yaml"))) {
                    continue; // settings and drills, which are no agents
                }
                assertThat(FolderReader.read(files).faults()).isEmpty();
                files.forEach((path, text) -> {
                    var name = Path.of(path).getFileName().toString().replace(".yaml", "");
                    if (path.endsWith(".yaml")
                            && Set.of("agent", "workflow", "rehearsal").contains(name)) {
                        fits(name, text);
                    }
                });
            }
        }
    }
}
