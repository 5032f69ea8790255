package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What workflows ask of people and wait for, and how the command answers.
class AnswersTest {
    private static final String ONE = "019a2f3c-77b1-7000-8000-000000000001";
    private static final String TWO = "019a2f3d-0000-7000-8000-000000000002";
    private static final String FIRST = ONE + ".0123456789ab";
    private static final String SECOND = ONE + ".ba9876543210";
    private static final String OTHER = TWO + ".aaaaaaaaaaaa";

    @TempDir Path folder;
    private final FakeServer server = new FakeServer();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void prepare() throws IOException {
        server.home(folder.resolve("home"));
        server.answer(
                "GET /v1/approvals",
                200,
                "{'items':[%s,%s,%s]}"
                        .formatted(
                                question(TWO, OTHER, "Really?"),
                                question(ONE, FIRST, "Ship it?"),
                                question(ONE, SECOND, "And tell?")));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private static String question(String session, String id, String words) {
        return ("{'id':'%s','session':'%s','root':'%s','agent':'ship','step':'go','question':'%s',"
                        + "'shown':{'version':'1.4'},'digest':'dd','by':'sre',"
                        + "'expires_at':'2026-11-21T18:41:02.715540885Z'}")
                .formatted(id, session, session, words);
    }

    private int remit(String input, String... words) {
        out.reset();
        err.reset();
        return Main.run(
                new Shell(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        out,
                        err,
                        Map.of("REMIT_HOME", folder.resolve("home").toString()),
                        folder,
                        false,
                        false,
                        StandardCharsets.UTF_8),
                words);
    }

    @Test
    void questions_are_shown_with_the_commands_that_answer_them() {
        assertThat(remit("", "approvals")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("ship asks sre: Ship it?", "\"version\" : \"1.4\"")
                .contains("./remit approve " + FIRST, "./remit reject  " + FIRST)
                .containsPattern("until \\w{3} 2026-11-2\\d \\d\\d:\\d\\d:02")
                .doesNotContain(".715540885");
    }

    @Test
    void an_answer_names_the_digest_of_what_was_shown() {
        server.answer("POST /v1/approvals/" + FIRST + ":approve", 200, "{'status':'approved'}");
        assertThat(remit("", "approve", FIRST, "--note", "looked at it")).isZero();
        var body = server.last("POST /v1/approvals/" + FIRST + ":approve").body();
        assertThat(body).isEqualTo(Json.object().put("note", "looked at it").put("digest", "dd"));

        server.answer("POST /v1/approvals/" + OTHER + ":reject", 200, "{'status':'rejected'}");
        assertThat(remit("", "reject", TWO, "--note", "not now")).isZero();
        assertThat(server.last("POST /v1/approvals/" + OTHER + ":reject").body().path("note"))
                .isEqualTo(Json.text("not now"));
        assertThat(remit("", "reject", "last")).isZero();
    }

    @Test
    void a_session_with_two_questions_is_no_name_for_one() {
        assertThat(remit("", "approve", ONE)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("2 open questions", FIRST, SECOND, "Ship it?", "And tell?");
        assertThat(remit("", "approve", "019affff")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("./remit approvals lists them");
    }

    @Test
    void an_event_is_sent_with_a_body_from_the_command_line_a_file_or_standard_input()
            throws IOException {
        server.session(ONE, "{'agent':'ship','status':'idle'}");
        Files.writeString(folder.resolve("body.json"), "{\"n\":2}");
        var sent = "POST /v1/sessions/" + ONE + "/events";

        assertThat(remit("", "send", ONE, "--event", "go", "--body", "{\"n\": 1}")).isZero();
        assertThat(server.last(sent).body())
                .isEqualTo(Json.parse("{\"type\":\"event\",\"name\":\"go\",\"body\":{\"n\":1}}"));
        assertThat(remit("", "send", ONE, "--event", "go", "--body", "body.json")).isZero();
        assertThat(server.last(sent).body().at("/body/n").asInt()).isEqualTo(2);
        assertThat(remit("{\"n\":3}", "send", ONE, "--event", "go", "--body", "-")).isZero();
        assertThat(server.last(sent).body().at("/body/n").asInt()).isEqualTo(3);
        assertThat(remit("", "send", ONE, "--event", "go", "--body", "nonsense"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--body nonsense: there is no such file, and it is not JSON");
    }

    @Test
    void an_event_for_all_is_read_in_the_same_ways() {
        server.answer("POST /v1/events/ticket.created", 202, "{'triggers':1,'new':true}");
        assertThat(remit("{\"id\":\"T-7\"}", "event", "ticket.created", "-")).isZero();
        assertThat(server.last("POST /v1/events/ticket.created").body().path("id"))
                .isEqualTo(Json.text("T-7"));
    }

    @Test
    void a_session_that_waits_for_an_event_says_for_which_and_how_to_send_it() {
        server.session(
                ONE,
                "{'agent':'ship','kind':'workflow','status':'idle',"
                        + "'waiting':{'for':'event','names':['deploy.finished']}}");
        assertThat(remit("", "describe", ONE)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("waits for the event deploy.finished")
                .contains("./remit send " + ONE + " --event deploy.finished");
    }

    @Test
    void a_picture_needs_no_server_for_a_folder_and_knows_three_forms() throws IOException {
        Files.createDirectories(folder.resolve("flow"));
        Files.writeString(
                folder.resolve("flow/workflow.yaml"),
                "remit: workflow/v1\nname: flow\nsteps:\n  - wait: 3d\n");
        assertThat(remit("", "describe", "workflow", "flow")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("└─ wait 3d");
        assertThat(remit("", "describe", "workflow", "flow", "-o", "svg")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("<svg").contains("wait 3d");
        assertThat(remit("", "describe", "workflow", "flow", "-o", "png"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(server.asked).isEmpty();
        Files.writeString(folder.resolve("flow/workflow.yaml"), "remit: workflow/v1\n");
        assertThat(remit("", "describe", "workflow", "flow")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("workflow.yaml:1");
    }
}
