package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Money;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Question;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What people do to a session while it runs, as seen in its log.
class SteeringTest {
    private static final AgentDefinition AGENT = Cast.agent("one");
    private static final JsonNode INPUT = Json.object().put("question", "why?");
    private static final JsonNode EVIDENCE = Json.object().put("evidence", "because");

    private static Content text(String words) {
        return Content.derived(Json.text(words));
    }

    private static Mail interrupt(@Nullable String words) {
        return new Mail.Interrupt(Stage.SOMEBODY, words == null ? null : text(words));
    }

    private static Mail says(String words) {
        return new Mail.Message(Stage.SOMEBODY, text(words));
    }

    // ---- interrupt

    @Test
    void an_interrupted_call_is_paid_for_and_the_session_listens() {
        var stage = new Stage(AGENT);
        var id = stage.open(AGENT, INPUT);
        stage.model =
                request -> {
                    stage.send(id, interrupt(null));
                    return Stage.fails(ModelAnswer.Kind.CANCELLED);
                };
        stage.play();
        assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Message.class);
        assertThat(stage.state(id).totals().cost()).as("up to its bound").isEqualTo(stage.bound);
        assertThat(stage.requests).as("and is not made again").hasSize(1);

        stage.model = request -> Stage.says("{}");
        stage.send(id, says("now do that instead"));
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(stage.requests.getLast().messages().getLast().text())
                .isEqualTo("now do that instead");
    }

    @Test
    void a_redirected_turn_drops_what_was_not_begun_and_tells_the_model() {
        var stage = new Stage(AGENT);
        var id = stage.open(AGENT, INPUT);
        stage.model =
                request -> {
                    if (request.turn() > 1) {
                        return Stage.says("{}");
                    }
                    stage.send(id, interrupt("leave that"));
                    return Stage.calls("effect.once", EVIDENCE);
                };
        stage.play();
        assertThat(stage.invocations).as("nothing was done").isEmpty();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        var shown = stage.requests.getLast().messages();
        assertThat(shown.get(3).parts().getFirst())
                .isInstanceOfSatisfying(
                        Message.Part.ToolResult.class,
                        result -> assertThat(result.toString()).contains("interrupted"));
        assertThat(shown.getLast().text()).isEqualTo("leave that");
    }

    @Test
    void a_tool_that_cannot_be_cut_ends_before_the_session_listens() {
        var stage = new Stage(AGENT);
        var id = stage.open(AGENT, INPUT);
        stage.model = request -> Stage.calls("effect.once", EVIDENCE);
        stage.hands =
                use -> {
                    stage.send(id, interrupt(null));
                    return new Ended.Done(text("done"));
                };
        stage.play();
        assertThat(stage.events(id).stream().map(Object::getClass).toList())
                .containsSubsequence(
                        Event.ActionStarted.class,
                        Event.ActionEnded.class,
                        Event.Interrupted.class,
                        Event.Idled.class);
        assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Message.class);
        assertThat(stage.requests).hasSize(1);
    }

    @Test
    void an_action_in_doubt_goes_to_a_person_before_an_interrupted_session_listens() {
        var stage = new Stage(AGENT);
        var id = stage.open(AGENT, INPUT);
        stage.model =
                request ->
                        request.turn() > 1
                                ? Stage.says("{}")
                                : Stage.calls("effect.once", EVIDENCE);
        stage.hands =
                use -> {
                    stage.send(id, interrupt(null));
                    return new Ended.Unknown("cut");
                };
        stage.play();
        assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Trouble.class);
        stage.send(id, new Mail.Resolve(null, true, Stage.SOMEBODY));
        stage.play();
        assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Message.class);
        stage.send(id, says("go on"));
        stage.play();
        assertThat(stage.state(id).isClosed()).isTrue();
    }

    @Test
    void a_workflow_that_is_interrupted_takes_its_agents_with_it_and_they_go_on_together() {
        var agents = Map.of("one", AGENT.ref());
        var workflow = workflow("flow", agents, List.of(step("one"), use("a", "effect.once")));
        var stage = new Stage(AGENT, workflow);
        var id = stage.open(workflow, INPUT);
        stage.model =
                request -> {
                    stage.send(id, interrupt(null));
                    return Stage.fails(ModelAnswer.Kind.OVERLOADED);
                };
        stage.play();
        var child = stage.disk.rows.keySet().stream().filter(r -> !r.equals(id)).findFirst();
        assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Message.class);
        assertThat(stage.state(child.get()).waiting()).isInstanceOf(Waiting.Message.class);

        stage.model = request -> Stage.says("{}");
        stage.send(id, says("go on"));
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(stage.requests.getLast().messages().getLast().text()).isEqualTo("go on");
    }

    // ---- fork

    private static SessionId fork(Stage stage, SessionId from, long at, @Nullable String words) {
        return fork(stage, from, at, words, false);
    }

    private static SessionId fork(
            Stage stage, SessionId from, long at, @Nullable String words, boolean rewind) {
        var opened = stage.state(from).opened();
        var id = new SessionId(new java.util.UUID(0x7000L, at));
        stage.disk.fork(
                new SessionLog.Forking(
                        from,
                        at,
                        id,
                        opened.definition(),
                        new Event.Forked(
                                from,
                                at,
                                List.of(Stage.SOMEBODY),
                                stage.now.plus(Duration.ofHours(1)),
                                new Money(1000),
                                words == null ? null : text(words),
                                rewind),
                        Forks.done(
                                Disk.fold(stage.disk.rows.get(from).events.subList(0, (int) at))),
                        stage.now,
                        null));
        return id;
    }

    @Test
    void a_fork_of_a_session_that_has_ended_goes_on_with_what_it_is_told_and_pays_for_itself() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.says("{\"n\":1}");
        var id = stage.open(AGENT, INPUT);
        stage.play();
        var before = stage.events(id);

        stage.model = request -> Stage.says("{\"n\":2}");
        var fork = fork(stage, id, before.size() - 1, "and the other one?");
        stage.play();
        assertThat(stage.events(id)).as("the original stays").isEqualTo(before);
        assertThat(stage.state(fork).closed().output().value()).isEqualTo(Json.parse("{\"n\":2}"));
        assertThat(stage.state(fork).closed().cost()).as("of one call").isEqualTo(new Money(7));
        assertThat(stage.requests.getLast().messages().stream().map(Message::text).toList())
                .endsWith("{\"n\":1}", "and the other one?");
    }

    @Test
    void a_fork_at_any_event_ends_and_repeats_no_effect_of_the_original() {
        var stage = new Stage(AGENT);
        stage.model =
                request ->
                        request.turn() < 3
                                ? Stage.calls(
                                        "effect.again",
                                        Json.object()
                                                .put("n", request.turn())
                                                .put("evidence", "so"))
                                : Stage.says("{}");
        var id = stage.open(AGENT, INPUT);
        stage.play();
        long events = stage.events(id).size();
        for (long at = 1; at < events; at++) {
            var fork = fork(stage, id, at, null);
            stage.play();
            assertThat(stage.state(fork).isClosed()).as("forked at " + at).isTrue();
            assertThat(stage.state(fork).opened().parent()).isNull();
        }
        assertThat(stage.invocations.stream().map(i -> i.idempotencyKey()).distinct().count())
                .as("each session's effects are its own")
                .isEqualTo(stage.invocations.size());
    }

    // ---- move

    private static AgentDefinition other(String answer) {
        var agent = AGENT.withInstructions(answer);
        return new AgentDefinition(
                agent.name(),
                Hash.of(answer),
                agent.description(),
                null,
                null,
                null,
                agent.model(),
                answer,
                Json.parse(
                        answer.equals("picky")
                                ? "{\"type\":\"object\",\"required\":[\"topic\"]}"
                                : "{\"type\":\"object\"}"),
                agent.answer(),
                agent.may(),
                agent.never(),
                agent.onTrouble(),
                null,
                agent.limits(),
                agent.checks(),
                null,
                null,
                agent.tools(),
                agent.files(),
                null);
    }

    /// Does a, asks, does b, asks; each can be taken back.
    private static WorkflowDefinition twoSteps() {
        var steps = new java.util.ArrayList<WorkflowStep>();
        for (var name : List.of("a", "b")) {
            steps.add(
                    new WorkflowStep.Do(
                            name,
                            "effect.again",
                            EVIDENCE,
                            new WorkflowStep.Care(
                                    null,
                                    null,
                                    new WorkflowStep.Undo("effect.again", EVIDENCE, null))));
            steps.add(
                    new WorkflowStep.Approve(
                            "go-" + name,
                            null,
                            Json.text("shown"),
                            null,
                            null,
                            WorkflowStep.Otherwise.STOP));
        }
        return workflow("steps", Map.of(), steps);
    }

    private static void answer(Stage stage, SessionId id, boolean yes) {
        var question = Question.open(stage.state(id)).getFirst();
        stage.send(
                id,
                new Mail.Answer(
                        question.action(),
                        question.digest(),
                        yes,
                        null,
                        Stage.SOMEBODY,
                        "an answer",
                        stage.now));
        stage.play(stage.now);
    }

    private static List<String> uses(Stage stage, SessionId id) {
        return stage.invocations.stream()
                .filter(i -> i.session().equals(id))
                .map(i -> i.action().value())
                .toList();
    }

    @Test
    void a_rewound_workflow_takes_back_only_what_came_after_and_the_other_one_the_rest() {
        var workflow = twoSteps();
        var stage = new Stage(workflow);
        var id = stage.open(workflow, INPUT);
        stage.play(stage.now);
        answer(stage, id, true);
        assertThat(uses(stage, id)).containsExactly("a", "b");
        long asked =
                1
                        + stage.events(id).stream()
                                .takeWhile(e -> !(e instanceof Event.ApprovalAsked))
                                .count();
        var other = fork(stage, id, asked, null, true);
        stage.play(stage.now);
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.CANCELLED);
        assertThat(uses(stage, id)).as("a stands").containsExactly("a", "b", "b/undo");
        assertThat(stage.state(id).closed().why()).contains("taken back: b");

        answer(stage, other, true);
        answer(stage, other, false);
        assertThat(stage.state(other).closed().reason()).isEqualTo(StopReason.DENIED);
        assertThat(uses(stage, other)).containsExactly("b", "b/undo", "a/undo");
    }

    @Test
    void a_fork_takes_back_what_it_did_itself_and_leaves_the_original_its_own() {
        var workflow = twoSteps();
        var stage = new Stage(workflow);
        var id = stage.open(workflow, INPUT);
        stage.play(stage.now);
        var fork = fork(stage, id, stage.events(id).size(), null);
        stage.play(stage.now);
        answer(stage, fork, true);
        answer(stage, fork, false);
        assertThat(uses(stage, fork)).containsExactly("b", "b/undo");
        answer(stage, id, false);
        assertThat(uses(stage, id)).containsExactly("a", "a/undo");
    }

    @Test
    void nobody_goes_on_from_what_has_been_taken_back() throws Exception {
        var workflow = twoSteps();
        var stage = new Stage(workflow);
        var id = stage.open(workflow, INPUT);
        stage.play(stage.now);
        answer(stage, id, false);
        assertThat(uses(stage, id)).containsExactly("a", "a/undo");
        var log = stage.disk.rows.get(id).events;
        var after = new Forks.Request(id, 4L, Stage.SOMEBODY, null, null, false, null);
        assertThatThrownBy(() -> Forks.plan(log, after, stage.parts()))
                .isInstanceOf(Forks.NotThere.class)
                .hasMessageContaining("has been taken back since")
                .hasMessageContaining("fork at event 1");
        var newest = new Forks.Request(id, null, Stage.SOMEBODY, null, null, false, null);
        assertThat(Forks.plan(log, newest, stage.parts()).at()).as("before a").isEqualTo(1);
    }

    @Test
    void a_rewound_workflow_that_is_refused_takes_back_what_lies_behind_the_question() {
        var workflow = twoSteps();
        var stage = new Stage(workflow);
        var id = stage.open(workflow, INPUT);
        stage.play(stage.now);
        answer(stage, id, true);
        var other = fork(stage, id, stage.events(id).size(), null, true);
        stage.play(stage.now);
        assertThat(uses(stage, id)).containsExactly("a", "b");
        answer(stage, other, false);
        assertThat(uses(stage, other)).containsExactly("b/undo", "a/undo");
        assertThat(stage.state(other).closed().why()).contains("taken back: b, a");
    }

    @Test
    void a_moved_session_goes_on_by_the_other_version_from_its_next_turn() {
        var kind = other("Be kind.");
        var stage = new Stage(AGENT, kind);
        var id = stage.open(AGENT, INPUT);
        stage.model =
                request -> {
                    if (request.turn() > 1) {
                        return Stage.says("{}");
                    }
                    stage.send(id, new Mail.Move(kind.ref(), Stage.SOMEBODY));
                    return Stage.calls("effect.again", EVIDENCE);
                };
        stage.play();
        assertThat(stage.events(id))
                .contains(new Event.Moved(AGENT.ref(), kind.ref(), Stage.SOMEBODY));
        assertThat(stage.state(id).opened().definition()).isEqualTo(kind.ref());
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
    }

    @Test
    void a_session_whose_input_the_other_version_does_not_take_stays_and_says_so() {
        var picky = other("picky");
        var stage = new Stage(AGENT, picky);
        var id = stage.open(AGENT, INPUT);
        stage.model = request -> Stage.says("{}");
        stage.send(id, new Mail.Move(picky.ref(), Stage.SOMEBODY));
        stage.play();
        assertThat(stage.events(id))
                .anySatisfy(event ->
                        assertThat(event)
                                .isInstanceOfSatisfying(
                                        Event.MoveRefused.class,
                                        refused -> assertThat(refused.why()).contains("topic")));
        assertThat(stage.state(id).opened().definition()).isEqualTo(AGENT.ref());
        assertThat(stage.state(id).isClosed()).isTrue();
    }

    private static WorkflowStep step(String agent) {
        return new WorkflowStep.Agent(agent, agent, null);
    }

    private static WorkflowStep use(String name, String tool) {
        return new WorkflowStep.Do(
                name, tool, Json.object().put("step", name).put("evidence", "the graph says so"));
    }

    private static WorkflowDefinition workflow(
            String version,
            Map<String, dev.remit.core.agent.DefinitionRef> agents,
            List<WorkflowStep> steps) {
        return new WorkflowDefinition(
                "flow",
                Hash.of(version),
                "a workflow",
                null,
                steps,
                List.of(),
                null,
                Duration.ofHours(5),
                agents,
                AGENT.tools());
    }

    @Test
    void a_workflow_moves_if_what_it_has_begun_stands_and_only_then() {
        var a = use("a", "effect.once");
        var b = use("b", "effect.again");
        var c = use("c", "effect.again");
        var was = workflow("v1", Map.of(), List.of(a, b));
        var longer = workflow("v2", Map.of(), List.of(a, c, b));
        var earlier = workflow("v3", Map.of(), List.of(c, a, b));
        var stage = new Stage(was, longer, earlier);
        var id = stage.open(was, INPUT);
        stage.hands =
                use -> {
                    if (use.action().value().equals("a")) {
                        stage.send(id, new Mail.Move(earlier.ref(), Stage.SOMEBODY));
                        stage.send(id, new Mail.Move(longer.ref(), Stage.SOMEBODY));
                    }
                    return new Ended.Done(text("ok"));
                };
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(stage.invocations.stream().map(i -> i.action().value()).toList())
                .containsExactly("a", "c", "b");

        var refused = stage.open(was, INPUT);
        stage.hands =
                use -> {
                    if (use.action().value().equals("a")) {
                        stage.send(refused, new Mail.Move(earlier.ref(), Stage.SOMEBODY));
                    }
                    return new Ended.Done(text("ok"));
                };
        stage.play();
        assertThat(stage.events(refused)).anyMatch(Event.MoveRefused.class::isInstance);
        assertThat(stage.state(refused).closed().reason()).isEqualTo(StopReason.COMPLETED);
    }

    // ---- budget

    @Test
    void a_budget_that_is_raised_at_any_moment_lets_the_session_go_on() {
        for (int moment = 0; moment < 6; moment++) {
            var stage = new Stage(AGENT);
            var id = stage.open(AGENT, INPUT, new Money(12), Duration.ofHours(1));
            var raise = new Mail.RaiseBudget(new Money(1000), Stage.SOMEBODY);
            int at = moment;
            stage.model =
                    request -> {
                        if (request.turn() == at) {
                            stage.send(id, raise);
                        }
                        return request.turn() < 3
                                ? Stage.calls(
                                        "effect.again",
                                        Json.object()
                                                .put("n", request.turn())
                                                .put("evidence", "so"))
                                : Stage.says("{}");
                    };
            stage.hands =
                    use -> {
                        if (at == 4) {
                            stage.send(id, raise);
                        }
                        return new Ended.Done(text("ok"));
                    };
            if (at == 0) {
                stage.send(id, raise);
            }
            stage.play();
            if (at != 0 && at != 1 && at != 4) {
                assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Budget.class);
                assertThat(stage.requests).as("within the budget").hasSize(1);
                stage.send(id, raise);
                stage.play();
            }
            assertThat(stage.state(id).closed().reason())
                    .as("raised at moment " + at)
                    .isEqualTo(StopReason.COMPLETED);
        }
    }

    // ---- poison

    @Test
    void a_session_that_kills_its_drivers_says_why_and_goes_on_when_it_is_redriven() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.says("{}");
        var id = stage.open(AGENT, INPUT);
        var row = stage.disk.rows.get(id);
        row.owner = "a node that died";
        row.recoveries = Drive.MOST_RECOVERIES;
        row.ready = false;
        stage.disk.renew(row.owner, stage.now.minusSeconds(1));
        stage.disk.fence(stage.now);
        stage.disk.failures.put(
                id,
                new SessionLog.Failure(stage.now, "node-7", "OutOfLuck: bad day at Fold.say:1", 6));
        stage.play();
        assertThat(stage.state(id).waiting())
                .isInstanceOfSatisfying(
                        Waiting.Trouble.class,
                        trouble ->
                                assertThat(trouble.why())
                                        .contains("6 times", "node-7", "OutOfLuck", "redrive"));
        stage.send(id, new Mail.Redrive(Stage.SOMEBODY));
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
    }

    @Test
    void a_redriven_session_asks_a_model_again_that_could_not_be_reached() {
        var stage = new Stage(AGENT);
        stage.model = request -> Stage.fails(ModelAnswer.Kind.OVERLOADED);
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Trouble.class);
        stage.model = request -> Stage.says("{}");
        stage.send(id, new Mail.Redrive(Stage.SOMEBODY));
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
    }
}
