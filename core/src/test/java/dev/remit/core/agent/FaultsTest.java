package dev.remit.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.text.Fault;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Each fault that a person can make in a file: where it is told to be, and what would be right.
class FaultsTest {
    private static final String HEAD = "remit: agent/v1\nname: a\n";
    private static final String FLOW = "remit: workflow/v1\nname: w\n";

    private static String faults(Map<String, String> files) {
        var reading = FolderReader.read(files);
        assertThat(reading.bundle() == null).isEqualTo(!reading.faults().isEmpty());
        return reading.faults().stream().map(Fault::toString).collect(Collectors.joining("\n"));
    }

    /// The third line of an agent's file, and what comes after it.
    private static String agent(String lines) {
        return faults(Files.agent(HEAD + lines));
    }

    private static String workflow(String lines) {
        return faults(Files.workflow(FLOW + lines));
    }

    private static String with(String path, String text) {
        var files =
                new HashMap<>(
                        path.startsWith("agents/") || path.equals("workflow.yaml")
                                ? Files.workflow()
                                : Files.agent());
        files.put(path, text);
        return faults(files);
    }

    // ---- YAML

    @Test
    void an_unquoted_star() {
        assertThat(agent("never: [*.delete, ok.x]\nmay: [*]\n"))
                .contains(
                        "agent.yaml:3:9: an unquoted * begins an alias in YAML → put it in quotes: \"*.delete\"")
                .contains("agent.yaml:4:7: an unquoted * begins an alias");
        assertThat(agent("never:\n  - *.delete\n  - *all\nowner: *x\n"))
                .contains(
                        "agent.yaml:4:5: an unquoted * begins an alias in YAML → put it in quotes: \"*.delete\"")
                .contains(
                        "agent.yaml:5:5: an unquoted * begins an alias in YAML → put it in quotes: \"*all\"")
                .contains("agent.yaml:6:8: an unquoted * begins an alias");
    }

    @Test
    void an_unquoted_hash() {
        assertThat(agent("may:\n  - slack.post: { only: { channel: #incidents } }\nnme: x\n"))
                .contains(
                        "agent.yaml:4:36: an unquoted # begins a comment, so what follows on this line is not read → put it in quotes: \"#incidents\"")
                .contains("agent.yaml:5:1: `nme` is not known here → did you mean `name`?");
        assertThat(agent("may:\n  - slack.post:\n      only:\n        channel: #incidents\n"))
                .contains(
                        "agent.yaml:6:18: an unquoted # begins a comment, so there is no value here → put the value in quotes: \"#incidents\"");
        assertThat(agent("description: writes to #incidents\n"))
                .contains(
                        "agent.yaml:3:24: an unquoted # begins a comment, so the value ends before it");
        assertThat(agent("description: writes to people # not to machines\n")).isEmpty();
    }

    @Test
    void tabs_tags_anchors_and_strange_characters() {
        assertThat(agent("limits:\n\tturns: 3\n"))
                .contains("agent.yaml:4:1: a tab stands where YAML wants blanks");
        assertThat(agent("owner: !team sre\n"))
                .contains("agent.yaml:3:8: an unquoted ! begins a tag");
        assertThat(agent("owner: &me sre\n")).contains("agent.yaml:3:8: `&me` is an anchor");
        assertThat(agent("owner: @sre\nmodl: x\n"))
                .contains("agent.yaml:3:8: a text cannot begin with @ → put it in quotes: \"@sre\"")
                .contains("agent.yaml:4:1: `modl` is not known here → did you mean `model`?");
        assertThat(agent("owner: \"a\u0007b\"\n"))
                .contains("agent.yaml:3:10: a character that cannot be shown (U+0007)");
    }

    @Test
    void a_key_that_stands_twice() {
        assertThat(agent("owner: x\nmodel: fast\nowner: y\n"))
                .isEqualTo(
                        "agent.yaml:5:1: `owner` stands here twice → it is given on line 3 already; remove one of them");
    }

    @Test
    void words_and_numbers_that_readers_do_not_agree_on() {
        assertThat(agent("owner: no\n"))
                .contains(
                        "agent.yaml:3:8: `no` is a text to some YAML readers and false to others → write false, or \"no\" in quotes");
        assertThat(agent("limits: { time: 5:30 }\n"))
                .contains("agent.yaml:3:17: `5:30` is a number to base 60");
        assertThat(agent("owner: 0123\n"))
                .contains("agent.yaml:3:8: YAML readers do not agree on the number `0123`");
        assertThat(agent("owner: .inf\n")).contains("agent.yaml:3:8: YAML readers do not agree");
    }

