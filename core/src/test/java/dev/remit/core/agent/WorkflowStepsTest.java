package dev.remit.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.WorkflowStep.IfNot;
import dev.remit.core.agent.WorkflowStep.IfOneFails;
import dev.remit.core.agent.WorkflowStep.Otherwise;
import dev.remit.core.agent.WorkflowStep.WaitFor;
import dev.remit.core.json.Json;
import dev.remit.core.text.Fault;
import dev.remit.core.tool.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The steps of a workflow as people write them, and what is told of them that cannot be right.
class WorkflowStepsTest {
    private static final String HEAD =
            "remit: workflow/v1\nname: ops\ninput: { type: object, properties: { services: { type: array, items: { type: object, properties: { name: { type: string }, port: { type: integer } }, additionalProperties: false } }, version: { type: string }, count: { type: integer } }, additionalProperties: false }\n";

    private static Map<String, String> files(String steps) {
        var files = Files.workflow(HEAD + steps);
        files.put(
                "agents/triage/answer.schema.yaml",
                "type: object\nproperties: { severity: { type: string }, score: { type: number }, causes: { type: array, items: { type: string } } }\nadditionalProperties: false\n");
        files.remove("agents/triage/answer.example.yaml");
        return files;
    }

    private static WorkflowDefinition read(String steps) {
        return read(files(steps));
    }

    private static WorkflowDefinition read(Map<String, String> files) {
        var reading = FolderReader.read(files);
        assertThat(reading.faults()).isEmpty();
        return (WorkflowDefinition) reading.bundle().root();
    }

    private static <T extends WorkflowStep> T step(int number, Class<T> kind, String steps) {
        return kind.cast(read("steps:\n" + steps).steps().get(number));
    }

    private static List<Fault> faults(String steps) {
        return FolderReader.read(files("steps:\n" + steps)).faults();
    }

    @Test
    void a_map_goes_over_a_list_and_its_steps_know_the_item() {
        var map =
                step(
                        0,
                        WorkflowStep.ForEach.class,
                        """
                          - map: input.services
                            as: service
                            at_once: 4
                            at_most: 50
                            if_one_fails: keep_others
                            steps:
                              - { do: slack.post, with: { channel: "#x", text: service.name }, as: probe }
                              - do: slack.post
                                with: { channel: "#x", text: "${service.name}: ${size(steps.probe)}" }
                                as: told
                        """);
        assertThat(map.name()).as("named after its last step").isEqualTo("told");
        assertThat(map.over()).isEqualTo("input.services");
        assertThat(map.atOnce()).isEqualTo(4);
        assertThat(map.atMost()).isEqualTo(50);
        assertThat(map.ifOneFails()).isEqualTo(IfOneFails.KEEP_OTHERS);
        assertThat(((WorkflowStep.Do) map.steps().getFirst()).with().get("text"))
                .isEqualTo(Json.text("${service.name}"));
    }

    @Test
    void a_single_word_without_quotes_that_is_the_name_of_something_stands_for_all_of_it() {
        var with =
                step(
                                1,
                                WorkflowStep.ForEach.class,
                                """
                                  - triage
                                  - map: input.services
                                    as: service
                                    steps:
                                      - agent: triage
                                        as: again
                                        input: { item: service, first: triage, given: input, word: "triage", other: services }
                                """)
                        .steps()
                        .getFirst();
        assertThat(((WorkflowStep.Agent) with).input())
                .isEqualTo(
                        Json.parse(
                                """
                                {"item": "${service}", "first": "${steps.triage}", "given": "${input}",
                                 "word": "triage", "other": "services"}
                                """));
    }

    @Test
    void conditions_name_steps_by_their_names() {
        var choose =
                step(
                        1,
                        WorkflowStep.Choose.class,
                        """
                          - triage
                          - choose:
                              - when: triage.severity == "high" && size(triage.causes) > 0
                                steps: [comms]
                              - when: triage.score > 0.5
                                steps: report
                            otherwise:
                              - summary
                        """);
        assertThat(choose.branches().getFirst().when())
                .isEqualTo("steps.triage.severity == \"high\" && size(steps.triage.causes) > 0");
        assertThat(choose.branches().get(1).steps()).hasSize(1);
        assertThat(choose.otherwise()).hasSize(1);
    }

