package dev.remit.gateway.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.model.ModelAnswer.Stop;
import dev.remit.core.model.Rehearsal;
import dev.remit.core.money.Money;
import dev.remit.gateway.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RehearsalProviderTest {
    private static final String SCHEMA =
            """
            {"type":"object","required":["title"],"properties":{"title":{"type":"string"}}}
            """;

    private final RehearsalProvider provider = new RehearsalProvider();

    private ModelAnswer call(Requests request) throws InterruptedException {
        return provider.call(request.make(), tokens -> {});
    }

    private String text(Requests request) throws InterruptedException {
        return ((ModelAnswer.Reply) call(request)).message().text();
    }

    private static Rehearsal.Reply reply(@Nullable String when, String answer) {
        return new Rehearsal.Reply(when, Map.of(), Json.parse(answer), List.of(), null, null);
    }

    private static Rehearsal.Script script(Rehearsal.Reply... replies) {
        return new Rehearsal.Script(List.of(replies));
    }

    private static Rehearsal.Script failing(String kind, int times, @Nullable Long delay) {
        return script(
                new Rehearsal.Reply(
                        null,
                        Map.of(),
                        Json.parse("{\"title\":\"done\"}"),
                        List.of(),
                        new Rehearsal.Fault(kind, times, delay),
                        null));
    }

    @Test
    void the_first_reply_whose_condition_holds_is_given() throws Exception {
        var script =
                script(
                        reply("input.severity == 'SEV1'", "{\"title\":\"all hands\"}"),
                        reply("turn == 2", "{\"title\":\"second\"}"),
                        reply(null, "{\"title\":\"any\"}"));
        assertThat(text(new Requests().rehearsal(script).input("{\"severity\":\"SEV1\"}")))
                .isEqualTo("{\"title\":\"all hands\"}");
        assertThat(text(new Requests().rehearsal(script).turn(2)))
                .isEqualTo("{\"title\":\"second\"}");
        assertThat(text(new Requests().rehearsal(script))).isEqualTo("{\"title\":\"any\"}");
    }

    @Test
    void an_answer_is_made_from_the_actual_request() throws Exception {
        var let = new LinkedHashMap<String, String>();
        let.put("n", "size(input.logs)");
        let.put("many", "n > 1");
        var script =
                script(
                        new Rehearsal.Reply(
                                null,
                                let,
                                Json.parse(
                                        "{\"count\":\"${n}\",\"many\":\"${many}\","
                                                + "\"title\":\"${n} lines, seed ${seed}\"}"),
                                List.of(),
                                null,
                                null));
        assertThat(text(new Requests().rehearsal(script).input("{\"logs\":[\"a\",\"b\"]}")))
                .isEqualTo("{\"count\":2,\"many\":true,\"title\":\"2 lines, seed 1\"}");
    }

    @Test
    void it_calls_tools_and_then_looks_at_their_results() throws Exception {
        var script =
                script(
                        new Rehearsal.Reply(
                                "size(results) == 0",
                                Map.of(),
                                null,
                                List.of(
                                        new Rehearsal.Call(
                                                "runbooks.search",
                                                Json.parse("{\"q\":\"${input.title}\"}"))),
                                null,
                                null),
                        reply(
                                "results[0].tool == 'runbooks.search'",
                                "{\"title\":\"${results[0].value.found}\"}"));
        var first = new Requests().rehearsal(script).input("{\"title\":\"redis\"}");
        var calling = (ModelAnswer.Reply) call(first);
        assertThat(calling.stop()).isEqualTo(Stop.TOOL_USE);
        var use = calling.message().toolUses().getFirst();
        assertThat(use.tool()).isEqualTo("runbooks.search");
        assertThat(use.arguments()).isEqualTo(Json.parse("{\"q\":\"redis\"}"));

        first.add(calling.message())
                .says(Message.Role.USER, new Part.ToolResult(use.id(), "{\"found\":\"x\"}", false));
        assertThat(text(first.turn(2))).isEqualTo("{\"title\":\"x\"}");
    }

    @Test
    void a_recording_gives_the_nth_reply_to_the_nth_turn() throws Exception {
        var recording =
                new Rehearsal.Recording(
                        List.of(
                                Json.tree(Message.of(Message.Role.ASSISTANT, "one")),
                                Json.tree(Message.of(Message.Role.ASSISTANT, "two"))));
        assertThat(text(new Requests().rehearsal(recording))).isEqualTo("one");
        assertThat(text(new Requests().rehearsal(recording).turn(2).attempt(3))).isEqualTo("two");
        var beyond = (ModelAnswer.Failure) call(new Requests().rehearsal(recording).turn(3));
        assertThat(beyond.kind()).isEqualTo(Kind.INVALID);
        assertThat(beyond.why()).contains("the recording has 2 replies");
    }

    @Test
    void faults_come_on_order_for_the_first_attempts() throws Exception {
        var kinds =
                Map.of(
                        "rate_limited", Kind.RATE_LIMITED,
                        "overloaded", Kind.OVERLOADED,
                        "server_error", Kind.UNAVAILABLE,
                        "timed_out", Kind.TIMED_OUT,
                        "cut", Kind.CUT,
                        "garbage", Kind.GARBAGE);
        for (var kind : kinds.entrySet()) {
            var script = failing(kind.getKey(), 2, 1500L);
            for (int attempt = 1; attempt <= 2; attempt++) {
                var request = new Requests().rehearsal(script).attempt(attempt);
                var failure = (ModelAnswer.Failure) call(request);
                assertThat(failure.kind()).isEqualTo(kind.getValue());
                assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(1500));
            }
            assertThat(text(new Requests().rehearsal(script).attempt(3))).contains("done");
        }
    }

    @Test
    void a_wrong_answer_on_order_is_given_before_the_right_one_whatever_the_turn()
            throws Exception {
        var script = failing("wrong_schema", 1, null);
        var request = new Requests().rehearsal(script).answer(SCHEMA).turn(3);
        var wrong = (ModelAnswer.Reply) call(request);
        assertThat(Json.parse(wrong.message().text()).has("title")).isFalse();
        request.add(wrong.message()).user("title is missing").turn(4);
        assertThat(text(request)).isEqualTo("{\"title\":\"done\"}");
    }

    @Test
    void a_script_at_fault_says_where() throws Exception {
        var unknown = script(reply("inputs.x == 1", "{}"));
        var failure = (ModelAnswer.Failure) call(new Requests().rehearsal(unknown));
        assertThat(failure.kind()).isEqualTo(Kind.INVALID);
        assertThat(failure.why()).contains("triage", "`when`", "inputs");

        var missing = script(reply(null, "{\"a\":{\"b\":\"${input.nothing}\"}}"));
        failure = (ModelAnswer.Failure) call(new Requests().rehearsal(missing));
        assertThat(failure.why()).contains("/a/b");
    }

    @Test
    void without_a_script_it_gives_the_smallest_answer_and_says_that_it_is_rehearsed()
            throws Exception {
        assertThat(text(new Requests())).startsWith("rehearsal: no model was asked");
        assertThat(text(new Requests().answer(SCHEMA)))
                .isEqualTo("{\"title\":\"rehearsal: title\"}");
        assertThat(text(new Requests().answer(SCHEMA).rehearsal(script(reply("false", "{}")))))
                .contains("rehearsal: title");
    }

    @Test
    void it_is_named_as_what_it_is_and_costs_nothing() throws Exception {
        var reply = (ModelAnswer.Reply) call(new Requests().user("hello"));
        assertThat(reply.provider()).isEqualTo("rehearsal");
        assertThat(reply.model()).isEqualTo("rehearsal");
        assertThat(reply.cost()).isEqualTo(Money.ZERO);
        assertThat(reply.usage().input()).isPositive();
        assertThat(provider.bound(new Requests().make())).contains(Money.ZERO);
    }

    @Test
    void the_same_request_gives_the_same_answer() throws Exception {
        var script = script(reply(null, "{\"title\":\"${seed} ${turn} ${messages[0].text}\"}"));
        var request = new Requests().user("hello").rehearsal(script);
        assertThat(text(request)).isEqualTo(text(request));
    }

    @Test
    void slow_tokens_are_counted_as_they_come_and_end_with_the_time() throws Exception {
        var slow =
                script(
                        new Rehearsal.Reply(
                                null,
                                Map.of(),
                                Json.parse("\"twelve letters\""),
                                List.of(),
                                null,
                                500));
        var seen = new ArrayList<Long>();
        provider.call(new Requests().rehearsal(slow).make(), seen::add);
        assertThat(seen).hasSizeGreaterThan(3).isSorted();
        var late =
                (ModelAnswer.Failure)
                        call(new Requests().rehearsal(slow).timeout(Duration.ofNanos(1)));
        assertThat(late.kind()).isEqualTo(Kind.TIMED_OUT);
    }

    @Test
    void a_slow_rehearsal_can_be_interrupted() throws Exception {
        var slow =
                script(
                        new Rehearsal.Reply(
                                null,
                                Map.of(),
                                Json.parse("\"" + "x".repeat(4000) + "\""),
                                List.of(),
                                null,
                                100));
        var begun = new CountDownLatch(1);
        var thrown = new AtomicReference<Throwable>();
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                provider.call(
                                        new Requests().rehearsal(slow).make(),
                                        tokens -> begun.countDown());
                            } catch (InterruptedException e) {
                                thrown.set(e);
                            }
                        });
        begun.await();
        thread.interrupt();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> call(new Requests())).isInstanceOf(InterruptedException.class);
    }
}