    @Test
    void brackets_quotes_colons_and_indentation() {
        assertThat(agent("never: [\"a\", \"b\"\nmodel: x\n"))
                .contains("agent.yaml:3:8: a list that begins with [ is not closed");
        assertThat(agent("limits: { turns: 3\nmodel: x\n"))
                .contains("agent.yaml:3:9: a map that begins with { is not closed");
        assertThat(agent("owner: 'sre\n"))
                .contains("agent.yaml:3:8: a text that begins with a quote is never closed");
        assertThat(agent("owner: a: b\n")).contains("agent.yaml:3:9: a second `: ` on one line");
        assertThat(agent("checks:\n  - \"a\" in answer.tags\n"))
                .contains("agent.yaml:4:9: the text goes on after its closing quote");
        assertThat(agent("owner: x\n  model: y\n"))
                .contains(
                        "agent.yaml:4:8: a second `: ` on one line, or a line that is not indented");
        assertThat(agent("owner: \"\\d\"\n"))
                .contains("agent.yaml:3:10: a \\ is special within double quotes");
        assertThat(agent("---\nowner: x\n"))
                .contains("agent.yaml:3:1: a second document begins here");
    }

    @Test
    void what_is_no_map_and_what_is_too_deep() {
        assertThat(with("agent.yaml", "")).isEqualTo("agent.yaml: the file is empty");
        assertThat(with("agent.yaml", "- a\n")).contains("agent.yaml:1:1: the file is a list");
        assertThat(agent("input: " + "[".repeat(2000) + "\n"))
                .contains("agent.yaml:3:72: this is nested deeper than 64 levels");
        assertThat(agent("? [a]\n: b\n")).contains("agent.yaml:3:3: a key must be a word");
    }

    @Test
    void bad_json() {
        assertThat(agent("answer: s.json\n")).contains("agent.yaml:3:9: there is no file s.json");
        var files = Files.agent(HEAD + "answer: s.json\n");
        files.remove("answer.example.yaml");
        files.put("s.json", "{\n  \"type\": \"strin\"\n}");
        assertThat(faults(files)).contains("s.json:2:11: this is no JSON Schema: ");
        files.put("s.json", "{\n  \"type\": \"object\",\n  \"type\": 1}");
        assertThat(faults(files)).contains("s.json:3:").contains("this is not JSON: ");
    }

    // ---- keys and types

    @Test
    void unknown_and_missing_keys() {
        assertThat(faults(Files.agent("name: a\nremitt: agent/v1\n")))
                .contains("agent.yaml:1:1: `remit` is missing → remit: agent/v1")
                .contains("agent.yaml:2:1: `remitt` is not known here → did you mean `remit`?");
        assertThat(
                        agent(
                                "on-trouble: stop\nonTrouble: stop\nlimits: { max_turns: 3, outputTokens: 3 }\n"))
                .contains(
                        "agent.yaml:3:1: `on-trouble` is not known here → did you mean `on_trouble`?")
                .contains(
                        "agent.yaml:4:1: `onTrouble` is not known here → did you mean `on_trouble`?")
                .contains(
                        "agent.yaml:5:11: `max_turns` is not known here → one of: at_once, context_tokens")
                .contains(
                        "agent.yaml:5:25: `outputTokens` is not known here → did you mean `output_tokens`?");
        assertThat(faults(Files.agent("remit: agent/v2\nname: My Agent\n")))
                .contains("agent.yaml:1:8: `agent/v2` is not the format of this file → agent/v1")
                .contains("agent.yaml:2:7: `My Agent` is no name → lower-case letters");
    }

    @Test
    void wrong_types() {
        assertThat(
                        agent(
                                "owner: 7\nmodel:\nmay: x\nnever: { a: b }\nlimits: [1]\nchecks: 3\ndescription: [a]\n"))
                .contains(
                        "agent.yaml:3:8: `owner` is a number, not a text → put it in quotes: \"7\"")
                .contains("agent.yaml:4:7: `model` has no value")
                .contains("agent.yaml:5:6: `may` is a text, not a list → such as [x]")
                .contains("agent.yaml:6:8: `never` is a map of keys and values, not a list")
                .contains("agent.yaml:7:9: this is a list → keys and values")
                .contains("agent.yaml:8:9: `checks` is a number, not a list")
                .contains("agent.yaml:9:14: `description` is a list, not a text");
    }

