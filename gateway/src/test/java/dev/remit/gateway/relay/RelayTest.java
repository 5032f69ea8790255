package dev.remit.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.gateway.fake.FakeFault;
import dev.remit.gateway.fake.FakeReply;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.GatewayError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {
    private Relayed relayed;

    @BeforeEach
    void start() throws Exception {
        relayed = new Relayed();
    }

    @AfterEach
    void stop() {
        relayed.close();
    }

    private static Result.Failed failed(Result result) {
        assertThat(result).isInstanceOf(Result.Failed.class);
        return (Result.Failed) result;
    }

    private static Result.Whole whole(Result result) {
        assertThat(result).isInstanceOf(Result.Whole.class);
        return (Result.Whole) result;
    }

    // ---- passing through

    @Test
    void an_answer_in_the_clients_own_wire_is_passed_on_as_it_came() throws Exception {
        relayed.first.replies(FakeReply.text("fine").billing(new Usage(10, 0, 0, 4, 0)));
        var answer = whole(relayed.ask(Relayed.PLAIN.formatted("fast")));

        var seen = Json.parse(new String(answer.raw(), StandardCharsets.UTF_8));
        assertThat(seen.at("/choices/0/message/content").asString()).isEqualTo("fine");
        assertThat(relayed.first.requests().getFirst().body().path("model").asString())
                .isEqualTo("m");
        assertThat(answer.headers())
                .containsEntry("x-remit-target", "one/m")
                .containsEntry("x-remit-route", "fast");
    }

    @Test
    void every_attempt_has_a_row_that_says_who_what_and_how_much() throws Exception {
        relayed.first.replies(FakeReply.text("fine").billing(new Usage(10, 0, 0, 4, 0)));
        relayed.ask(Relayed.PLAIN.formatted("fast"));

        var row = relayed.lastRow();
        assertThat(row.end()).isEqualTo(End.ANSWERED);
        assertThat(row.who().team()).isEqualTo("growth");
        assertThat(row.target()).isEqualTo(new Attempt.Target("fast", "one", "m", "m"));
        assertThat(row.usage()).isEqualTo(new Usage(10, 0, 0, 4, 0));
        assertThat(row.cost()).isEqualTo(new Money(10 * 10 + 4 * 50));
        assertThat(row.certain()).isTrue();
    }

    @Test
    void a_stream_passes_through_and_its_usage_only_if_it_was_asked_for() throws Exception {
        relayed.first.otherwise(r -> FakeReply.text("fine").billing(new Usage(10, 0, 0, 4, 0)));
        var unasked = relayed.stream(Dialect.OPENAI_CHAT, Relayed.STREAMED.formatted("fast"));
        assertThat(unasked.good()).isTrue();
        assertThat(unasked.text()).contains("fine").endsWith("data: [DONE]\n\n");
        assertThat(unasked.text()).doesNotContain("prompt_tokens");
        assertThat(relayed.lastRow().cost()).isEqualTo(new Money(10 * 10 + 4 * 50));

        var asked =
                Relayed.STREAMED
                        .formatted("fast")
                        .replace(
                                "\"stream\":true",
                                "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        assertThat(relayed.stream(Dialect.OPENAI_CHAT, asked).text()).contains("prompt_tokens");
    }

    @Test
    void a_client_of_one_vendor_is_answered_by_another() throws Exception {
        relayed.second.otherwise(r -> FakeReply.text("fine").billing(new Usage(10, 3, 0, 4, 0)));
        var answer = whole(relayed.ask(Relayed.PLAIN.formatted("claude")));
        assertThat(answer.raw()).isNull();
        assertThat(answer.answer().text()).isEqualTo("fine");
        assertThat(relayed.second.requests().getFirst().path()).isEqualTo("/v1/messages");

        var stream = relayed.stream(Dialect.OPENAI_CHAT, Relayed.STREAMED.formatted("claude"));
        assertThat(stream.good()).isTrue();
        assertThat(stream.text()).contains("chat.completion.chunk").endsWith("data: [DONE]\n\n");
        assertThat(relayed.lastRow().usage()).isEqualTo(new Usage(10, 3, 0, 4, 0));
    }

    // ---- falling back

    @Test
    void what_fails_before_its_first_word_is_tried_elsewhere_unseen() throws Exception {
        var faults =
                List.of(
                        new FakeFault.Status(500, Map.of()),
                        new FakeFault.Status(429, Map.of("retry-after", "1")),
                        new FakeFault.Status(401, Map.of()),
                        new FakeFault.Garbage(),
                        new FakeFault.Empty(),
                        new FakeFault.Cut(1),
                        new FakeFault.Unfinished(1),
                        new FakeFault.Broken(1, "server_error", "on order"));
        for (var fault : faults) {
            for (var body : List.of(Relayed.PLAIN, Relayed.STREAMED)) {
                if (body.equals(Relayed.PLAIN) && fault instanceof FakeFault.Unfinished) {
                    continue; // only a stream can be so
                }
                relayed.first.replies(FakeReply.failing(fault));
                relayed.second.replies(FakeReply.text("from the second"));
                if (body.equals(Relayed.PLAIN)) {
                    var answer = whole(relayed.ask(body.formatted("fast")));
                    assertThat(answer.answer().text()).isEqualTo("from the second");
                } else {
                    var stream = relayed.stream(Dialect.OPENAI_CHAT, body.formatted("fast"));
                    assertThat(stream.text()).as("%s", fault).contains("from");
                    assertThat(stream.text()).doesNotContain("this is never said");
                    assertThat(stream.good()).isTrue();
                }
                var rows = relayed.ledger.attempts();
                var failed = rows.get(rows.size() - 2);
                assertThat(failed.end()).as("%s", fault).isEqualTo(End.FAILED);
                assertThat(failed.why()).isNotBlank();
                assertThat(rows.getLast().end()).isEqualTo(End.ANSWERED);
                assertThat(rows.getLast().number()).isEqualTo(2);
                assertThat(rows.getLast().call()).isEqualTo(failed.call());
            }
        }
    }

    @Test
    void a_stream_that_breaks_after_its_first_word_ends_with_an_error_and_not_well()
            throws Exception {
        for (var fault :
                List.of(
                        new FakeFault.Cut(4),
                        new FakeFault.Unfinished(4),
                        new FakeFault.Broken(4, "server_error", "on order"))) {
            relayed.first.replies(FakeReply.text("one two three four five six").with(fault));
            var stream = relayed.stream(Dialect.OPENAI_CHAT, Relayed.STREAMED.formatted("fast"));
            assertThat(stream.good()).as("%s", fault).isFalse();
            assertThat(stream.text()).contains("\"error\"").doesNotContain("[DONE]");
            var row = relayed.lastRow();
            assertThat(row.end()).isEqualTo(End.FAILED);
            assertThat(row.certain()).isFalse();
            assertThat(row.cost().micros()).isPositive();
        }
        assertThat(relayed.second.requests()).isEmpty();
    }

    @Test
    void a_stream_that_stalls_is_given_up_even_if_it_pings() throws Exception {
        relayed.close();
        relayed = new Relayed(Duration.ofMillis(300), null);
        relayed.first.replies(
                FakeReply.text("one two three four").with(new FakeFault.Stall(4, true)));
        var stream = relayed.stream(Dialect.OPENAI_CHAT, Relayed.STREAMED.formatted("fast"));
        assertThat(stream.good()).isFalse();
        assertThat(relayed.lastRow().end()).isEqualTo(End.FAILED);
    }

    @Test
    void a_request_that_its_vendor_calls_wrong_is_not_tried_elsewhere() throws Exception {
        relayed.first.refuses("logprobs");
        var body =
                Relayed.PLAIN
                        .formatted("fast")
                        .replace("{\"model\"", "{\"logprobs\":true,\"model\"");
        var failed = failed(relayed.ask(body));
        assertThat(failed.original()).isNotNull();
        assertThat(failed.original().status()).isEqualTo(400);
        assertThat(relayed.second.requests()).isEmpty();
    }

    @Test
    void no_key_of_ours_reaches_a_client_by_way_of_an_error() throws Exception {
        relayed.first.key("another");
        relayed.second.key("another");
        var failed = failed(relayed.ask(Relayed.PLAIN.formatted("fast")));
        assertThat(failed.error().message()).doesNotContain("sk-secret");
        assertThat(failed.original()).isNull();
        assertThat(failed.error().kind()).isEqualTo(GatewayError.Kind.UPSTREAM);
    }

    // ---- money

    @Test
    void nothing_is_sent_that_does_not_fit_into_the_budget() throws Exception {
        relayed.budget("0.001");
        var failed = failed(relayed.ask(Relayed.PLAIN.formatted("fast")));
        assertThat(failed.error().kind()).isEqualTo(GatewayError.Kind.BUDGET);
        assertThat(failed.error().retry()).isFalse();
        assertThat(failed.error().details()).containsEntry("limit", "0.001");
        assertThat(relayed.first.requests()).isEmpty();
        assertThat(relayed.lastRow().end()).isEqualTo(End.REFUSED);
    }

    @Test
    void a_client_without_a_cap_gets_the_one_that_the_budget_allows() throws Exception {
        relayed.budget("0.1");
        var body = Relayed.PLAIN.formatted("first").replace("\"max_tokens\":100,", "");
        var answer = whole(relayed.ask(body));
        var cap = Integer.parseInt(answer.headers().get("x-remit-output-cap"));
        assertThat(cap).isBetween(256, 2000);
        var sent = relayed.first.requests().getFirst().body();
        assertThat(sent.path("max_completion_tokens").asInt(sent.path("max_tokens").asInt(0)))
                .isEqualTo(cap);
    }

    @Test
    void a_model_without_a_price_is_refused_rather_than_free() throws Exception {
        var failed = failed(relayed.ask(Relayed.PLAIN.formatted("free")));
        assertThat(failed.error().message()).contains("no price is known for one/unpriced");
        assertThat(relayed.first.requests()).isEmpty();
    }

    @Test
    void a_provider_that_bills_beyond_the_bound_is_settled_in_full() throws Exception {
        relayed.budget("1");
        relayed.first.replies(FakeReply.text("fine").billing(new Usage(10, 0, 0, 30_000, 0)));
        whole(relayed.ask(Relayed.PLAIN.formatted("first")));
        assertThat(relayed.lastRow().cost()).isEqualTo(new Money(10 * 10 + 30_000 * 50));

        var failed = failed(relayed.ask(Relayed.PLAIN.formatted("first")));
        assertThat(failed.error().kind()).isEqualTo(GatewayError.Kind.BUDGET);
    }

    @Test
    void a_client_that_hangs_up_cuts_the_provider_and_pays_for_what_came() throws Exception {
        relayed.first.replies(
                FakeReply.text("one two three four five six seven eight")
                        .slow(Duration.ZERO, Duration.ofMillis(50)));
        var call = relayed.open(Dialect.OPENAI_CHAT, Relayed.STREAMED.formatted("first"));
        var flowing = (Result.Flowing) relayed.relay.run(call);
        var pump = relayed.relay.pump(call, flowing.flow());
        call.cancel(Call.Cancelled.BY_CLIENT);
        assertThat(pump.run((bytes, from, length) -> {})).isFalse();

        assertThat(relayed.first.awaitHangUp(Duration.ofSeconds(10))).isTrue();
        var row = relayed.lastRow();
        assertThat(row.end()).isEqualTo(End.CANCELLED);
        assertThat(row.cost().micros()).isPositive();
        assertThat(row.certain()).isFalse();
    }

    @Test
    void a_key_that_is_revoked_in_mid_stream_ends_it_with_a_word() throws Exception {
        relayed.first.replies(
                FakeReply.text("one two three four five six seven eight")
                        .slow(Duration.ZERO, Duration.ofMillis(50)));
        var call = relayed.open(Dialect.OPENAI_CHAT, Relayed.STREAMED.formatted("first"));
        var flowing = (Result.Flowing) relayed.relay.run(call);
        var seen = new StringBuilder();
        call.cancel(Call.Cancelled.KEY_REVOKED);
        relayed.relay
                .pump(call, flowing.flow())
                .run((bytes, from, length) ->
                        seen.append(new String(bytes, from, length, StandardCharsets.UTF_8)));
        assertThat(seen).contains("the key was revoked").doesNotContain("[DONE]");
        assertThat(relayed.targets.ends).last().isEqualTo("over");
    }

    @Test
    void a_name_that_fits_into_no_header_is_no_model() throws Exception {
        for (var name : List.of("one/m\\r\\nx-evil: 1", "one/\\u00e9", "one/" + "m".repeat(300))) {
            var failed = failed(relayed.ask(Relayed.PLAIN.formatted(name)));
            assertThat(failed.error().kind()).isEqualTo(GatewayError.Kind.NOT_FOUND);
        }
        assertThat(relayed.first.requests()).isEmpty();
    }

    @Test
    void a_key_uses_no_route_but_its_own() throws Exception {
        var call =
                relayed.open(Dialect.OPENAI_CHAT, Relayed.PLAIN.formatted("fast"), Set.of("first"));
        assertThat(failed(relayed.relay.run(call)).error().kind())
                .isEqualTo(GatewayError.Kind.FORBIDDEN);
        var direct =
                relayed.open(
                        Dialect.OPENAI_CHAT, Relayed.PLAIN.formatted("one/m"), Set.of("first"));
        assertThat(failed(relayed.relay.run(direct)).error().kind())
                .isEqualTo(GatewayError.Kind.FORBIDDEN);
        assertThat(relayed.first.requests()).isEmpty();
    }
}