    @Test
    void a_repetition_has_a_condition_and_a_bound() {
        var repeat =
                step(
                        0,
                        WorkflowStep.Repeat.class,
                        """
                          - repeat:
                              - agent: triage
                                input: { again: "${get(last, 'triage.severity', '')}", round: "${round}" }
                            until: triage.severity == "low"
                            at_most: 3
                            if_not: continue
                            as: calm
                        """);
        assertThat(repeat.name()).isEqualTo("calm");
        assertThat(repeat.until()).isEqualTo("steps.triage.severity == \"low\"");
        assertThat(repeat.atMost()).isEqualTo(3);
        assertThat(repeat.ifNot()).isEqualTo(IfNot.CONTINUE);
    }

    @Test
    void a_question_says_what_is_shown_and_what_happens_otherwise() {
        var approve =
                step(
                        1,
                        WorkflowStep.Approve.class,
                        """
                          - comms
                          - approve: { show: comms.slack_update, ask: "Post this?", by: sre-leads, within: 15m, otherwise: [summary] }
                        """);
        assertThat(approve.show()).isEqualTo(Json.text("${comms.slack_update}"));
        assertThat(approve.within()).isEqualTo(Duration.ofMinutes(15));
        assertThat(approve.otherwise().steps()).hasSize(1);
        assertThat(approve.name()).isEqualTo("approve");
    }

    @Test
    void a_wait_is_a_duration_a_time_with_its_zone_an_expression_or_an_event() {
        assertThat(step(0, WorkflowStep.Wait.class, "  - wait: 15m\n").waitFor())
                .isEqualTo(new WaitFor.Span(Duration.ofMinutes(15)));
        assertThat(
                        step(
                                        0,
                                        WorkflowStep.Wait.class,
                                        "  - wait: 2026-12-01 09:00 Europe/Berlin\n")
                                .waitFor())
                .isEqualTo(new WaitFor.Time(Instant.parse("2026-12-01T08:00:00Z")));
        assertThat(step(0, WorkflowStep.Wait.class, "  - wait: input.version\n").waitFor())
                .isEqualTo(new WaitFor.Computed("input.version"));
        var wait =
                step(
                        0,
                        WorkflowStep.Wait.class,
                        "  - wait: { event: deploy.done, where: event.version == input.version, within: 2h, otherwise: continue }\n");
        assertThat(wait.waitFor())
                .isEqualTo(
                        new WaitFor.Event(
                                "deploy.done",
                                "event.version == input.version",
                                Duration.ofHours(2)));
        assertThat(wait.otherwise()).isEqualTo(Otherwise.CONTINUE);
    }

