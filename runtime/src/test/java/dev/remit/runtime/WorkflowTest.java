package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.Definition;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.agent.WorkflowStep.Branch;
import dev.remit.core.agent.WorkflowStep.Care;
import dev.remit.core.agent.WorkflowStep.IfNot;
import dev.remit.core.agent.WorkflowStep.IfOneFails;
import dev.remit.core.agent.WorkflowStep.Otherwise;
import dev.remit.core.agent.WorkflowStep.Undo;
import dev.remit.core.agent.WorkflowStep.WaitFor;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Outcome;
import dev.remit.core.session.Question;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What each kind of step of a workflow does, as seen in its log.
class WorkflowTest {
    private static final Definition ONE = Cast.agent("one");

    private static WorkflowDefinition workflow(String answer, WorkflowStep... steps) {
        return new WorkflowDefinition(
                "w",
                Hash.of("w"),
                "",
                null,
                List.of(steps),
                List.of(),
                answer == null ? null : Json.parse(answer),
                null,
                null,
                Map.of("one", ONE.ref()),
                Map.of("sub", new DefinitionRef("sub", Hash.of("sub"))),
                Map.of(
                        "effect.once",
                        Cast.tool("effect.once", false),
                        "effect.again",
                        Cast.tool("effect.again", true)));
    }

    private static WorkflowStep use(String name, String arguments) {
        return use(name, arguments, Care.NONE);
    }

    private static WorkflowStep use(String name, String arguments, Care care) {
        return new WorkflowStep.Do(name, "effect.again", Json.parse(arguments), care);
    }

    private static Care undo(String arguments) {
        return new Care(null, null, new Undo("effect.again", Json.parse(arguments), null));
    }

    private static WorkflowStep.ForEach forEach(
            int atOnce, IfOneFails ifOneFails, WorkflowStep... steps) {
        return new WorkflowStep.ForEach(
                "checks", "input.items", "item", atOnce, 1000, List.of(steps), ifOneFails);
    }

    private static final JsonNode ITEMS = Json.parse("{\"items\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}");

    private static Ended echo(Invocation use) {
        return new Ended.Done(use.arguments());
    }

    private static List<String> uses(Stage stage) {
        return stage.invocations.stream().map(i -> i.action().value()).toList();
    }

    private static JsonNode output(Stage stage, SessionId id) {
        var closed = stage.state(id).closed();
        assertThat(closed).isNotNull();
        assertThat(closed.why()).isNull();
        return closed.output().value();
    }

    private static String failure(Stage stage, SessionId id) {
        return stage.state(id).closed().why();
    }

    // ---- map

    @Test
    void a_map_answers_with_a_list_in_the_order_of_the_items() {
        var workflow =
                workflow(null, forEach(2, IfOneFails.STOP, use("probe", "{\"of\":\"${item}\"}")));
        var stage = new Stage(workflow);
        stage.hands = WorkflowTest::echo;
        var id = stage.open(workflow, ITEMS);
        stage.play();
        assertThat(output(stage, id))
                .isEqualTo(
                        Json.parse(
                                "{\"checks\":[{\"of\":\"a\"},{\"of\":\"b\"},{\"of\":\"c\"},{\"of\":\"d\"},{\"of\":\"e\"}]}"));
        assertThat(uses(stage))
                .containsExactlyInAnyOrder(
                        "checks/1/probe",
                        "checks/2/probe",
                        "checks/3/probe",
                        "checks/4/probe",
                        "checks/5/probe");
    }