    @Test
    void money_durations_and_ranges() {
        assertThat(
                        agent(
                                "budget: { session: 0.50, day: 5 EUR }\nlimits: { time: 60, turns: 0, same_call: many }\non_trouble: escallate\n"))
                .contains(
                        "agent.yaml:3:20: `0.5` has no unit → an amount with its currency, such as 0.50 USD")
                .contains(
                        "agent.yaml:3:31: `5 EUR` is no amount of money → an amount with its currency, such as 0.50 USD")
                .contains(
                        "agent.yaml:4:17: `60` has no unit → a duration, such as 90s, 5m, 1h30m or 90d")
                .contains("agent.yaml:4:28: `turns` is out of range → from 1 to 10000")
                .contains("agent.yaml:4:42: `same_call` is a text, not a whole number")
                .contains(
                        "agent.yaml:5:13: `escallate` is not known here → did you mean `escalate`?");
        assertThat(agent("limits: { time: 5 minutes }\n"))
                .contains("agent.yaml:3:17: `5 minutes` is no duration");
        assertThat(agent("limits: { time: 365d }\n"))
                .contains("agent.yaml:3:17: `time` is out of range");
    }

    // ---- files

    @Test
    void missing_files() {
        assertThat(
                        agent(
                                "instructions: instruction.md\ngood_when: rubrik.md\nanswer: answer.shema.yaml\ninput: in.txt\n"))
                .contains(
                        "agent.yaml:3:15: there is no file instruction.md → did you mean `instructions.md`?")
                .contains("agent.yaml:4:12: there is no file rubrik.md → did you mean `rubric.md`?")
                .contains("agent.yaml:5:9: there is no file answer.shema.yaml")
                .contains("agent.yaml:6:8: `in.txt` is no YAML or JSON file");
        var files = Files.agent(HEAD);
        files.remove("instructions.md");
        assertThat(faults(files))
                .isEqualTo(
                        "instructions.md: the file is missing → write down what the agent is to do, in plain words");
        files.put("instructions.md", "  \n");
        assertThat(faults(files)).contains("instructions.md: the file is empty");
        assertThat(agent("knowledge: docs/\n"))
                .contains("agent.yaml:3:12: the folder for files to explore is named knowledge/");
    }

    @Test
    void instructions_written_into_the_yaml() {
        assertThat(agent("instructions: |\n  Find the cause.\n  Say so.\n"))
                .isEqualTo(
                        "agent.yaml:3:15: this is a text, not the name of a file → put the text into instructions.md");
    }

    @Test
    void files_of_other_systems_have_the_same_places() {
        assertThat(
                        faults(
                                Files.agent(
                                        "\uFEFF"
                                                + (HEAD
                                                                + "modl: x\nchecks:\n  - |\n    true &&\n    foo(2)\n")
                                                        .replace("\n", "\r\n"))))
                .contains("agent.yaml:3:1: `modl` is not known here")
                .contains("agent.yaml:7:8: the expression is wrong: there is no function `foo`");
    }

    @Test
    void folders_that_are_none() {
        assertThat(faults(Map.of()))
                .contains("agent.yaml: there is neither an agent.yaml nor a workflow.yaml");
        assertThat(faults(Map.of("agent.yml", ""))).contains("rename agent.yml to agent.yaml");
        assertThat(faults(Map.of("x/agent.yaml", ""))).contains("give the folder itself: x");
        assertThat(faults(Map.of("agent.yaml", "", "workflow.yaml", "")))
                .contains("workflow.yaml: the folder holds an agent.yaml too");
        assertThat(faults(Map.of("../agent.yaml", "", "/etc/x", "", "a//b", "", "a\\b", "")))
                .hasLineCount(4)
                .contains("this is no path within the folder");
    }

    @Test
    void sizes_are_bounded() {
        assertThat(with("knowledge/big.md", "x".repeat(1_000_001)))
                .isEqualTo("knowledge/big.md: the file has 1000001 bytes → at most 1000000");
        var many = new HashMap<>(Files.agent());
        for (int i = 0; i < 1001; i++) {
            many.put("knowledge/" + i + ".md", "x");
        }
        assertThat(faults(many)).contains("at most 1000");
        var large = new HashMap<>(Files.agent());
        for (int i = 0; i < 11; i++) {
            large.put("knowledge/" + i + ".md", "x".repeat(999_999));
        }
        assertThat(faults(large)).contains("at most 10000000");
    }

