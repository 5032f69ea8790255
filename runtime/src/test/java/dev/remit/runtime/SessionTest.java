package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Money;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Outcome;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a session does, from its first event to its last, as seen in its log.
class SessionTest {
    private static final AgentDefinition AGENT = Cast.agent("one");
    private static final JsonNode INPUT = Json.object().put("question", "why?");
    private static final JsonNode EVIDENCE = Json.object().put("evidence", "because");

    private static StopReason reason(State state) {
        return state.closed().reason();
    }

    @Test
    void an_answer_that_passes_its_check_is_good_and_was_paid_for() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.says("{\"n\":1}");
        var id = stage.open(AGENT, INPUT);
        stage.play();
        var closed = stage.state(id).closed();
        assertThat(closed.reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(closed.outcome()).isEqualTo(Outcome.GOOD);
        assertThat(closed.output().value()).isEqualTo(Json.parse("{\"n\":1}"));
        assertThat(closed.cost()).isEqualTo(new Money(7));
    }

    @Test
    void an_answer_that_fails_its_check_is_shown_why_and_then_is_not_good() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.says("just words");
        var id = stage.open(AGENT, INPUT);
        stage.play();
        var closed = stage.state(id).closed();
        assertThat(closed.reason()).as("it ran").isEqualTo(StopReason.COMPLETED);
        assertThat(closed.outcome().status())
                .as("it did not work")
                .isEqualTo(Outcome.Status.NOT_GOOD);
        assertThat(closed.outcome().reasons()).isNotEmpty();
        assertThat(stage.requests).hasSize(1 + AGENT.limits().repairs());
        assertThat(stage.requests.getLast().messages().getLast().text())
                .contains("did not pass its check", closed.outcome().reasons().getFirst());
    }

    @Test
    void a_repaired_answer_is_good() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.says(request.turn() == 1 ? "just words" : "{}");
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(stage.state(id).closed().outcome()).isEqualTo(Outcome.GOOD);
    }

    @Test
    void every_tool_result_follows_its_call_also_when_a_message_came_in_between() {
        var stage = new Stage(AGENT);
        var id = stage.open(AGENT, INPUT);
        stage.model =
                request -> {
                    if (request.turn() > 1) {
                        return Stage.says("{}");
                    }
                    stage.send(
                            id,
                            new Mail.Message(
                                    Stage.SOMEBODY, Content.derived(Json.text("hurry up"))));
                    return Stage.calls("effect.once", EVIDENCE);
                };
        stage.play();
        var shown = stage.requests.getLast().messages();
        int call = 2;
        assertThat(shown.get(call).toolUses()).hasSize(1);
        assertThat(shown.get(call + 1).parts().getFirst())
                .isInstanceOf(Message.Part.ToolResult.class);
        assertThat(shown.get(call + 2).text()).isEqualTo("hurry up");
    }

    /// Found by the fault campaign, seed 11.
    @Test
    void what_is_said_while_the_model_writes_its_answer_is_heard_before_the_end() {
        var stage = new Stage(AGENT);
        var id = stage.open(AGENT, INPUT);
        stage.model =
                request -> {
                    if (request.turn() > 1) {
                        return Stage.says("{\"n\": 2}");
                    }
                    stage.send(
                            id,
                            new Mail.Message(
                                    Stage.SOMEBODY, Content.derived(Json.text("one more thing"))));
                    return Stage.says("{\"n\": 1}");
                };
        stage.play();
        assertThat(stage.requests).hasSize(2);
        var shown = stage.requests.getLast().messages();
        assertThat(shown.getLast().text()).isEqualTo("one more thing");
        assertThat(shown.get(shown.size() - 2).role()).isEqualTo(Message.Role.ASSISTANT);
        assertThat(stage.state(id).closed()).isNotNull();
    }

    @Test
    void what_is_said_is_heard_before_the_end_also_where_the_news_of_it_is_lost() {
        var stage = new Stage(AGENT);
        var id = stage.open(AGENT, INPUT);
        stage.model =
                request -> {
                    if (request.turn() == 1) { // nobody wakes the driver
                        var text = Content.derived(Json.text("one more thing"));
                        stage.disk.send(id, new Mail.Message(Stage.SOMEBODY, text));
                    }
                    return Stage.says("{\"n\": " + request.turn() + "}");
                };
        stage.play();
        assertThat(stage.requests).hasSize(2);
        assertThat(stage.requests.getLast().messages().getLast().text())
                .isEqualTo("one more thing");
        assertThat(stage.state(id).closed().output().value()).isEqualTo(Json.parse("{\"n\":2}"));
    }

    @Test
    void a_model_that_fails_is_tried_again_later_each_time_and_not_for_ever() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.fails(ModelAnswer.Kind.OVERLOADED);
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(stage.requests).hasSize(Backoff.MODEL_ATTEMPTS);
        assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Trouble.class);

        stage.model = request -> Stage.says("{}");
        stage.send(id, new Mail.Message(Stage.SOMEBODY, Content.derived(Json.text("go on"))));
        stage.play();
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.COMPLETED);
    }

    @Test
    void a_permanent_failure_is_not_tried_again() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.fails(ModelAnswer.Kind.UNAUTHORIZED);
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(stage.requests).hasSize(1);
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.FAILED);
        assertThat(stage.state(id).closed().why()).contains("it failed");
    }

    @Test
    void the_limit_of_turns_ends_a_loop() {
        var stage = new Stage(AGENT);
        stage.model =
                request ->
                        Stage.calls(
                                "effect.again",
                                Json.object().put("n", request.turn()).put("evidence", "so"));
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(stage.requests).hasSize(AGENT.limits().turns());
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.FAILED);
        assertThat(stage.state(id).closed().why()).contains("8 turns");
    }

    @Test
    void a_call_beyond_the_budget_is_not_made_and_a_raised_budget_lets_it_go_on() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.says("{}");
        var id = stage.open(AGENT, INPUT, new Money(9), Duration.ofHours(1));
        stage.play();
        assertThat(stage.requests).isEmpty();
        assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Budget.class);

        stage.send(id, new Mail.RaiseBudget(new Money(10), Stage.SOMEBODY));
        stage.play();
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.COMPLETED);
    }

    @Test
    void without_a_known_price_no_call_is_made() {
        var stage = new Stage(AGENT);
        stage.bound = null;
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(stage.requests).isEmpty();
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.FAILED);
        assertThat(stage.state(id).closed().why()).contains("no price");
    }

    @Test
    void an_action_whose_end_is_unknown_waits_for_a_person_and_is_not_repeated() {
        var stage = new Stage(AGENT);
        stage.model =
                request ->
                        request.turn() == 1
                                ? Stage.calls("effect.once", EVIDENCE)
                                : Stage.says("{}");
        stage.hands = use -> new Ended.Unknown("the line went dead");
        var id = stage.open(AGENT, INPUT);
        stage.play();
        var waiting = (Waiting.Trouble) stage.state(id).waiting();
        assertThat(waiting.inDoubt()).containsExactly(new ActionId("1.0"));
        assertThat(stage.invocations).hasSize(1);

        stage.send(id, new Mail.Resolve(null, true, Stage.SOMEBODY));
        stage.play();
        assertThat(stage.invocations).as("it happened: not done again").hasSize(1);
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.COMPLETED);
    }

    @Test
    void what_a_person_says_did_not_happen_is_done_again_with_the_same_key() {
        var stage = new Stage(AGENT);
        stage.model =
                request ->
                        request.turn() == 1
                                ? Stage.calls("effect.once", EVIDENCE)
                                : Stage.says("{}");
        stage.hands = use -> new Ended.Unknown("the line went dead");
        var id = stage.open(AGENT, INPUT);
        stage.play();
        stage.hands = use -> new Ended.Done(Content.derived(Json.text("ok")));
        stage.send(id, new Mail.Resolve(new ActionId("1.0"), false, Stage.SOMEBODY));
        stage.play();
        assertThat(stage.invocations).hasSize(2);
        assertThat(stage.invocations.get(1).idempotencyKey())
                .isEqualTo(stage.invocations.get(0).idempotencyKey());
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.COMPLETED);
    }

    @Test
    void a_secret_in_a_result_or_a_reply_reaches_neither_the_log_nor_the_model() {
        var stage = new Stage(AGENT);
        stage.model =
                request ->
                        request.turn() == 1
                                ? Stage.calls("effect.once", EVIDENCE)
                                : Stage.says("{\"password\":\"hunter2\"}");
        stage.hands = use -> new Ended.Done(Content.derived(Json.object().put("key", "hunter2")));
        var id = stage.open(AGENT, INPUT);
        stage.play();
        for (var event : stage.events(id)) {
            var encoded = LogCodec.encode(event);
            assertThat(encoded.body()).doesNotContain("hunter2");
            encoded.blobs()
                    .values()
                    .forEach(b -> assertThat(new String(b)).doesNotContain("hunter2"));
        }
        assertThat(stage.requests.getLast().messages().toString()).doesNotContain("hunter2");
    }

    @Test
    void a_secret_in_the_instructions_does_not_reach_the_model() {
        var careless = AGENT.withInstructions("Log in with hunter2.");
        var stage = new Stage(careless);
        stage.model = request -> Stage.says("{}");
        stage.open(careless, INPUT);
        stage.play();
        assertThat(stage.requests.getFirst().messages().toString())
                .contains("Log in with")
                .doesNotContain("hunter2");
    }

    @Test
    void the_prompt_stays_within_the_window_however_long_the_session_grows() {
        var stage = new Stage();
        var agent = longLived();
        stage = new Stage(agent);
        stage.model =
                request ->
                        Stage.counted(
                                request,
                                request.turn() < 400
                                        ? Stage.calls(
                                                "effect.again",
                                                Json.object()
                                                        .put("n", request.turn())
                                                        .put("evidence", "x".repeat(50)))
                                        : Stage.says("{}"));
        var id = stage.open(agent, INPUT);
        stage.play();
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.COMPLETED);
        long window = 3L * agent.limits().contextTokens();
        for (var request : stage.requests) {
            assertThat(request.messages().getFirst().role()).isEqualTo(Message.Role.SYSTEM);
            assertThat(request.messages().get(1).text()).contains("why?");
            assertThat((long) Json.write(Json.tree(request.messages())).length())
                    .isLessThan(window + 500);
            assertEveryResultHasItsCall(request.messages());
        }
        assertThat(stage.events(id).stream().filter(SessionTest::leavesOut)).isNotEmpty();
        assertThat(LogCodec.encode(stage.state(id)).bytes()).isLessThan(50_000);
    }

    private static boolean leavesOut(Event event) {
        return event instanceof Event.ModelCalled called && called.leftOut() > 0;
    }

    private static void assertEveryResultHasItsCall(List<Message> messages) {
        for (int i = 0; i < messages.size(); i++) {
            for (var part : messages.get(i).parts()) {
                if (part instanceof Message.Part.ToolResult) {
                    assertThat(messages.get(i - 1).toolUses()).isNotEmpty();
                }
            }
        }
    }

    private static AgentDefinition longLived() {
        var a = AGENT;
        return new AgentDefinition(
                a.name(),
                a.version(),
                a.description(),
                null,
                null,
                null,
                a.model(),
                a.instructions(),
                null,
                a.answer(),
                a.may(),
                a.never(),
                a.onTrouble(),
                null,
                new AgentDefinition.Limits(1000, Duration.ofHours(1), 3, 1, 2, 1000, 2000),
                List.of(),
                null,
                null,
                a.tools(),
                Map.of(),
                null);
    }

    @Test
    void a_session_that_kills_its_driver_again_and_again_goes_to_a_person() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.says("{}");
        var id = stage.open(AGENT, INPUT);
        var row = stage.disk.rows.get(id);
        row.owner = "dead";
        stage.disk.renew("dead", stage.now.minusSeconds(1));
        stage.disk.fence(stage.now);
        row.recoveries = Drive.MOST_RECOVERIES;
        stage.play();
        assertThat(stage.requests).isEmpty();
        assertThat(((Waiting.Trouble) stage.state(id).waiting()).why()).contains("died");

        stage.send(id, new Mail.Message(Stage.SOMEBODY, Content.derived(Json.text("go on"))));
        stage.play();
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.COMPLETED);
    }

    // ---- workflows

    private static WorkflowDefinition workflow(WorkflowStep... steps) {
        var one = Cast.agent("one");
        var two = Cast.agent("two");
        return new WorkflowDefinition(
                "flow",
                Hash.of("flow"),
                "",
                null,
                List.of(steps),
                List.of(),
                null,
                null,
                Map.of("one", one.ref(), "two", two.ref()),
                one.tools());
    }

    private static Stage stageFor(WorkflowDefinition workflow) {
        return new Stage(workflow, Cast.agent("one"), Cast.agent("two"));
    }

    private static WorkflowStep step(String agent) {
        return new WorkflowStep.Agent(agent, agent, null);
    }

    private static WorkflowStep parallel(WorkflowStep.IfOneFails policy) {
        return new WorkflowStep.Parallel(List.of(step("one"), step("two")), policy);
    }

    @Test
    void parallel_answers_are_merged_and_what_they_cost_is_added_up() {
        var flow = workflow(parallel(WorkflowStep.IfOneFails.KEEP_OTHERS));
        var stage = stageFor(flow);
        stage.model = request -> Stage.says("{\"" + request.agent() + "\":1}");
        var id = stage.open(flow, INPUT);
        stage.play();
        var closed = stage.state(id).closed();
        assertThat(closed.output().value()).isEqualTo(Json.parse("{\"one\":1,\"two\":1}"));
        assertThat(closed.outcome()).isEqualTo(Outcome.GOOD);
        assertThat(closed.cost()).isEqualTo(new Money(14));
    }

    @Test
    void two_answers_with_the_same_key_are_an_error_that_names_both() {
        var flow = workflow(parallel(WorkflowStep.IfOneFails.KEEP_OTHERS));
        var stage = stageFor(flow);
        stage.model = request -> Stage.says("{\"same\":1}");
        var id = stage.open(flow, INPUT);
        stage.play();
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.FAILED);
        assertThat(stage.state(id).closed().why()).contains("one", "two", "same");
    }

    @Test
    void one_failed_branch_leaves_the_others_their_answers_and_the_whole_not_good() {
        var flow = workflow(parallel(WorkflowStep.IfOneFails.KEEP_OTHERS));
        var stage = stageFor(flow);
        stage.model =
                request ->
                        request.agent().equals("one")
                                ? Stage.fails(ModelAnswer.Kind.INVALID)
                                : Stage.says("{\"two\":1}");
        var id = stage.open(flow, INPUT);
        stage.play();
        var closed = stage.state(id).closed();
        assertThat(closed.reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(closed.outcome().status()).isEqualTo(Outcome.Status.NOT_GOOD);
        assertThat(closed.output().value()).isEqualTo(Json.parse("{\"two\":1}"));
    }

    @Test
    void one_failed_branch_stops_the_others_where_the_workflow_says_so() {
        var flow = workflow(parallel(WorkflowStep.IfOneFails.STOP));
        var stage = stageFor(flow);
        stage.model =
                request ->
                        Stage.fails(
                                request.agent().equals("one")
                                        ? ModelAnswer.Kind.INVALID
                                        : ModelAnswer.Kind.OVERLOADED);
        var id = stage.open(flow, INPUT);
        stage.play();
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.FAILED);
        var children =
                stage.disk.rows.keySet().stream()
                        .filter(c -> !c.equals(id))
                        .map(c -> reason(stage.state(c)));
        assertThat(children).containsExactlyInAnyOrder(StopReason.FAILED, StopReason.CANCELLED);
    }

    @Test
    void a_later_step_sees_what_earlier_ones_answered() {
        var flow =
                workflow(
                        step("one"),
                        new WorkflowStep.Do(
                                "tell",
                                "effect.once",
                                Json.object()
                                        .put("text", "${steps.one.n} of ${input.question}")
                                        .put("evidence", "the graph")));
        var stage = stageFor(flow);
        stage.model = request -> Stage.says("{\"n\":3}");
        stage.open(flow, INPUT);
        stage.play();
        assertThat(stage.invocations.getFirst().arguments().value().get("text").asString())
                .isEqualTo("3 of why?");
    }

    @Test
    void cancelling_a_workflow_cancels_its_children_first() {
        var flow = workflow(parallel(WorkflowStep.IfOneFails.KEEP_OTHERS));
        var stage = stageFor(flow);
        stage.model = request -> Stage.fails(ModelAnswer.Kind.OVERLOADED);
        var id = stage.open(flow, INPUT);
        stage.play(stage.now);
        stage.send(id, new Mail.Cancel(Stage.SOMEBODY, "not needed"));
        stage.play(stage.now);
        for (var any : stage.disk.rows.keySet()) {
            assertThat(reason(stage.state(any))).isEqualTo(StopReason.CANCELLED);
        }
    }

    @Test
    void a_session_is_closed_at_its_deadline_whatever_it_waits_for() {
        var flow = workflow(parallel(WorkflowStep.IfOneFails.KEEP_OTHERS));
        var stage = stageFor(flow);
        stage.model = request -> Stage.fails(ModelAnswer.Kind.OVERLOADED);
        var id = stage.open(flow, INPUT, null, Duration.ofSeconds(1));
        stage.play();
        assertThat(reason(stage.state(id))).isEqualTo(StopReason.FAILED);
        assertThat(stage.state(id).closed().why()).contains("time was up");
        assertThat(stage.disk.rows.values()).allMatch(row -> row.closed);
    }

    @Test
    void children_never_get_more_than_their_parent_has_left() {
        var flow = workflow(parallel(WorkflowStep.IfOneFails.KEEP_OTHERS));
        var stage = stageFor(flow);
        var id = stage.open(flow, INPUT, new Money(30), Duration.ofHours(1));
        stage.model = request -> Stage.says("{\"" + request.agent() + "\":1}");
        stage.play();
        var budgets =
                stage.disk.rows.keySet().stream()
                        .filter(c -> !c.equals(id))
                        .map(c -> stage.state(c).opened().budget().micros());
        assertThat(budgets).containsExactly(15L, 15L);
    }
}