    @Test
    void a_map_never_has_more_items_under_way_than_it_may() {
        var workflow =
                workflow(
                        null,
                        forEach(
                                2,
                                IfOneFails.STOP,
                                new WorkflowStep.Agent(
                                        "one", "one", Json.parse("{\"of\":\"${item}\"}"))));
        var stage = new Stage(ONE, workflow);
        var most = new int[1];
        var opened = new ArrayList<SessionId>();
        opened.add(stage.open(workflow, ITEMS));
        stage.model =
                request -> {
                    long handed =
                            stage.state(opened.getFirst()).actions().values().stream()
                                    .filter(ActionState.Handed.class::isInstance)
                                    .count();
                    most[0] = Math.max(most[0], (int) handed);
                    return Stage.says("{\"n\":1}");
                };
        stage.play();
        assertThat(output(stage, opened.getFirst()).get("checks")).hasSize(5);
        assertThat(most[0]).isEqualTo(2);
    }

    @Test
    void a_map_that_keeps_the_others_has_nothing_where_an_item_failed() {
        var workflow =
                workflow(
                        null,
                        forEach(5, IfOneFails.KEEP_OTHERS, use("probe", "{\"of\":\"${item}\"}")));
        var stage = new Stage(workflow);
        stage.hands =
                use ->
                        use.action().value().contains("/3/")
                                ? new Ended.Failed(true, "no", null)
                                : echo(use);
        var id = stage.open(workflow, ITEMS);
        stage.play();
        assertThat(output(stage, id).get("checks").get(2).isNull()).isTrue();
        assertThat(output(stage, id).get("checks").get(3)).isEqualTo(Json.parse("{\"of\":\"d\"}"));
        assertThat(stage.state(id).closed().outcome().status()).isEqualTo(Outcome.Status.NOT_GOOD);
    }

    @Test
    void a_map_that_stops_begins_no_other_item_after_one_failed() {
        var workflow =
                workflow(null, forEach(1, IfOneFails.STOP, use("probe", "{\"of\":\"${item}\"}")));
        var stage = new Stage(workflow);
        stage.hands =
                use ->
                        use.action().value().contains("/2/")
                                ? new Ended.Failed(true, "no", null)
                                : echo(use);
        var id = stage.open(workflow, ITEMS);
        stage.play();
        assertThat(failure(stage, id)).isEqualTo("checks/2/probe: no");
        assertThat(uses(stage)).containsExactly("checks/1/probe", "checks/2/probe");
    }

    @Test
    void a_list_longer_than_allowed_fails_before_anything_is_done() {
        var workflow =
                workflow(
                        null,
                        new WorkflowStep.ForEach(
                                "checks",
                                "input.items",
                                "item",
                                2,
                                4,
                                List.of(use("probe", "{}")),
                                IfOneFails.STOP));
        var stage = new Stage(workflow);
        var id = stage.open(workflow, ITEMS);
        stage.play();
        assertThat(failure(stage, id)).contains("5 items", "at_most");
        assertThat(stage.invocations).isEmpty();
    }

    @Test
    void an_empty_list_is_done_at_once() {
        var workflow = workflow(null, forEach(2, IfOneFails.STOP, use("probe", "{}")));
        var stage = new Stage(workflow);
        var id = stage.open(workflow, Json.parse("{\"items\":[]}"));
        stage.play();
        assertThat(output(stage, id)).isEqualTo(Json.parse("{\"checks\":[]}"));
    }

    // ---- choose and repeat

    @Test
    void the_first_branch_whose_condition_holds_is_done_and_no_other() {
        var workflow =
                workflow(
                        null,
                        use("look", "{\"level\":\"${input.level}\"}"),
                        new WorkflowStep.Choose(
                                "choose",
                                List.of(
                                        new Branch(
                                                "look.level > 5",
                                                List.of(use("page", "{\"page\":1}"))),
                                        new Branch(
                                                "look.level > 2",
                                                List.of(use("mail", "{\"mail\":1}")))),
                                List.of(use("note", "{\"note\":1}"))));
        for (var expected : Map.of(9, "page", 3, "mail", 1, "note").entrySet()) {
            var stage = new Stage(workflow);
            stage.hands = WorkflowTest::echo;
            var id = stage.open(workflow, Json.object().put("level", expected.getKey()));
            stage.play();
            assertThat(uses(stage)).containsExactly("look", expected.getValue());
            assertThat(output(stage, id).has(expected.getValue())).isTrue();
        }
    }