    @Test
    void the_number_of_faults_is_bounded() {
        var yaml = new StringBuilder(HEAD);
        for (int i = 0; i < 1000; i++) {
            yaml.append("zzzzzzzz").append(i).append(": 1\n");
        }
        assertThat(FolderReader.read(Files.agent(yaml.toString())).faults()).hasSize(201);
    }

    // ---- the mandate

    @Test
    void tools_that_do_not_exist_or_cannot_be_used() {
        assertThat(
                        agent(
                                "may: [runbook.search, knowledge.serch, crm.read, \"crm.*\", 3, slack.post, slack.post]\nnever: [\"slack.*\", \"a b\"]\n"))
                .contains(
                        "agent.yaml:3:7: there is no tool `runbook.search` → did you mean `runbooks.search`?")
                .contains(
                        "agent.yaml:3:23: there is no tool `knowledge.serch` → did you mean `knowledge.search`?")
                .contains(
                        "agent.yaml:3:40: there is no tool `crm.read` → describe it in tools/crm.read.yaml")
                .contains("agent.yaml:3:50: `may` names tools one by one")
                .contains("agent.yaml:3:59: this is a number, not a tool")
                .contains("agent.yaml:3:62: `never: slack.*` forbids `slack.post`, and wins")
                .contains("agent.yaml:3:74: `slack.post` is named twice")
                .contains("agent.yaml:4:20: `a b` is no pattern over names of tools");
    }

    @Test
    void conditions_that_cannot_hold() {
        assertThat(
                        agent(
                                """
                                may:
                                  - slack.post:
                                      only: { chanel: "#a", text: 7 }
                                      when: arg.text == 'x'
                                  - runbooks.search: { when: "args.query ==" , wen: x }
                                """))
                .contains(
                        "agent.yaml:5:15: the tool has no argument `chanel` → did you mean `channel`?")
                .contains(
                        "agent.yaml:5:35: the argument can never be 7 → must be text, not a whole number")
                .contains(
                        "agent.yaml:6:13: the expression is wrong: nothing is named `arg` here; the names are: agent, args, now, principal, session")
                .contains("agent.yaml:7:44: the expression is wrong: the expression ends too early")
                .contains("agent.yaml:7:48: `wen` is not known here → did you mean `when`?");
        assertThat(agent("may:\n  - slack.post:\n    only: { channel: x }\n"))
                .contains("agent.yaml:4:5: one entry names one tool");
    }

    @Test
    void checks_that_do_not_compile_are_told_where_they_are() {
        assertThat(
                        agent(
                                """
                                checks:
                                  - size(answer.causes) > 0 && answr.x
                                  - { when: "answer.x >", says: no x }
                                  - { when: answer.x }
                                  - |
                                    answer.x == 1
                                    && foo(2)
                                """))
                .contains("agent.yaml:4:32: the expression is wrong: nothing is named `answr`")
                .contains("agent.yaml:5:24: the expression is wrong: the expression ends too early")
                .contains("agent.yaml:6:5: `says` is missing")
                .contains("agent.yaml:9:11: the expression is wrong: there is no function `foo`");
    }

    @Test
    void schemas_that_are_none_and_examples_that_do_not_fit() {
        assertThat(agent("answer: { type: objekt, required: x }\n"))
                .contains("agent.yaml:3:17: this is no JSON Schema")
                .contains("agent.yaml:3:35: this is no JSON Schema");
        var files = Files.agent(HEAD);
        files.put(
                "answer.schema.yaml",
                "type: object\nrequired: [causes, more]\nproperties: { causes: { type: string } }\n");
        assertThat(faults(files))
                .contains(
                        "answer.example.yaml:1:1: the example does not fit the schema: `more` is missing")
                .contains(
                        "answer.example.yaml:2:3: the example does not fit the schema: must be text, not a list");
    }

    // ---- tools

