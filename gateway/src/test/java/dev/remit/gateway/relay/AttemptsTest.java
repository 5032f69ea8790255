package dev.remit.gateway.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.Key;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.ModelProvider.Listening;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Money;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.fake.FakeFault;
import dev.remit.gateway.fake.FakeReply;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.GatewayError;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static final Target FIRST = new Target("one", "m", 1, 1, null, Key.Limits.NONE);

    private Relayed relayed;

    @BeforeEach
    void start() throws Exception {
        relayed = new Relayed();
    }

    @AfterEach
    void stop() {
        relayed.close();
    }

    @Test
    void a_prompt_that_was_too_long_for_one_goes_only_to_those_that_take_more() throws Exception {
        relayed.targets.windows.putAll(Map.of("one", 8_000L, "two", 8_000L, "claude", 200_000L));
        relayed.first.replies(
                FakeReply.failing(
                        new FakeFault.Broken(0, "invalid_request_error", "prompt is too long")));
        relayed.second.otherwise(
                asked -> FakeReply.text(asked.path().endsWith("/messages") ? "large" : "small"));

        var result = relayed.ask(Relayed.PLAIN.formatted("windows"));

        assertThat(((Result.Whole) result).answer().text()).isEqualTo("large");
        assertThat(relayed.ledger.attempts())
                .extracting(Attempt::target)
                .extracting(Attempt.Target::provider)
                .containsExactly("one", "claude");
    }

    @Test
    void texts_to_embed_carry_the_clients_trace_as_all_calls_do() throws Exception {
        var asked =
                new Call.Asked(Dialect.OPENAI_CHAT, Codec.InPath.NOTHING, Map.of(), null, TRACE);
        var body = "{\"model\":\"one/m\",\"input\":\"some text\"}".getBytes(UTF_8);
        var call = relayed.relay.openEmbedding(asked, Relayed.caller(Set.of()), body);

        assertThat(relayed.relay.embed(call)).isInstanceOf(Result.Whole.class);

        var sent = relayed.first.requests().getFirst();
        assertThat(sent.path()).endsWith("/embeddings");
        assertThat(sent.header("traceparent")).contains(TRACE);
        assertThat(relayed.lastRow().end()).isEqualTo(End.ANSWERED);
        assertThat(relayed.lastRow().cost().micros()).isPositive();
    }

    @Test
    void a_vendor_without_embeddings_is_not_asked_for_them_and_another_is() throws Exception {
        var asked = new Call.Asked(Dialect.OPENAI_CHAT, Codec.InPath.NOTHING, Map.of(), null, null);
        var body = "{\"model\":\"claude/m\",\"input\":\"some text\"}";
        var call =
                relayed.relay.openEmbedding(asked, Relayed.caller(Set.of()), body.getBytes(UTF_8));
        var failed = (Result.Failed) relayed.relay.embed(call);
        assertThat(failed.error().kind()).isEqualTo(GatewayError.Kind.INVALID);
        assertThat(failed.error().message())
                .contains("claude/m makes no embeddings", "name a model that does");
        assertThat(relayed.second.requests()).isEmpty();

        var fallback = body.replace("claude/m", "claude-then-one").getBytes(UTF_8);
        var second = relayed.relay.openEmbedding(asked, Relayed.caller(Set.of()), fallback);
        assertThat(relayed.relay.embed(second)).isInstanceOf(Result.Whole.class);
        assertThat(relayed.second.requests()).isEmpty();
        assertThat(relayed.first.requests()).hasSize(1);
    }

    @Test
    void texts_that_do_not_fit_into_the_budget_are_not_sent() throws Exception {
        relayed.budget("0.000001");
        var asked = new Call.Asked(Dialect.OPENAI_CHAT, Codec.InPath.NOTHING, Map.of(), null, null);
        var body = "{\"model\":\"one/m\",\"input\":\"some text\"}".getBytes(UTF_8);
        var call = relayed.relay.openEmbedding(asked, Relayed.caller(Set.of()), body);

        assertThat(relayed.relay.embed(call)).isInstanceOf(Result.Failed.class);
        assertThat(relayed.first.requests()).isEmpty();
        assertThat(relayed.lastRow().end()).isEqualTo(End.REFUSED);
    }

    @Test
    void a_request_without_a_cap_is_bounded_by_the_body_that_goes_out() throws Exception {
        var body = Relayed.PLAIN.formatted("first").replace("\"max_tokens\":100,", "");
        var call = relayed.open(Dialect.OPENAI_CHAT, body);
        relayed.relay.bound(call);
        var offer = call.offered(FIRST);

        assertThat(offer).isNotNull();
        assertThat(Json.parse(offer.body()).path("max_tokens").asLong(0))
                .isEqualTo(offer.bound().cap());
        relayed.relay.run(call);
        assertThat(relayed.first.requests().getFirst().body()).isEqualTo(Json.parse(offer.body()));
    }

    @Test
    void what_was_bounded_for_a_session_is_not_written_once_more() throws Exception {
        var asked = new Call.Asked(null, Codec.InPath.NOTHING, Map.of(), null, null);
        var request =
                Codec.of(Dialect.OPENAI_CHAT)
                        .readRequest(
                                Relayed.STREAMED.formatted("first").getBytes(UTF_8),
                                Codec.InPath.NOTHING);
        var call = relayed.relay.open(asked, Relayed.caller(Set.of()), request);
        var bound = relayed.relay.bound(call).orElseThrow();
        call.spendAtMost(bound);
        var written = call.offered(FIRST).body(); // a mark that a second writing would not bear
        written[new String(written, UTF_8).indexOf("you?")] = 'Y';

        var result = relayed.relay.run(call);

        assertThat(result).isInstanceOf(Result.Flowing.class);
        relayed.relay.collect(call, ((Result.Flowing) result).flow(), tokens -> {});
        assertThat(relayed.first.requests().getFirst().body().at("/messages/0/content").asString())
                .isEqualTo("How are You?");
        assertThat(relayed.lastRow().cost()).isBetween(new Money(1), bound);
    }

    @Test
    void a_session_hears_the_text_of_its_answer_while_it_comes_and_nothing_else() throws Exception {
        relayed.first.replies(
                FakeReply.of(
                        new Part.Text("Let me look, 漢字 and 🙂."),
                        new Part.ToolUse("t1", "look", Json.object().put("q", "redis"))));
        var asked = new Call.Asked(null, Codec.InPath.NOTHING, Map.of(), null, null);
        var request =
                Codec.of(Dialect.OPENAI_CHAT)
                        .readRequest(
                                Relayed.STREAMED.formatted("first").getBytes(UTF_8),
                                Codec.InPath.NOTHING);
        var call = relayed.relay.open(asked, Relayed.caller(Set.of()), request);
        var words = new StringBuilder();
        var listening =
                new Listening() {
                    @Override
                    public void said(String more) {
                        words.append(more);
                    }

                    @Override
                    public void accept(long tokens) {}
                };

        var flowing = (Result.Flowing) relayed.relay.run(call);
        relayed.relay.collect(call, flowing.flow(), listening);

        assertThat(words).hasToString("Let me look, 漢字 and 🙂.");
    }

    @Test
    void sound_is_not_sent_where_nobody_knows_what_it_costs() throws Exception {
        var body =
                """
                {"model":"first","max_tokens":9,"messages":[{"role":"user","content":[
                  {"type":"input_audio","input_audio":{"format":"wav","data":"AAAA"}}]}]}\
                """;
        var failed = (Result.Failed) relayed.ask(body);

        assertThat(failed.error().message()).contains("what sound costs").contains("input_audio");
        assertThat(relayed.first.requests()).isEmpty();
    }
}
