package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.FolderReader;
import dev.remit.core.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The command against a server that says what the test wants.
class CommandTest {
    private static final String ONE = "019a2f3c-77b1-7000-8000-000000000001";
    private static final String TWO = "019a2f3d-0000-7000-8000-000000000002";
    private static final String CHILD = "019a2f3c-77b1-7000-8000-0000000000c1";
    private static final String GOOD =
            "{'agent':'demo','kind':'agent','version':'abc','status':'closed',"
                    + "'stop_reason':'completed','outcome':{'status':'good','reasons':[]},"
                    + "'opened_at':'2026-11-20T12:00:00Z','updated_at':'2026-11-20T12:00:03Z',"
                    + "'usage':{'input':100,'cache_read':0,'cache_write':0,'output':20,'reasoning':0},"
                    + "'provider':'rehearsal','model':'rehearsal','children':[],'head':4,"
                    + "'output':{'root_cause':'disk full','confidence':0.9}}";
    private static final String[] GOOD_EVENTS = {
        "{'type':'opened','definition':{'name':'demo','version':'abc'}}",
        "{'type':'model_called','turn':1,'attempt':1,'route':'capable'}",
        "{'type':'model_replied','turn':1,'attempt':1,'model':'rehearsal','stop':'end',"
                + "'usage':{'input':100,'output':20}}",
        "{'type':'closed','reason':'completed','outcome':{'status':'good','reasons':[]}}"
    };

    @TempDir Path folder;
    private final FakeServer server = new FakeServer();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private String input = "";

    @BeforeEach
    void prepare() throws IOException {
        server.home(folder.resolve("home"));
        environment.put("REMIT_HOME", folder.resolve("home").toString());
    }

    @AfterEach
    void end() {
        server.close();
    }