    @Test
    void tools_with_faults() {
        assertThat(
                        with(
                                "tools/crm.read.yaml",
                                """
                                remit: tool/v1
                                name: crm.write
                                tier: 5
                                timeout: 2
                                input: { type: array }
                                http: { method: FETCH, url: "ftp://x", heders: {} }
                                """))
                .contains("tools/crm.read.yaml:2:7: the tool is named `crm.write` here")
                .contains("tools/crm.read.yaml:1:1: `description` is missing")
                .contains("tools/crm.read.yaml:3:7: `tier` is out of range → from 1 to 4")
                .contains("tools/crm.read.yaml:4:10: `2` has no unit")
                .contains("tools/crm.read.yaml:5:8: the arguments of a tool are an object")
                .contains("tools/crm.read.yaml:6:17: `FETCH` is no HTTP method")
                .contains("tools/crm.read.yaml:6:29: this is no URL")
                .contains(
                        "tools/crm.read.yaml:6:40: `heders` is not known here → did you mean `headers`?");
        assertThat(
                        with(
                                "tools/x.yaml",
                                "remit: tool/v1\ndescription: x\ntier: 2\nfunction: clock.nwo\ninput: { type: object, properties: { evidence: {} } }\n"))
                .contains(
                        "tools/x.yaml:4:11: `clock.nwo` is no function of Remit → did you mean `clock.now`?")
                .contains("tools/x.yaml:5:8: `evidence` is added by Remit");
        assertThat(
                        with(
                                "tools/x.yaml",
                                "remit: tool/v1\ndescription: x\ntier: 1\nhttp: { method: GET, url: \"https://x.example/{q}\", headers: { A: \"${args.q}\" }, body: { a: \"${arg.x}\" } }\n"))
                .contains("the URL asks for {q}, which is no argument of the tool")
                .contains("only a secret can be filled into a header")
                .contains("nothing is named `arg` here");
        assertThat(with("tools/x.yaml", "remit: tool/v1\ndescription: x\ntier: 1\n"))
                .contains("tools/x.yaml:1:1: `function` or `http` is missing");
        assertThat(with("tools/clock.now.yaml", Files.SLACK))
                .contains("tools/clock.now.yaml: clock.now is built in");
        assertThat(with("tools/Not A Tool.yaml", Files.SLACK)).contains("is no name for a tool");
    }

    // ---- workflows

    @Test
    void steps_that_are_none() {
        assertThat(
                        workflow(
                                """
                                steps:
                                  - triag
                                  - { agent: triage, imput: x }
                                  - 7
                                  - {}
                                  - { do: slack.post, agent: comms }
                                  - { paralel: [comms] }
                                  - { parallel: [], if_one_fails: carry_on }
                                  - { do: slak.post }
                                """))
                .contains("workflow.yaml:4:5: there is no agent `triag` → did you mean `triage`?")
                .contains("workflow.yaml:5:22: `imput` is not known here → did you mean `input`?")
                .contains("workflow.yaml:6:5: this is a number, not a step")
                .contains("workflow.yaml:7:5: this is no step → exactly one of")
                .contains("workflow.yaml:8:5: this is several steps in one: agent, do")
                .contains("workflow.yaml:9:5: this is no step → did you mean `parallel`?")
                .contains("workflow.yaml:10:17: `parallel` is empty")
                .contains(
                        "workflow.yaml:10:35: `carry_on` is not known here → one of: keep_others, stop")
                .contains(
                        "workflow.yaml:11:11: there is no tool `slak.post` → did you mean `slack.post`?");
    }

    @Test
    void a_workflow_among_the_agents_is_told_where_it_belongs() {
        assertThat(with("agents/comms/workflow.yaml", Files.WORKFLOW))
                .contains(
                        "agents/comms/workflow.yaml: a workflow stands among the agents",
                        "workflows/comms");
    }

    @Test
    void names_that_clash() {
        assertThat(workflow("steps: [triage, triage]\n"))
                .contains(
                        "workflow.yaml:3:17: a step named `triage` stands on line 3 already → give one of them another name with `as:`");
        assertThat(workflow("steps: [triage, comms]\noutput: [triage, coms, triage]\n"))
                .contains("workflow.yaml:4:18: there is no step `coms` → did you mean `comms`?")
                .contains("workflow.yaml:4:24: `triage` stands here twice");
        assertThat(workflow("steps: [triage, { agent: triage, as: again }]\n"))
                .contains("the answers of `triage` and `again` both have `triage`");
        assertThat(workflow("steps: [triage, { agent: triage, as: again }]\noutput: [again]\n"))
                .isEmpty();
        assertThat(with("agents/comms/agent.yaml", "remit: agent/v1\nname: coms\n"))
                .contains(
                        "agents/comms/agent.yaml:2:7: the agent is named `coms`, and its folder comms → name: comms");
    }