    @Test
    void a_condition_that_cannot_be_evaluated_fails_rather_than_choosing_something_else() {
        var workflow =
                workflow(
                        null,
                        new WorkflowStep.Choose(
                                "choose",
                                List.of(
                                        new Branch(
                                                "input.nothing > 5", List.of(use("page", "{}")))),
                                List.of(use("note", "{}"))));
        var stage = new Stage(workflow);
        var id = stage.open(workflow, Json.object().put("level", 1));
        stage.play();
        assertThat(stage.invocations).isEmpty();
        assertThat(failure(stage, id)).startsWith("choose: ");
    }

    @Test
    void rounds_go_on_until_one_is_good_enough_and_know_the_round_before() {
        var workflow =
                workflow(
                        "{\"best\":\"${steps.improve}\"}",
                        new WorkflowStep.Repeat(
                                "improve",
                                List.of(
                                        use(
                                                "draft",
                                                "{\"score\":\"${round * 3}\",\"before\":\"${get(last, 'draft.score', 0)}\"}")),
                                "draft.score > 8",
                                5,
                                IfNot.STOP));
        var stage = new Stage(workflow);
        stage.hands = WorkflowTest::echo;
        var id = stage.open(workflow, Json.object());
        stage.play();
        assertThat(uses(stage))
                .containsExactly("improve/1/draft", "improve/2/draft", "improve/3/draft");
        assertThat(output(stage, id))
                .isEqualTo(Json.parse("{\"best\":{\"score\":9,\"before\":6}}"));
    }

    @Test
    void when_no_round_is_good_enough_it_fails_or_goes_on_as_it_says() {
        for (var ifNot : IfNot.values()) {
            var workflow =
                    workflow(
                            null,
                            new WorkflowStep.Repeat(
                                    "improve",
                                    List.of(use("draft", "{\"score\":\"${round}\"}")),
                                    "draft.score > 8",
                                    2,
                                    ifNot));
            var stage = new Stage(workflow);
            stage.hands = WorkflowTest::echo;
            var id = stage.open(workflow, Json.object());
            stage.play();
            assertThat(uses(stage)).hasSize(2);
            if (ifNot == IfNot.STOP) {
                assertThat(failure(stage, id)).contains("improve", "after 2 rounds");
            } else {
                assertThat(output(stage, id)).isEqualTo(Json.parse("{\"improve\":{\"score\":2}}"));
            }
        }
    }

    // ---- approve

    private static WorkflowStep.Approve approve(Otherwise otherwise) {
        return new WorkflowStep.Approve(
                "ok",
                Json.text("Post ${input.text}?"),
                Json.parse("{\"text\":\"${input.text}\"}"),
                "sre-leads",
                Duration.ofMinutes(15),
                otherwise);
    }

    private static Mail.Answer answer(Stage stage, Event.ApprovalAsked asked, boolean approved) {
        return new Mail.Answer(
                asked.action(),
                asked.digest(),
                approved,
                "because",
                Stage.SOMEBODY,
                "id-" + approved,
                stage.now);
    }

    private static Event.ApprovalAsked question(Stage stage, SessionId id) {
        return Question.open(stage.state(id)).getFirst();
    }

