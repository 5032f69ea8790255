package dev.remit.core.agent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.WorkflowStep.IfOneFails;
import dev.remit.core.json.Json;
import dev.remit.core.money.Money;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import dev.remit.core.tool.ToolPrice;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FolderReaderTest {
    private static Bundle bundle(Map<String, String> files) {
        var reading = FolderReader.read(files);
        assertThat(reading.faults()).isEmpty();
        return requireNonNull(reading.bundle());
    }

    private static AgentDefinition agent(Map<String, String> files) {
        return (AgentDefinition) bundle(files).root();
    }

    private static WorkflowDefinition workflow(Map<String, String> files) {
        return (WorkflowDefinition) bundle(files).root();
    }

    @Test
    void the_agent_of_the_design_is_read() {
        var agent = agent(Files.agent());
        assertThat(agent.name()).isEqualTo("oncall-triage");
        assertThat(agent.instructions()).isEqualTo("Find the cause.\n");
        assertThat(agent.may())
                .containsExactly(
                        new AgentDefinition.Grant("runbooks.search", Map.of(), null),
                        new AgentDefinition.Grant(
                                "slack.post", Map.of("channel", Json.text("#incidents")), null));
        assertThat(agent.never()).containsExactly("*.delete", "billing.*");
        assertThat(agent.sessionBudget()).isEqualTo(new Money(500_000));
        assertThat(agent.limits())
                .isEqualTo(
                        new AgentDefinition.Limits(
                                20, Duration.ofMinutes(5), 3, 4, 2, 8192, 100_000));
        assertThat(agent.goodWhen()).isEqualTo("It names the cause.\n");
        assertThat(
                        requireNonNull(agent.answer())
                                .at("/properties/causes/items/properties/confidence/type")
                                .asString())
                .isEqualTo("number");
        assertThat(agent.files()).containsKey("knowledge/redis.md");
        assertThat(agent.rehearsal()).isNull();
        var post = requireNonNull(agent.tools().get("slack.post"));
        assertThat(post.tier()).isEqualTo(Tier.WRITE_WITH_EVIDENCE);
        assertThat(post.idempotent()).isFalse();
        assertThat(post.attempts()).isEqualTo(1);
        assertThat(post.price()).isEqualTo(ToolPrice.of(new Money(1_000)));
        var search = requireNonNull(agent.tools().get("runbooks.search"));
        assertThat(search.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(search.idempotent()).isTrue();
        assertThat(search.price())
                .isEqualTo(
                        new ToolPrice(
                                new Money(50_000),
                                new ToolPrice.Reported("/cost", new Money(1_000_000))));
        assertThat(search.means()).isInstanceOf(Tool.Means.Http.class);
    }

    @Test
    void the_workflow_of_the_design_is_read() {
        var bundle = bundle(Files.workflow());
        assertThat(bundle.all())
                .extracting(Definition::name)
                .containsExactly(
                        "oncall-copilot.comms",
                        "oncall-copilot.report",
                        "oncall-copilot.summary",
                        "oncall-copilot.triage",
                        "oncall-copilot");
        var workflow = (WorkflowDefinition) bundle.root();
        assertThat(workflow.steps())
                .containsExactly(
                        new WorkflowStep.Parallel(
                                List.of(
                                        new WorkflowStep.Agent("triage", "triage", null),
                                        new WorkflowStep.Agent("summary", "summary", null),
                                        new WorkflowStep.Agent("comms", "comms", null),
                                        new WorkflowStep.Agent("report", "report", null)),
                                IfOneFails.KEEP_OTHERS),
                        new WorkflowStep.Do(
                                "slack.post",
                                "slack.post",
                                Json.parse(
                                        "{\"channel\":\"#incidents\",\"text\":\"${comms.slack_update}\"}")));
        assertThat(workflow.deadline()).isEqualTo(Duration.ofSeconds(60));
        assertThat(workflow.sessionBudget()).isEqualTo(new Money(2_000_000));
        assertThat(workflow.output()).containsExactly("triage", "summary", "comms", "report");
        assertThat(workflow.agents().get("comms")).isEqualTo(bundle.all().getFirst().ref());
        assertThat(workflow.tools()).containsOnlyKeys("slack.post");
    }

    @Test
    void a_small_agent_is_enough() {
        var agent =
                agent(
                        Map.of(
                                "agent.yaml", "remit: agent/v1\nname: a\n",
                                "instructions.md", "Say hello."));
        assertThat(agent.model()).isEqualTo("capable");
        assertThat(agent.limits()).isEqualTo(AgentDefinition.Limits.DEFAULT);
        assertThat(agent.answer()).isNull();
        assertThat(agent.may()).isEmpty();
    }

    @Test
    void built_in_tools_need_no_file() {
        var agent =
                agent(
                        Map.of(
                                "agent.yaml",
                                        "remit: agent/v1\nname: a\nmay: [knowledge.search, clock.now, journal.append]\n",
                                "instructions.md", "Say hello."));
        assertThat(agent.tools())
                .containsOnlyKeys("knowledge.search", "clock.now", "journal.append");
    }

    @Test
    void the_version_changes_with_any_file_and_only_then() {
        var files = Files.workflow();
        var before = bundle(files);
        assertThat(bundle(new HashMap<>(files)).root().version())
                .isEqualTo(before.root().version());
        files.put("agents/comms/instructions.md", "Write to people, kindly.\n");
        var after = bundle(files);
        assertThat(after.root().version()).isNotEqualTo(before.root().version());
        for (int i = 0; i < 4; i++) {
            boolean same = after.all().get(i).version().equals(before.all().get(i).version());
            assertThat(same).isEqualTo(i != 0);
        }
    }

    @Test
    void a_shared_tool_is_a_part_of_the_version_of_each_agent_that_may_use_it() {
        var files = Files.workflow();
        files.put("agents/comms/agent.yaml", "remit: agent/v1\nname: comms\nmay: [slack.post]\n");
        var before = bundle(files);
        files.put("tools/slack.post.yaml", Files.SLACK.replace("tier: 2", "tier: 3"));
        var after = bundle(files);
        assertThat(after.all().get(0).version()).isNotEqualTo(before.all().get(0).version());
        assertThat(after.all().get(1).version()).isEqualTo(before.all().get(1).version());
        assertThat(after.filesOf(after.all().get(0)))
                .containsKeys("agent.yaml", "tools/slack.post.yaml");
        assertThat(after.filesOf(after.root())).isEqualTo(files);
    }
}