    @Test
    void references_that_lead_nowhere() {
        assertThat(
                        workflow(
                                """
                                input: incident.schema.yaml
                                steps:
                                  - { do: slack.post, as: early, with: { channel: input.chanel, text: "${comms.slack_update}" } }
                                  - parallel:
                                      - comms
                                      - { agent: triage, input: { text: "${steps.comms.x}" } }
                                  - { do: slack.post, with: { channel: comms.slack_updat, text: steps.com.x, extra: 1 } }
                                  - { agent: report, input: { x: "${input.} " } }
                                """))
                .contains("workflow.yaml:5:51: the input has no `chanel` → one of: severity, title")
                .contains(
                        "workflow.yaml:5:71: `${comms.slack_update}`: character 1: nothing is named `comms` here")
                .contains(
                        "workflow.yaml:8:41: no step named `comms` is done before this one → one of: early") // not in the same parallel
                .contains(
                        "workflow.yaml:9:40: comms has no `slack_updat` → did you mean `slack_update`?")
                .contains("workflow.yaml:9:65: no step named `com` is done before this one")
                .contains("workflow.yaml:9:78: `slack.post` has no argument `extra`")
                .contains("workflow.yaml:10:34: `${input.}`: character 7: `.` cannot stand here");
        assertThat(
                        workflow(
                                "steps: [{ do: slack.post, with: { channel: x } }, { do: journal.append, with: hello }]\n"))
                .contains("workflow.yaml:3:33: `slack.post` needs `text`")
                .contains("`journal.append` needs `line`")
                .contains("`with` is a text, not arguments by name");
    }

    @Test
    void workflows_without_steps_or_agents() {
        assertThat(workflow("deadline: 60\nbudget: 2\n"))
                .contains("workflow.yaml:1:1: `steps` is missing")
                .contains("workflow.yaml:3:11: `60` has no unit")
                .contains("workflow.yaml:4:9: this is a number → keys and values");
        assertThat(workflow("steps: []\n")).contains("workflow.yaml:3:8: there is no step");
        assertThat(with("agents/extra/instructions.md", "x"))
                .isEqualTo(
                        "agents/extra/agent.yaml: the file is missing → every folder under agents/ describes an agent in it");
    }

    // ---- rehearsal

    @Test
    void rehearsals_with_faults() {
        assertThat(
                        with(
                                "rehearsal.yaml",
                                """
                                replies:
                                  - when: inputs.x
                                    answer: hello
                                  - let: { turn: 1, b: input.x, c: a + b, d-e: 1 }
                                    answer: { x: "${e}", y: "${c}" }
                                  - calls: [{ tool: runbooks.serch, arguments: { query: "${1 +}" } }]
                                  - fault: { kind: rate_limitd, times: 0, retry_after: 3 }
                                  - tokens_per_second: fast
                                  - fault: explode
                                """))
                .contains("rehearsal.yaml:2:11: the expression is wrong: nothing is named `inputs`")
                .contains("rehearsal.yaml:4:12: `turn` is given already")
                .contains("rehearsal.yaml:4:36: the expression is wrong: nothing is named `a` here")
                .contains("rehearsal.yaml:4:43: `d-e` cannot be used in an expression")
                .contains("rehearsal.yaml:5:18: `${e}`: character 1: nothing is named `e` here")
                .contains(
                        "rehearsal.yaml:6:21: the agent may not use `runbooks.serch` → did you mean `runbooks.search`?")
                .contains("rehearsal.yaml:6:57: `${1 +}`")
                .contains(
                        "rehearsal.yaml:7:20: `rate_limitd` is no fault that can be rehearsed → did you mean `rate_limited`?")
                .contains("rehearsal.yaml:7:40: `times` is out of range")
                .contains("rehearsal.yaml:7:56: `3` has no unit")
                .contains("rehearsal.yaml:8:5: `answer` is missing")
                .contains("rehearsal.yaml:8:24: `tokens_per_second` is a text")
                .contains("rehearsal.yaml:9:12: `explode` is no fault");
    }

    @Test
    void all_faults_of_all_files_come_at_once_in_order() {
        var files = Files.workflow();
        files.put("workflow.yaml", Files.WORKFLOW.replace("deadline: 60s", "deadline: 60"));
        files.put("agents/comms/agent.yaml", "remit: agent/v1\nname: comms\nmodl: x\n");
        files.put("agents/triage/agent.yaml", "remit: agent/v1\nname: triage\nnever: [*.x]\n");
        files.put("tools/slack.post.yaml", Files.SLACK.replace("tier: 2", "tier: two"));
        assertThat(faults(files).lines().map(line -> line.split(": ")[0]))
                .containsExactly(
                        "agents/comms/agent.yaml:3:1",
                        "agents/triage/agent.yaml:3:9",
                        "tools/slack.post.yaml:3:7",
                        "workflow.yaml:10:11");
    }
}