    @Test
    void a_question_waits_for_people_and_goes_on_when_they_say_yes() {
        var workflow =
                workflow(
                        null, approve(Otherwise.STOP), use("post", "{\"text\":\"${input.text}\"}"));
        var stage = new Stage(workflow);
        stage.hands = WorkflowTest::echo;
        var id = stage.open(workflow, Json.object().put("text", "hello"));
        stage.play(stage.now);
        assertThat(stage.state(id).waiting())
                .isEqualTo(new Waiting.Approval(List.of(new ActionId("ok"))));
        var asked = question(stage, id);
        assertThat(asked.question()).isEqualTo("Post hello?");
        assertThat(asked.shown().value()).isEqualTo(Json.parse("{\"text\":\"hello\"}"));
        assertThat(asked.expires()).isEqualTo(stage.now.plus(Duration.ofMinutes(15)));
        assertThat(stage.invocations).isEmpty();

        stage.send(id, answer(stage, asked, true));
        stage.play();
        assertThat(output(stage, id))
                .isEqualTo(
                        Json.parse(
                                "{\"ok\":{\"approved\":true,\"by\":\"somebody\",\"note\":\"because\"},\"text\":\"hello\"}"));
    }

    @Test
    void only_the_first_answer_to_exactly_what_was_shown_counts() {
        var workflow = workflow(null, approve(Otherwise.STOP), use("post", "{}"));
        var stage = new Stage(workflow);
        var id = stage.open(workflow, Json.object().put("text", "hello"));
        stage.play(stage.now);
        var asked = question(stage, id);
        stage.send(
                id,
                new Mail.Answer(
                        asked.action(),
                        Hash.of("another"),
                        true,
                        null,
                        Stage.SOMEBODY,
                        "x",
                        stage.now));
        stage.send(
                id,
                new Mail.Answer(
                        asked.action(),
                        asked.digest(),
                        true,
                        null,
                        Stage.SOMEBODY,
                        "late",
                        asked.expires()));
        stage.play(stage.now);
        assertThat(Question.open(stage.state(id))).as("another digest, too late").hasSize(1);
        stage.send(id, answer(stage, asked, false));
        stage.send(id, answer(stage, asked, true));
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.DENIED);
        assertThat(failure(stage, id)).isEqualTo("ok: somebody said no: because");
        assertThat(stage.invocations).isEmpty();
    }

    @Test
    void a_question_that_nobody_answers_ends_as_it_says() {
        var workflow = workflow(null, approve(Otherwise.STOP));
        var stage = new Stage(workflow);
        var id = stage.open(workflow, Json.object().put("text", "hello"));
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.DENIED);
        assertThat(failure(stage, id)).contains("nobody answered in time");

        var other =
                workflow(
                        null,
                        approve(
                                new Otherwise(
                                        false,
                                        List.of(use("tell", "{\"told\":\"${input.text}\"}")))),
                        use("last", "{\"was\":\"${steps.ok.approved}\"}"));
        stage = new Stage(other);
        stage.hands = WorkflowTest::echo;
        id = stage.open(other, Json.object().put("text", "hello"));
        stage.play();
        assertThat(uses(stage)).containsExactly("tell", "last");
        assertThat(output(stage, id).get("was").booleanValue()).isFalse();
    }

    // ---- wait

    @Test
    void a_wait_for_a_time_ends_then() {
        var workflow =
                workflow(
                        null,
                        new WorkflowStep.Wait(
                                "pause", new WaitFor.Span(Duration.ofDays(9)), Otherwise.STOP),
                        new WorkflowStep.Wait(
                                "then", new WaitFor.Computed("input.at"), Otherwise.STOP),
                        use("post", "{\"done\":true}"));
        var stage = new Stage(workflow);
        var at = stage.now.plus(Duration.ofDays(10));
        var id =
                stage.open(
                        workflow,
                        Json.object().put("at", at.toString()),
                        null,
                        Duration.ofDays(20));
        stage.play(at.minusSeconds(1));
        assertThat(stage.invocations).isEmpty();
        assertThat(stage.state(id).waiting()).isInstanceOf(Waiting.Timer.class);
        stage.play(at);
        assertThat(uses(stage)).containsExactly("post");
    }

    private static WorkflowDefinition waiting(Otherwise otherwise) {
        return workflow(
                "{\"came\":\"${steps.ready}\"}",
                use("start", "{}"),
                new WorkflowStep.Wait(
                        "ready",
                        new WaitFor.Event(
                                "deploy.done",
                                "event.version == input.version",
                                Duration.ofHours(2)),
                        otherwise),
                use("post", "{}"));
    }

    private static Mail happened(int version) {
        return new Mail.Happened(
                Stage.SOMEBODY,
                "deploy.done",
                Content.derived(Json.object().put("version", version)));
    }

    @Test
    void an_event_that_comes_before_during_or_after_others_is_never_lost() {
        var workflow = waiting(Otherwise.STOP);
        var before = new Stage(workflow);
        var id = before.open(workflow, Json.object().put("version", 7), null, Duration.ofDays(1));
        before.send(id, happened(6));
        before.send(id, happened(7));
        before.play();
        assertThat(output(before, id)).isEqualTo(Json.parse("{\"came\":{\"version\":7}}"));
        assertThat(before.state(id).arrived()).as("the other one is kept").hasSize(1);

        var during = new Stage(workflow);
        id = during.open(workflow, Json.object().put("version", 7), null, Duration.ofDays(1));
        during.play();
        assertThat(during.state(id).waiting()).isEqualTo(new Waiting.Event(List.of("deploy.done")));
        during.send(id, happened(6));
        during.play(during.now);
        assertThat(during.state(id).closed()).isNull();
        during.send(id, happened(7));
        during.play(during.now);
        assertThat(output(during, id)).isEqualTo(Json.parse("{\"came\":{\"version\":7}}"));
    }

    @Test
    void an_event_that_does_not_come_in_time_ends_the_wait() {
        var stage = new Stage(waiting(Otherwise.STOP));
        var id =
                stage.open(
                        waiting(Otherwise.STOP),
                        Json.object().put("version", 7),
                        null,
                        Duration.ofDays(1));
        stage.play(stage.now.plus(Duration.ofHours(3)));
        assertThat(failure(stage, id)).isEqualTo("ready: `deploy.done` did not come in time");
        stage = new Stage(waiting(Otherwise.CONTINUE));
        id =
                stage.open(
                        waiting(Otherwise.CONTINUE),
                        Json.object().put("version", 7),
                        null,
                        Duration.ofDays(1));
        stage.play(stage.now.plus(Duration.ofHours(3)));
        assertThat(output(stage, id)).isEqualTo(Json.parse("{\"came\":null}"));
    }

    // ---- care

    @Test
    void an_agent_that_failed_is_tried_again_in_a_session_of_its_own_after_a_while() {
        var care =
                new Care(null, new Retry(3, Duration.ofSeconds(10), Duration.ofMinutes(1)), null);
        var workflow = workflow(null, new WorkflowStep.Agent("one", "one", null, care));
        var stage = new Stage(ONE, workflow);
        var starts = new ArrayList<java.time.Instant>();
        stage.model =
                request -> {
                    starts.add(stage.now);
                    return starts.size() < 3
                            ? Stage.fails(dev.remit.core.model.ModelAnswer.Kind.INVALID)
                            : Stage.says("{\"n\":1}");
                };
        var id = stage.open(workflow, Json.object());
        stage.play();
        assertThat(output(stage, id)).isEqualTo(Json.parse("{\"n\":1}"));
        assertThat(stage.state(id).closed().outcome()).isEqualTo(Outcome.GOOD);
        assertThat(Duration.between(starts.get(0), starts.get(1)))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(Duration.between(starts.get(1), starts.get(2)))
                .isEqualTo(Duration.ofSeconds(20));
        assertThat(stage.state(id).actions().keySet())
                .extracting(ActionId::value)
                .contains("one", "one~2", "one~3");
    }

    @Test
    void a_step_has_its_own_number_of_attempts_and_its_own_time() {
        var care =
                new Care(
                        Duration.ofSeconds(3),
                        new Retry(5, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                        null);
        var workflow = workflow(null, use("post", "{}", care));
        var stage = new Stage(workflow);
        stage.hands = use -> use.attempt() < 5 ? new Ended.Failed(false, "busy", null) : echo(use);
        var id = stage.open(workflow, Json.object());
        stage.play();
        assertThat(output(stage, id)).isNotNull();
        assertThat(stage.invocations).hasSize(5);
        assertThat(stage.invocations).allMatch(i -> i.idempotencyKey().equals(id + ":post"));
        assertThat(
                        stage.events(id).stream()
                                .filter(Event.ActionStarted.class::isInstance)
                                .map(e -> ((Event.ActionStarted) e).timeout()))
                .containsOnly(Duration.ofSeconds(3));
    }

    @Test
    void an_agent_that_takes_too_long_is_stopped_at_the_time_of_its_step() {
        var care = new Care(Duration.ofMinutes(1), null, null);
        var workflow = workflow(null, new WorkflowStep.Agent("one", "one", null, care));
        var stage = new Stage(ONE, workflow);
        stage.model = request -> Stage.fails(dev.remit.core.model.ModelAnswer.Kind.OVERLOADED);
        var begin = stage.now;
        var id = stage.open(workflow, Json.object());
        stage.play();
        assertThat(failure(stage, id)).contains("one: its time was up");
        assertThat(stage.state(id).now()).isBefore(begin.plusSeconds(61));
    }

    // ---- undo

    @Test
    void what_was_done_is_taken_back_in_reverse_order_when_the_workflow_fails() {
        var workflow =
                workflow(
                        null,
                        use("a", "{\"id\":1}", undo("{\"back\":\"${steps.a.id}\"}")),
                        use("b", "{\"id\":2}", undo("{\"back\":\"${steps.b.id}\"}")),
                        forEach(
                                2,
                                IfOneFails.STOP,
                                use(
                                        "c",
                                        "{\"id\":\"${item}\"}",
                                        undo("{\"back\":\"${item + steps.c.id}\"}"))),
                        use("d", "{\"id\":9}", undo("{}")));
        var stage = new Stage(workflow);
        stage.hands =
                use ->
                        use.action().value().equals("d")
                                ? new Ended.Failed(true, "no", null)
                                : echo(use);
        var id = stage.open(workflow, Json.parse("{\"items\":[\"x\",\"y\"]}"));
        stage.play();
        assertThat(uses(stage))
                .containsSubsequence("d", "checks/2/c/undo", "checks/1/c/undo", "b/undo", "a/undo");
        assertThat(stage.invocations.getLast().arguments().value())
                .isEqualTo(Json.parse("{\"back\":1}"));
        assertThat(failure(stage, id)).isEqualTo("d: no; taken back: checks/2/c, checks/1/c, b, a");
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.FAILED);
    }

    @Test
    void what_was_done_is_taken_back_when_the_workflow_is_cancelled() {
        var workflow = workflow(null, use("a", "{\"id\":1}", undo("{}")), approve(Otherwise.STOP));
        var stage = new Stage(workflow);
        stage.hands = WorkflowTest::echo;
        var id = stage.open(workflow, Json.object().put("text", "hello"));
        stage.play(stage.now);
        var asked = question(stage, id);
        stage.send(id, new Mail.Cancel(Stage.SOMEBODY, "enough"));
        stage.send(id, answer(stage, asked, true));
        stage.play();
        assertThat(uses(stage)).containsExactly("a", "a/undo");
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.CANCELLED);
        assertThat(failure(stage, id)).isEqualTo("enough; taken back: a");
    }

    @Test
    void what_cannot_be_taken_back_is_tried_again_and_then_goes_to_a_person() {
        var workflow = workflow(null, use("a", "{\"id\":1}", undo("{}")), use("b", "{}"));
        var stage = new Stage(workflow);
        stage.hands =
                use ->
                        use.action().value().equals("a")
                                ? echo(use)
                                : new Ended.Failed(use.action().value().equals("b"), "no", null);
        var id = stage.open(workflow, Json.object());
        stage.play();
        assertThat(uses(stage)).containsExactly("a", "b", "a/undo", "a/undo", "a/undo");
        var trouble = (Waiting.Trouble) stage.state(id).waiting();
        assertThat(trouble.why()).contains("a/undo", "remit resolve");
        stage.send(id, new Mail.Resolve(new ActionId("a/undo"), false, Stage.SOMEBODY));
        stage.play();
        assertThat(stage.state(id).waiting())
                .as("it failed once more")
                .isInstanceOf(Waiting.Trouble.class);
        stage.send(id, new Mail.Resolve(new ActionId("a/undo"), true, Stage.SOMEBODY));
        stage.play();
        assertThat(failure(stage, id)).isEqualTo("b: no; taken back: a");
    }

    @Test
    void what_may_have_been_done_is_not_taken_back_unasked_and_never_passed_over() {
        var workflow =
                workflow(
                        null,
                        use("a", "{\"id\":1}", undo("{}")),
                        use("b", "{\"id\":2}", undo("{}")));
        var stage = new Stage(workflow);
        stage.hands =
                use -> use.action().value().equals("b") ? new Ended.Unknown("cut") : echo(use);
        var id = stage.open(workflow, Json.object());
        stage.play();
        assertThat(uses(stage)).containsExactly("a", "b", "b", "b", "a/undo");
        assertThat(failure(stage, id))
                .isEqualTo(
                        "b: cut; taken back: a; NOT taken back: b (nobody knows whether it was"
                                + " done)");
    }

    // ---- sub-workflows

    @Test
    void a_workflow_runs_another_one_and_its_questions_are_its_own() {
        var inner =
                new WorkflowDefinition(
                        "sub",
                        Hash.of("sub"),
                        "",
                        null,
                        List.of(
                                approve(Otherwise.STOP),
                                use("post", "{\"text\":\"${input.text}\"}")),
                        List.of("post"),
                        null,
                        null,
                        Map.of(),
                        Map.of("effect.again", Cast.tool("effect.again", true)));
        var workflow =
                workflow(
                        null,
                        new WorkflowStep.Workflow(
                                "sub",
                                "sub",
                                Json.parse("{\"text\":\"${input.text}!\"}"),
                                Care.NONE));
        var stage = new Stage(workflow, inner);
        stage.hands = WorkflowTest::echo;
        var id = stage.open(workflow, Json.object().put("text", "hello"));
        stage.play(stage.now);
        var child = SessionId.child(id, new ActionId("sub"));
        assertThat(stage.state(id).waiting()).isEqualTo(new Waiting.Session(List.of(child)));
        stage.send(child, answer(stage, question(stage, child), true));
        stage.play();
        assertThat(output(stage, id)).isEqualTo(Json.parse("{\"text\":\"hello!\"}"));
    }

    @Test
    void a_branch_that_fails_withdraws_the_questions_of_the_others() {
        var workflow =
                workflow(
                        null,
                        new WorkflowStep.Parallel(
                                List.of(
                                        approve(Otherwise.STOP),
                                        new WorkflowStep.Wait(
                                                "ready",
                                                new WaitFor.Event("e", null, null),
                                                Otherwise.STOP),
                                        use("b", "{}")),
                                IfOneFails.STOP));
        var stage = new Stage(workflow);
        stage.hands = use -> new Ended.Failed(true, "no", null);
        var id = stage.open(workflow, Json.object().put("text", "hello"));
        stage.play(stage.now);
        assertThat(failure(stage, id)).isEqualTo("b: no");
        assertThat(stage.state(id).actions().get(new ActionId("ok")))
                .isEqualTo(new ActionState.Lapsed("no longer wanted: b: no"));
    }
}
