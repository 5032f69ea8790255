package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.brain.Profiles;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.Family;
import dev.remit.core.model.Layout.Purpose;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.model.ModelTarget;
import dev.remit.core.money.Money;
import dev.remit.core.session.ContextEdit;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Prompt;
import dev.remit.core.session.StopReason;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// How a prompt is kept within the model's window, and what the log says of it.
class ContextTest {
    private static final JsonNode INPUT = Json.object().put("question", "why?");
    private static final int WINDOW = 4_000;

    private static AgentDefinition agent(int contextTokens, @Nullable String brain) {
        var a = Cast.agent("one");
        var tools = new HashMap<String, Tool>(a.tools());
        tools.put(BuiltIn.SESSION_RESULT, BuiltIn.tools().get(BuiltIn.SESSION_RESULT));
        var may = new ArrayList<>(a.may());
        may.add(new AgentDefinition.Grant(BuiltIn.SESSION_RESULT, Map.of(), null));
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
                null,
                may,
                List.of(),
                a.onTrouble(),
                null,
                new AgentDefinition.Limits(
                        500, Duration.ofHours(1), 1000, 1, 2, 1000, contextTokens),
                List.of(),
                null,
                null,
                tools,
                Map.of(),
                null,
                brain);
    }

    private static final AgentDefinition AGENT = agent(WINDOW, null);

    /// Uses a tool in each turn, then answers; sums up when it is asked to.
    private static Function<ModelRequest, ModelAnswer> working(int turns) {
        return request ->
                Stage.counted(
                        request,
                        request.layout().purpose() == Purpose.COMPACTION
                                ? Stage.says("Summed up: all of it up to turn " + request.turn())
                                : request.turn() <= turns
                                        ? use(request.turn(), 0)
                                        : Stage.says("done"));
    }

    private static ModelAnswer use(int turn, int size) {
        return Stage.calls(
                "effect.again",
                Json.object()
                        .put("n", turn)
                        .put("evidence", "because")
                        .put("text", "y".repeat(size)));
    }

    private static Stage stage(AgentDefinition agent, int turns, int resultSize) {
        var stage = new Stage(agent);
        stage.model = working(turns);
        stage.hands =
                use ->
                        new Ended.Done(
                                Content.derived(
                                        Json.text(
                                                "result "
                                                        + use.action()
                                                        + " "
                                                        + "z".repeat(resultSize))));
        return stage;
    }

    private static List<ContextEdit> edits(Stage stage, SessionId id) {
        return stage.events(id).stream()
                .filter(Event.ModelCalled.class::isInstance)
                .map(e -> ((Event.ModelCalled) e).edit())
                .filter(e -> e != null)
                .toList();
    }

    private static List<ModelRequest> turns(Stage stage) {
        return stage.requests.stream().filter(r -> r.layout().purpose() == Purpose.ANSWER).toList();
    }

    @Test
    void old_results_say_less_first_and_the_log_says_which() {
        var roomier = agent(2 * WINDOW, null);
        var stage = stage(roomier, 14, 1_500);
        var id = stage.open(roomier, INPUT);
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        var first = edits(stage, id).getFirst();
        assertThat(first.how()).isEqualTo(ContextEdit.How.SHORTENED);
        assertThat(first.bytesAfter()).isLessThan(first.bytesBefore());
        assertThat(first.shortened()).isNotEmpty();
        var prompts = prompts(stage, id);
        for (var shortened : first.shortened()) {
            assertThat(shortened.bytesAfter()).isLessThan(shortened.bytesBefore());
            assertThat(prompts.stream().flatMap(p -> p.contents().stream()))
                    .as("both the message and what stands for it are in the log")
                    .anyMatch(c -> c.hash().equals(shortened.message()))
                    .anyMatch(c -> c.hash().equals(shortened.by()));
        }
        var last = turns(stage).getLast().messages();
        assertThat(Json.write(Json.tree(last)))
                .contains("result 1.0 ", "more characters of the result of action 1.0");
        assertThat(Json.write(Json.tree(last.getLast()))).doesNotContain("[shortened");
    }

    @Test
    void a_summary_takes_the_place_of_the_oldest_part_and_is_paid_for() {
        var stage = stage(AGENT, 60, 350);
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(edits(stage, id))
                .extracting(ContextEdit::how)
                .contains(ContextEdit.How.COMPACTED);
        var compacted = count(stage, id, Event.Compacted.class);
        assertThat(compacted)
                .isPositive()
                .isEqualTo(count(stage, id, Event.CompactionCalled.class));
        assertThat(stage.state(id).closed().cost())
                .as("61 turns and the summaries, 7 each")
                .isEqualTo(new Money(7 * (61 + compacted)));
        assertThat(stage.state(id).totals().turns()).as("a summary is no turn").isEqualTo(61);
        for (var request : turns(stage)) {
            assertThat(request.messages().get(1).text()).as("the task").contains("why?");
            assertThat(Json.write(Json.tree(request.messages())).length())
                    .isLessThan(3 * WINDOW + 500);
        }
        assertThat(turns(stage).getLast().messages().get(2).text())
                .contains("earlier messages are summed up here", "Summed up: all of it");
        assertThat(LogCodec.encode(stage.state(id)).bytes()).isLessThan(50_000);
    }

    @Test
    void the_order_to_sum_up_comes_behind_a_prompt_that_the_provider_has_in_its_cache() {
        var stage = stage(AGENT, 60, 350);
        var id = stage.open(AGENT, INPUT);
        stage.play();
        var requests = stage.requests;
        for (int i = 1; i < requests.size(); i++) {
            if (requests.get(i).layout().purpose() == Purpose.COMPACTION) {
                var before = requests.get(i - 1).messages();
                assertThat(requests.get(i).messages().subList(0, before.size())).isEqualTo(before);
                assertThat(requests.get(i).tools()).isEqualTo(requests.get(i - 1).tools());
            }
        }
        assertThat(id).isNotNull();
    }

    @Test
    void what_a_person_said_is_never_summed_up() {
        var stage = stage(AGENT, 80, 350);
        var id = stage.open(AGENT, INPUT);
        var work = stage.model;
        stage.model =
                request -> {
                    if (request.turn() == 3 && request.layout().purpose() == Purpose.ANSWER) {
                        stage.send(
                                id,
                                new Mail.Message(
                                        Stage.SOMEBODY,
                                        Content.derived(Json.text("never touch the archive"))));
                    }
                    return work.apply(request);
                };
        stage.play();
        var compactions = count(stage, id, Event.Compacted.class);
        assertThat(compactions).isGreaterThan(1);
        var last = turns(stage).getLast().messages();
        assertThat(last.stream().map(Message::text)).contains("never touch the archive");
        assertThat(edits(stage, id).getLast().pinned()).isEqualTo(1);
    }

    @Test
    void a_summary_that_cannot_be_had_means_that_the_oldest_part_is_left_out() {
        var stage = stage(AGENT, 60, 350);
        var work = stage.model;
        stage.model =
                request ->
                        request.layout().purpose() == Purpose.COMPACTION
                                ? Stage.fails(ModelAnswer.Kind.OVERLOADED)
                                : work.apply(request);
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(count(stage, id, Event.Compacted.class)).isZero();
        assertThat(count(stage, id, Event.CompactionFailed.class)).isPositive();
        assertThat(edits(stage, id)).extracting(ContextEdit::how).contains(ContextEdit.How.CUT);
    }

    @Test
    void an_answer_that_calls_tools_is_no_summary() {
        var stage = stage(AGENT, 60, 350);
        var work = stage.model;
        stage.model =
                request ->
                        request.layout().purpose() == Purpose.COMPACTION
                                ? use(1, 0)
                                : work.apply(request);
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(count(stage, id, Event.Compacted.class)).isZero();
        assertThat(stage.invocations).as("nothing was done for it").hasSize(60);
    }

    @Test
    void a_summary_that_the_budget_does_not_allow_is_not_asked_for() {
        var stage = stage(AGENT, 60, 350);
        var id = stage.open(AGENT, INPUT, new Money(7 * 61 + 5), Duration.ofHours(1));
        var work = stage.model;
        stage.model =
                request -> {
                    assertThat(request.layout().purpose()).isEqualTo(Purpose.ANSWER);
                    return work.apply(request);
                };
        var afford = stage.bound;
        stage.boundOf =
                request ->
                        request.layout().purpose() == Purpose.COMPACTION
                                ? new Money(1_000_000)
                                : new Money(7);
        stage.play();
        assertThat(afford).isNotNull();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(count(stage, id, Event.CompactionFailed.class)).isPositive();
    }

    @Test
    void the_window_is_that_of_the_model_that_the_route_resolves_to() {
        var roomy = agent(100_000, null);
        var stage = stage(roomy, 60, 350);
        stage.target = new ModelTarget("p", "small", Family.GENERIC, WINDOW + 1_000);
        var id = stage.open(roomy, INPUT);
        stage.play();
        assertThat(count(stage, id, Event.Compacted.class)).isPositive();
        for (var request : turns(stage)) {
            assertThat(Json.write(Json.tree(request.messages())).length())
                    .isLessThan(3 * WINDOW + 500);
        }
    }

    @Test
    void what_the_provider_counts_is_believed_rather_than_the_estimate() {
        var stage = stage(AGENT, 20, 350);
        var work = stage.model;
        stage.model =
                request -> {
                    var reply = (ModelAnswer.Reply) work.apply(request);
                    var half = reply.usage().input() * 6 / 10;
                    return new ModelAnswer.Reply(
                            reply.provider(),
                            reply.model(),
                            reply.message(),
                            reply.stop(),
                            new dev.remit.core.money.Usage(half, 0, 0, 5, 0),
                            reply.cost(),
                            reply.firstToken(),
                            reply.total());
                };
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(edits(stage, id)).as("five bytes a token: there is room").isEmpty();
        var other = stage(AGENT, 20, 350);
        var otherId = other.open(AGENT, INPUT);
        other.play();
        assertThat(edits(other, otherId)).isNotEmpty();
    }

    @Test
    void the_brain_is_that_of_the_family_and_stays_when_the_route_changes() {
        var stage = stage(AGENT, 3, 10);
        stage.target = new ModelTarget("anthropic", "claude-x", Family.ANTHROPIC, 200_000);
        var id = stage.open(AGENT, INPUT);
        var work = stage.model;
        stage.model =
                request -> {
                    if (request.turn() == 2) {
                        stage.target = new ModelTarget("openai", "gpt-x", Family.OPENAI, 400_000);
                    }
                    return work.apply(request);
                };
        stage.play();
        assertThat(stage.requests).extracting(r -> r.layout().brain()).containsOnly("anthropic@1");
        var mind = stage.state(id).context().mind();
        assertThat(mind.brain()).isEqualTo("anthropic@1");
        assertThat(mind.model()).isEqualTo("gpt-x");
        assertThat(mind.window()).isEqualTo(400_000);
        var recorded =
                stage.events(id).stream()
                        .filter(Event.ModelCalled.class::isInstance)
                        .map(e -> ((Event.ModelCalled) e).mind())
                        .filter(m -> m != null)
                        .toList();
        assertThat(recorded).as("only when it changes").hasSize(2);
    }

    @Test
    void an_agent_may_pin_its_brain() {
        var pinned = agent(WINDOW, "generic@1");
        var stage = stage(pinned, 1, 10);
        stage.target = new ModelTarget("anthropic", "claude-x", Family.ANTHROPIC, 200_000);
        var id = stage.open(pinned, INPUT);
        stage.play();
        assertThat(stage.state(id).context().mind().brain()).isEqualTo("generic@1");
        assertThat(Profiles.find("generic@1")).isPresent();
    }

    @Test
    void an_earlier_result_is_given_back_by_its_number() {
        var stage = stage(AGENT, 2, 3_000);
        var work = stage.model;
        stage.model =
                request ->
                        request.turn() == 3
                                ? Stage.calls(
                                        BuiltIn.SESSION_RESULT,
                                        Json.object().put("action", "1.0").put("characters", 12))
                                : request.turn() == 4
                                        ? Stage.calls(
                                                BuiltIn.SESSION_RESULT,
                                                Json.object().put("action", "9.0"))
                                        : work.apply(request);
        var id = stage.open(AGENT, INPUT);
        stage.play();
        assertThat(stage.state(id).closed().reason()).isEqualTo(StopReason.COMPLETED);
        var shown = turns(stage).getLast().messages();
        assertThat(Json.write(Json.tree(shown)))
                .contains("\\\"characters\\\":3011", "\\\"text\\\":\\\"result 1.0 z\\\"")
                .contains("no action of this session with the number 9.0");
        assertThat(stage.invocations).as("the hands have nothing to do with it").hasSize(2);
    }

    @Test
    void most_of_each_prompt_is_the_prompt_before() {
        var roomier = agent(5 * WINDOW, null);
        var stage = stage(roomier, 300, 1_500);
        stage.open(roomier, INPUT);
        stage.play();
        long same = 0;
        long before = 0;
        var turns = turns(stage);
        for (int i = 1; i < turns.size(); i++) {
            same += Prefix.common(turns.get(i - 1).messages(), turns.get(i).messages());
            before += Prefix.size(turns.get(i - 1).messages());
        }
        assertThat((double) same / before).as("share that a cache can serve").isGreaterThan(0.9);
    }

    private static long count(Stage stage, SessionId id, Class<? extends Event> type) {
        return stage.events(id).stream().filter(type::isInstance).count();
    }

    /// The prompts of all calls, made of the log alone.
    static List<Prompt> prompts(Stage stage, SessionId id) {
        var prompts = new ArrayList<Prompt>();
        Prompt shown = null;
        for (var event : stage.events(id)) {
            if (event instanceof Event.ModelCalled called) {
                shown =
                        shown == null || called.parent() == null
                                ? Prompt.start(called.added())
                                : shown.hash().equals(called.prompt())
                                        ? shown
                                        : shown.add(called.added());
                assertThat(shown.hash()).isEqualTo(called.prompt());
                prompts.add(shown);
            }
        }
        return prompts;
    }

    /// How much of one prompt the next begins with.
    private static final class Prefix {
        static long common(List<Message> one, List<Message> two) {
            long same = 0;
            for (int i = 0; i < Math.min(one.size(), two.size()); i++) {
                if (!one.get(i).equals(two.get(i))) {
                    break;
                }
                same += Json.write(Json.tree(one.get(i))).length();
            }
            return same;
        }

        static long size(List<Message> messages) {
            return common(messages, messages);
        }
    }
}