    private int remit(String... words) {
        out.reset();
        err.reset();
        var shell =
                new Shell(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        out,
                        err,
                        environment,
                        folder,
                        false,
                        false,
                        StandardCharsets.UTF_8);
        return Main.run(shell, words);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_good_run_in_a_pipe_shows_plain_lines_the_result_and_a_summary_and_exits_with_0() {
        server.session(ONE, GOOD).events(ONE, GOOD_EVENTS);

        assertThat(remit("run", "demo")).isZero();

        assertThat(out())
                .contains("session " + ONE + " of demo")
                .contains("rehearsal answered: 120 tokens")
                .contains("Root cause  disk full")
                .contains("completed, good")
                .contains("100 in, 20 out")
                .doesNotContain("\u001b");
        assertThat(err()).startsWith("remit: rehearsal: scripted answers").hasLineCount(1);
    }

    @Test
    void json_output_is_exactly_one_document_on_standard_output() {
        server.session(ONE, GOOD).events(ONE, GOOD_EVENTS);

        assertThat(remit("run", "demo", "-o", "json")).isZero();

        assertThat(Json.parse(out()).path("output").path("root_cause").asString())
                .isEqualTo("disk full");
    }

    @ParameterizedTest
    @CsvSource({
        "completed, good, 0",
        "completed, unverified, 0",
        "no_work, unverified, 0",
        "completed, not_good, 1",
        "failed, unverified, 1",
        "denied, unverified, 3",
        "cancelled, unverified, 5",
        "killed, unverified, 5"
    })
    void the_exit_code_says_how_the_session_ended(String reason, String outcome, int code) {
        server.session(
                        ONE,
                        GOOD.replace("'completed'", "'" + reason + "'")
                                .replace("'good'", "'" + outcome + "'"))
                .events(ONE, GOOD_EVENTS);

        assertThat(remit("run", "demo")).isEqualTo(code);
    }

    @Test
    void a_session_that_waits_for_a_person_ends_the_watch_with_7_and_says_what_to_answer() {
        server.session(
                        ONE,
                        "{'agent':'demo','status':'idle','waiting':{'for':'trouble','why':'was the"
                                + " mail sent?','in_doubt':['3.0']},'outcome':{'status':'unverified'}}")
                .events(
                        ONE,
                        GOOD_EVENTS[0],
                        "{'type':'idled','waiting':{'for':'trouble','why':'was the mail sent?'}}");

        assertThat(remit("run", "demo")).isEqualTo(ExitCode.WAITS);

        assertThat(out())
                .contains("was the mail sent?")
                .contains("./remit resolve " + ONE + " happened|did-not-happen");
    }

    @Test
    void a_child_that_waits_for_a_person_ends_the_watch_of_its_parent_with_7() {
        server.session(
                        CHILD,
                        "{'agent':'demo.triage','status':'idle','parent':{'session':'"
                                + ONE
                                + "','action':'triage'},'waiting':{'for':'budget','why':'0.50 USD are spent'}}")
                .session(
                        ONE,
                        "{'agent':'demo','kind':'workflow','status':'idle','waiting':{'for':'session','sessions':['"
                                + CHILD
                                + "']},'children':[{'action':'triage','session':'"
                                + CHILD
                                + "','agent':'demo.triage'}]}")
                .events(
                        ONE,
                        GOOD_EVENTS[0],
                        "{'type':'delegated','action':'triage','child':'"
                                + CHILD
                                + "','definition':{'name':'demo.triage'}}",
                        "{'type':'idled','waiting':{'for':'session','sessions':['" + CHILD + "']}}")
                .events(
                        CHILD,
                        "{'type':'opened','definition':{'name':'demo.triage'}}",
                        "{'type':'idled','waiting':{'for':'budget','why':'0.50 USD are spent'}}");

        assertThat(remit("run", "demo")).isEqualTo(ExitCode.WAITS);

        assertThat(out()).contains("./remit raise " + CHILD);
    }

    @Test
    void a_timeout_lets_go_of_the_session_with_4() {
        server.session(ONE, "{'agent':'demo','status':'running'}")
                .events(ONE, GOOD_EVENTS[0], GOOD_EVENTS[1]);

        assertThat(remit("run", "demo", "--timeout", "300ms")).isEqualTo(ExitCode.GOING_ON);

        assertThat(out()).contains("./remit attach " + ONE);
    }

    @Test
    void a_detached_run_prints_the_id_alone_and_exits_with_4() {
        server.session(ONE, "{'agent':'demo','status':'running'}");

        assertThat(remit("run", "demo", "--detach")).isEqualTo(ExitCode.GOING_ON);

        assertThat(out()).isEqualTo(ONE + System.lineSeparator());
    }

    @Test
    void the_idempotency_key_is_passed_on() {
        server.session(ONE, GOOD).events(ONE, GOOD_EVENTS);

        remit("run", "demo", "--idempotency-key", "nightly");

        assertThat(server.last("POST /v1/sessions").headers())
                .containsEntry("Idempotency-key", "nightly");
    }

    @Test
    void the_folders_files_are_applied_before_the_run_and_the_session_is_pinned_to_them()
            throws IOException {
        Files.createDirectories(folder.resolve("my agent/knowledge/.git"));
        Files.writeString(folder.resolve("my agent/agent.yaml"), "remit: agent/v1\n");
        Files.writeString(folder.resolve("my agent/knowledge/a.md"), "known\n");
        Files.write(folder.resolve("my agent/knowledge/photo.bin"), new byte[] {0, -1, 3});
        Files.writeString(folder.resolve("my agent/knowledge/.git/config"), "hidden\n");
        server.session(ONE, GOOD).events(ONE, GOOD_EVENTS);

        assertThat(remit("run", "my agent", "--input", "{\"a\": 1}")).isZero();

        var files = server.last("POST /v1/agents").body().path("files");
        assertThat(files.propertyNames()).containsExactly("agent.yaml", "knowledge/a.md");
        var opened = server.last("POST /v1/sessions").body();
        assertThat(opened.path("version").asString()).isEqualTo("abc");
        assertThat(opened.path("input")).isEqualTo(Json.parse("{\"a\":1}"));
    }

    @Test
    void each_fault_of_a_file_is_one_line_that_says_what_would_be_right() throws IOException {
        Files.createDirectories(folder.resolve("agent"));
        Files.writeString(folder.resolve("agent/agent.yaml"), "x\n");
        server.answer(
                "POST /v1/agents",
                422,
                "{'title':'bad files','faults':[{'file':'agent.yaml','line':3,'column':7,'wrong':'no"
                        + " number','right':'a number'},{'file':'x.md','line':0,'column':0,'wrong':'is"
                        + " missing','right':''}]}");

        assertThat(remit("apply", "agent")).isEqualTo(ExitCode.USAGE);

        assertThat(err())
                .contains("agent/agent.yaml:3:7: no number → a number")
                .contains("agent/x.md: is missing");
        assertThat(out()).isEmpty();
    }

    @Test
    void an_input_that_the_agent_does_not_take_is_refused_with_each_fault() {
        server.answer(
                "POST /v1/sessions",
                422,
                "{'title':'bad input','faults':[{'path':'/severity','wrong':'is required'}]}");

        assertThat(remit("run", "demo")).isEqualTo(ExitCode.USAGE);

        assertThat(err()).contains("/severity: is required").contains("no model was asked");
    }

    @Test
    void the_input_comes_from_a_file_standard_input_or_the_command_line() throws IOException {
        server.session(ONE, GOOD).events(ONE, GOOD_EVENTS);
        Files.writeString(folder.resolve("in.json"), "\uFEFF{\"from\": \"file\"}");
        input = "{\"from\": \"stdin\"}";

        remit("run", "demo", "--input", "in.json");
        assertThat(given()).isEqualTo("{\"from\":\"file\"}");
        remit("run", "demo", "--input", "-");
        assertThat(given()).isEqualTo("{\"from\":\"stdin\"}");
        remit("run", "demo", "--input", "[1, 2]");
        assertThat(given()).isEqualTo("[1,2]");
        remit("run", "demo", "--input", "what is new?");
        assertThat(given()).isEqualTo("\"what is new?\"");
        remit("run", "demo");
        assertThat(given()).isEqualTo("{}");
    }

    private String given() {
        return Json.write(server.last("POST /v1/sessions").body().path("input"));
    }

    @Test
    void a_broken_input_says_where_it_is_broken() throws IOException {
        Files.writeString(folder.resolve("in.json"), "{\n  \"a\": ,\n}");

        assertThat(remit("run", "demo", "--input", "in.json")).isEqualTo(ExitCode.USAGE);

        assertThat(err()).contains("in.json:2:8: not JSON");
        assertThat(server.whatWasAsked()).isEmpty();
    }

    @Test
    void a_missing_input_file_is_not_taken_for_json() {
        assertThat(remit("run", "demo", "--input", "nowhere.json")).isEqualTo(ExitCode.USAGE);

        assertThat(err()).contains("there is no such file");
    }

    @Test
    void the_environment_decides_the_provider_and_the_key_goes_to_the_vault_alone() {
        server.session(ONE, GOOD).events(ONE, GOOD_EVENTS);
        environment.put("OPENAI_API_KEY", "sk-secret-1");
        environment.put("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1");
        environment.put("REMIT_MODEL", "llama");

        assertThat(remit("run", "demo")).isZero();

        assertThat(server.last("PUT /v1/credentials/openai").body().path("value").asString())
                .isEqualTo("sk-secret-1");
        var models = server.last("POST /v1/sessions").body().path("models");
        assertThat(models.path("provider").asString()).isEqualTo("openai");
        assertThat(models.path("base_url").asString()).isEqualTo("http://127.0.0.1:11434/v1");
        assertThat(models.path("model").asString()).isEqualTo("llama");
        assertThat(out() + err()).doesNotContain("sk-secret-1");

        environment.put("ANTHROPIC_API_KEY", "sk-ant-2");
        remit("run", "demo");
        assertThat(provider()).isEqualTo("anthropic");
        environment.put("REMIT_PROVIDER", "openai");
        remit("run", "demo");
        assertThat(provider()).isEqualTo("openai");
        remit("run", "demo", "--provider", "rehearsal", "--seed", "7");
        assertThat(provider()).isEqualTo("rehearsal");
    }

    private String provider() {
        return server.last("POST /v1/sessions").body().path("models").path("provider").asString();
    }

    @Test
    void a_session_is_found_by_the_beginning_of_its_id_or_as_the_last_one() {
        server.session(ONE, GOOD).session(TWO, GOOD);

        assertThat(remit("describe", "019a2f3c", "-o", "json")).isZero();
        assertThat(Json.parse(out()).path("id").asString()).isEqualTo(ONE);
        assertThat(remit("describe", "last", "-o", "json")).isZero();
        assertThat(Json.parse(out()).path("id").asString()).isEqualTo(TWO);
        assertThat(remit("describe", "019a2f3")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("too short");
        assertThat(remit("describe", "019a2f3f")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("no session begins with");
        assertThat(remit("describe", "../health")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void an_ambiguous_beginning_is_refused_with_the_candidates() {
        server.session(ONE, GOOD).session(ONE.replace("01", "03"), GOOD);
        var other = ONE.substring(0, 35) + "9";
        server.session(other, GOOD);

        assertThat(remit("cancel", ONE.substring(0, 20))).isEqualTo(ExitCode.USAGE);

        assertThat(err()).contains(ONE).contains(other);
        assertThat(server.whatWasAsked()).noneMatch(w -> w.endsWith(":cancel"));
    }

    @Test
    void a_child_is_found_by_its_id_and_its_parent_wins_a_tie() {
        server.session(
                        CHILD,
                        "{'agent':'demo.triage','status':'closed','parent':{'session':'"
                                + ONE
                                + "','action':'triage'}}")
                .session(
                        ONE,
                        GOOD.replace(
                                "'children':[]",
                                "'children':[{'action':'triage','session':'"
                                        + CHILD
                                        + "','agent':'demo.triage'}]"));

        remit("describe", CHILD.substring(0, 35), "-o", "json");
        assertThat(Json.parse(out()).path("id").asString()).isEqualTo(CHILD);
        remit("describe", "019a2f3c-77b1", "-o", "json");
        assertThat(Json.parse(out()).path("id").asString()).isEqualTo(ONE);
    }

    @Test
    void the_verbs_send_what_was_said() {
        server.session(ONE, "{'agent':'demo','status':'idle','waiting':{'for':'message'}}");

        assertThat(remit("message", "last", "go on")).isZero();
        assertThat(
                        server.last("POST /v1/sessions/" + ONE + "/events")
                                .body()
                                .path("text")
                                .asString())
                .isEqualTo("go on");
        assertThat(remit("resolve", "last", "did-not-happen", "--action", "3.0")).isZero();
        var resolved = server.last("POST /v1/sessions/" + ONE + ":resolve").body();
        assertThat(resolved.path("happened").asBoolean(true)).isFalse();
        assertThat(resolved.path("action").asString()).isEqualTo("3.0");
        assertThat(remit("raise", "last", "1 USD")).isZero();
        assertThat(remit("cancel", "last", "--why", "enough")).isZero();
        assertThat(
                        server.last("POST /v1/sessions/" + ONE + ":cancel")
                                .body()
                                .path("why")
                                .asString())
                .isEqualTo("enough");
        assertThat(remit("resolve", "last", "maybe")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void logs_are_one_line_an_event_or_one_document() {
        server.session(ONE, GOOD).events(ONE, GOOD_EVENTS);

        assertThat(remit("logs", "last")).isZero();
        assertThat(out()).hasLineCount(4).contains("closed: completed, good");
        assertThat(remit("logs", "last", "-o", "json")).isZero();
        assertThat(Json.parse(out()).path("items")).hasSize(4);
        assertThat(remit("logs", "last", "-f", "-o", "json")).isZero();
        assertThat(out().lines().map(Json::parse)).hasSize(4);
    }

    @Test
    void whoever_waits_for_a_shared_budget_is_told_how_to_set_it() {
        var why =
                "the budget of 1.00 USD/day for tool:maps.route is used up: the next use of"
                        + " maps.route may cost up to 0.01 USD, and 0.00 USD are left; have it raised"
                        + " (./remit budget set tool:maps.route \\\"… USD/day\\\") and the session goes on";
        server.session(
                ONE,
                "{'id':'%s','status':'idle','agent':{'name':'a'},'waiting':{'for':'budget','why':'%s'}}"
                        .formatted(ONE, why));
        assertThat(remit("describe", "last")).isZero();
        assertThat(out())
                .contains("./remit budget set tool:maps.route \"… USD/day\"\n")
                .doesNotContain("./remit raise");
    }

    @Test
    void prompts_are_shown_below_the_calls_or_one_of_them_whole() {
        var messages =
                """
                [{"role":"SYSTEM","parts":[{"part":"text","text":"Be\\nbrief.\\u001b[2J"}]},
                 {"role":"ASSISTANT","parts":[{"part":"reasoning","text":"Hm."},
                   {"part":"tool_use","id":"c1","tool":"clock.now","arguments":{"zone":"UTC"}}]},
                 {"role":"user","parts":[{"part":"tool_result","id":"c1","text":"noon","failed":false}]}]
                """;
        server.session(ONE, GOOD)
                .events(
                        ONE,
                        "{\"type\":\"model_called\",\"turn\":1,\"attempt\":1,\"route\":\"fast\",\"added\":"
                                + messages
                                + "}",
                        "{\"type\":\"closed\",\"reason\":\"completed\",\"outcome\":{\"status\":\"good\"}}")
                .answer(
                        "GET /v1/sessions/" + ONE + "/prompts/1",
                        200,
                        "{\"turn\":1,\"route\":\"fast\",\"messages\":" + messages + "}");
        var shown =
                """
                    system:
                        Be
                        brief.[2J
                    assistant:
                        (thinks) Hm.
                        uses clock.now {"zone":"UTC"} [c1]
                    user:
                        result [c1]: noon
                """;
        assertThat(remit("logs", "last", "--prompts")).isZero();
        assertThat(out()).contains(shown).contains("asks the model (fast), turn 1");
        assertThat(remit("logs", "last", "-f", "--prompts")).isZero();
        assertThat(out()).contains(shown);
        assertThat(remit("logs", "last")).isZero();
        assertThat(out()).doesNotContain("brief");
        assertThat(remit("logs", "last", "--prompt", "1")).isZero();
        assertThat(out()).isEqualTo("turn 1 (fast)\n" + shown);
        assertThat(remit("logs", "last", "--prompt", "1", "-o", "json")).isZero();
        assertThat(Json.parse(out()).path("messages")).hasSize(3);
        assertThat(remit("logs", "last", "--prompt", "1", "-f")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void what_a_model_wrote_cannot_steer_the_terminal() {
        server.session(ONE, GOOD.replace("disk full", "\\u001b[2J\\u001b]0;gone\\u0007full"))
                .events(ONE, GOOD_EVENTS);

        remit("run", "demo");

        assertThat(out()).doesNotContain("\u001b").doesNotContain("\u0007").contains("full");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rnu", "run --inptu x", "run", "sessions --limit many", "--colour", ""})
    void wrong_usage_exits_with_2_and_points_to_the_help(String words) {
        var arguments = new ArrayList<>(List.of(words.split(" ")));
        arguments.remove("");

        assertThat(remit(arguments.toArray(String[]::new))).isEqualTo(ExitCode.USAGE);

        assertThat(out()).isEmpty();
        assertThat(err()).contains("--help");
    }

    @Test
    void a_typo_is_answered_with_what_may_have_been_meant() {
        remit("rnu");
        assertThat(err()).contains("there is no command rnu").contains("Did you mean run");
        remit("run", "demo", "--inptu", "x");
        assertThat(err()).contains("Did you mean --input");
        remit("run", "demmo");
        assertThat(err()).contains("Did you mean demo?");
    }

    @Test
    void every_command_explains_itself_with_an_example() {
        assertThat(remit("--help")).isZero();
        assertThat(out()).contains("Exit codes").contains("  7  ");
        for (var command :
                List.of(
                        "run",
                        "attach",
                        "sessions",
                        "describe",
                        "logs",
                        "message",
                        "cancel",
                        "resolve",
                        "raise",
                        "record",
                        "new",
                        "apply",
                        "agents",
                        "doctor",
                        "serve",
                        "stop",
                        "verify",
                        "bench",
                        "campaign")) {
            assertThat(remit(command, "--help")).as(command).isZero();
            assertThat(out()).as(command).contains("Examples").contains("./remit " + command);
        }
    }

    @Test
    void without_a_server_the_command_says_how_the_start_failed() throws IOException {
        Files.delete(folder.resolve("home/server.json"));

        assertThat(remit("stop")).isZero();
        assertThat(err()).contains("no server runs");
    }

    @Test
    void a_recording_is_written_and_given_back_for_replay() throws IOException {
        server.session(ONE, GOOD)
                .events(ONE, GOOD_EVENTS)
                .answer(
                        "GET /v1/sessions/" + ONE + "/recording",
                        200,
                        "{'remit':'recording/v1','agents':{'demo':[{'role':'ASSISTANT'}]}}");

        assertThat(remit("record", "last", "-o", "r.json")).isZero();
        assertThat(remit("run", "demo", "--replay", "r.json")).isZero();

        assertThat(server.last("POST /v1/sessions").body().path("recording").path("demo"))
                .hasSize(1);
        Files.writeString(folder.resolve("r.json"), "{}");
        assertThat(remit("run", "demo", "--replay", "r.json")).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "workflow"})
    void a_new_folder_has_no_fault(String kind) {
        var words =
                kind.equals("agent")
                        ? List.of("new", "a-new-one")
                        : List.of("new", "a-new-one", "--workflow");

        assertThat(remit(words.toArray(String[]::new))).isZero();

        var reading = FolderReader.read(Folder.read(folder.resolve("a-new-one"), "a-new-one"));
        assertThat(reading.faults()).isEmpty();
        assertThat(out()).contains("./remit run a-new-one");
        assertThat(remit("new", "a-new-one"))
                .as("nothing is overwritten")
                .isEqualTo(ExitCode.USAGE);
        assertThat(remit("new", "Not A Name")).isEqualTo(ExitCode.USAGE);
    }
}