    @Test
    void a_step_says_how_it_is_looked_after() {
        var step =
                step(
                        0,
                        WorkflowStep.Do.class,
                        """
                          - do: slack.post
                            with: { channel: "#x", text: hello }
                            as: posted
                            within: 10s
                            retry: { attempts: 5, first: 1s, longest: 30s }
                            undo: { do: slack.post, with: { channel: "#x", text: "${steps.posted.ts}" } }
                        """);
        assertThat(step.care().within()).isEqualTo(Duration.ofSeconds(10));
        assertThat(step.care().retry())
                .isEqualTo(new Retry(5, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        assertThat(step.care().undo().with().get("text"))
                .isEqualTo(Json.text("${steps.posted.ts}"));
    }

    @Test
    void an_output_can_be_a_template() {
        var workflow =
                read(
                        "steps: [triage, comms]\noutput: { level: triage.severity, text: comms.slack_update, both: \"${triage.score}\" }\n");
        assertThat(workflow.answer())
                .isEqualTo(
                        Json.parse(
                                "{\"level\":\"${steps.triage.severity}\",\"text\":\"${comms.slack_update}\",\"both\":\"${steps.triage.score}\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "- triage\\n  - { map: triage.severity, as: x, steps: [comms] } | is a text, not a list | such as input.services",
                "- { map: input.services, as: s, steps: [{ do: slack.post, with: { channel: s.port, text: a } }] } | `channel` of `slack.post`: `s.port` is a whole number | a text",
                "- { map: input.services, as: s, steps: [{ do: slack.post, with: { channel: s.nme, text: a } }] } | has no `nme` | did you mean `name`?",
                "- triage\\n  - { do: slack.post, with: { channel: c, text: triage.causes } } | is a list | a text",
                "- { choose: [{ when: input.count, steps: [comms] }] } | is a whole number, not true or false | compare it",
                "- { choose: [{ when: true, steps: [comms] }, { when: input.count > 1, steps: [report] }] } | never reached | ",
                "- { choose: [{ when: input.count > 1, steps: [comms] }, { when: input.count>1, steps: [report] }] } | the same condition | ",
                "- { choose: [{ when: true, steps: [comms] }], otherwise: [report] } | never reached | ",
                "- { choose: [{ when: input.count > 1, steps: [comms] }] }\\n  - { do: slack.post, with: { channel: c, text: \"${steps.comms.x}\" } } | no step named `comms` | ",
                "- { repeat: [triage], until: triage.severity == 'low' } | `at_most` is missing | ",
                "- { repeat: [triage], at_most: 3 } | `until` is missing | ",
                "- { repeat: [triage], until: triage.score, at_most: 3 } | is a number, not true or false | ",
                "- { repeat: [triage], until: triage.sevrity == 'low', at_most: 3 } | has no `sevrity` | did you mean `severity`?",
                "- { approve: { by: me } } | `show` is missing | ",
                "- { approve: { show: input.version, otherwise: panic } } | `otherwise` | stop, continue, or a list of steps",
                "- { approve: input.version } | `approve` is a text | show: input.version",
                "- { wait: 2026-12-01 09:00 } | is no time with its zone | Europe/Berlin",
                "- { wait: { event: x y } } | is no name for an event | ",
                "- { wait: { event: x, where: evnt.a == 1 } } | nothing is named `evnt` | ",
                "- { wait: input.count } | is a whole number | a duration",
                "- { workflow: nothing } | there is no workflow `nothing` | workflows/nothing/workflow.yaml",
                "- { agent: triage, retry: { first: 3s } } | `attempts` is missing | ",
                "- { do: slack.post, with: { channel: a, text: b }, undo: { do: slack.pst } } | there is no tool `slack.pst` | did you mean",
                "- { map: input.services, as: s, at_most: 1000, steps: [{ map: input.services, as: t, at_most: 1000, steps: [comms] }] } | could do | at_most",
                "- { mapp: input.services } | this is no step | did you mean `map`?",
                "- { map: input.services, as: s, steps: [comms], at_onc: 3 } | `at_onc` is not known here | did you mean `at_once`?",
            })
    void what_cannot_be_right_is_told_with_its_place(String steps, String wrong, String right) {
        var faults = faults("  " + steps.replace("\\n", "\n") + "\n");
        assertThat(faults).isNotEmpty();
        var first = faults.getFirst();
        assertThat(first.toString()).contains(wrong);
        if (right != null) {
            assertThat(first.toString()).contains(right);
        }
        assertThat(first.line()).isGreaterThan(3);
    }

    @Test
    void an_agent_is_given_what_it_takes() {
        var files =
                files("steps:\n  - { agent: triage, input: { title: input.count } }\n  - comms\n");
        files.put(
                "agents/triage/input.schema.yaml",
                "type: object\nrequired: [title, when]\nproperties: { title: { type: string }, when: { type: string } }\n");
        files.put(
                "agents/comms/input.schema.yaml",
                "type: object\nrequired: [services]\nproperties: { services: { type: string } }\n");
        assertThat(FolderReader.read(files).faults())
                .extracting(Fault::toString)
                .anyMatch(f -> f.contains("the input of `triage`: `when` is missing"))
                .anyMatch(f -> f.contains("the input of `triage`: `input.count` is a whole number"))
                .anyMatch(f -> f.contains("the input of `comms`") && f.contains("is a list"));
    }

    // ---- workflows in workflows

    private static Map<String, String> nested(String inner) {
        var files =
                files(
                        "steps:\n  - { workflow: notify, input: { text: input.version }, as: told }\n");
        files.put("workflows/notify/workflow.yaml", inner);
        files.put("workflows/notify/agents/writer/agent.yaml", "remit: agent/v1\nname: writer\n");
        files.put("workflows/notify/agents/writer/instructions.md", "Write.\n");
        return files;
    }

    private static final String INNER =
            "remit: workflow/v1\nname: notify\ninput: { type: object, required: [text], properties: { text: { type: string } } }\nsteps:\n  - writer\n  - { do: slack.post, with: { channel: \"#x\", text: input.text } }\n";

    @Test
    void a_workflow_runs_those_of_its_folder_each_in_its_own_version() {
        var reading = FolderReader.read(nested(INNER));
        assertThat(reading.faults()).isEmpty();
        var bundle = reading.bundle();
        assertThat(bundle.all())
                .extracting(Definition::name)
                .contains("ops.notify.writer", "ops.notify", "ops");
        var root = (WorkflowDefinition) bundle.root();
        var again = FolderReader.read(bundle.filesOf(root)).bundle();
        assertThat(again.root().ref()).isEqualTo(root.ref());
        var inner =
                bundle.all().stream()
                        .filter(d -> d.name().equals("ops.notify"))
                        .findFirst()
                        .orElseThrow();
        assertThat(root.workflows()).containsEntry("notify", inner.ref());
        assertThat(FolderReader.read(bundle.filesOf(inner)).bundle().all())
                .extracting(Definition::ref)
                .contains(inner.ref());
        var changed = FolderReader.read(nested(INNER.replace("#x", "#y"))).bundle();
        assertThat(changed.root().version()).isNotEqualTo(root.version());
    }

    @Test
    void a_workflow_that_would_run_itself_is_told() {
        var loop = nested("remit: workflow/v1\nname: notify\nsteps: [{ workflow: other }]\n");
        loop.put(
                "workflows/other/workflow.yaml",
                "remit: workflow/v1\nname: other\nsteps: [{ workflow: notify }]\n");
        assertThat(FolderReader.read(loop).faults())
                .extracting(Fault::toString)
                .anyMatch(f ->
                        f.contains("workflows/other/workflow.yaml:3")
                                && f.contains("would run itself: ops → notify → other → notify"));
        assertThat(FolderReader.read(files("steps: [{ workflow: ops }]\n")).faults())
                .extracting(Fault::toString)
                .anyMatch(f -> f.contains("would run itself"));
    }

    @Test
    void a_workflow_that_was_applied_before_is_pinned() {
        var applied =
                read(
                        new HashMap<>(
                                Map.of(
                                        "workflow.yaml",
                                        "remit: workflow/v1\nname: shared\nsteps: [{ wait: 1s }]\n")));
        var files = files("steps: [{ workflow: shared }]\n");
        var bundle =
                FolderReader.read(
                                files,
                                (name, version) ->
                                        name.equals("shared")
                                                ? Optional.of(applied)
                                                : Optional.empty())
                        .bundle();
        var root = (WorkflowDefinition) bundle.root();
        assertThat(root.workflows()).containsEntry("shared", applied.ref());
        var asked = new HashMap<String, Object>();
        var again =
                FolderReader.read(
                                bundle.filesOf(root),
                                (name, version) -> {
                                    asked.put(name, version);
                                    return Optional.of(applied);
                                })
                        .bundle();
        assertThat(asked).containsEntry("shared", applied.version());
        assertThat(again.root().ref()).isEqualTo(root.ref());
    }
}
