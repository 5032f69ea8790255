package dev.remit.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.gateway.fake.FakeFault;
import dev.remit.gateway.fake.FakeReply;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.GatewayError;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Bedrock and Azure as a client of the gateway meets them.
class CloudsTest {
    private static final Money COST = new Money(10 * 10 + 4 * 50);

    private Relayed relayed;

    @BeforeEach
    void start() throws Exception {
        relayed = new Relayed();
        relayed.first.otherwise(asked -> FakeReply.text("fine").billing(new Usage(10, 0, 0, 4, 0)));
    }

    @AfterEach
    void stop() {
        relayed.close();
    }

    private void answered(String provider) {
        var row = relayed.lastRow();
        assertThat(row.end()).isEqualTo(End.ANSWERED);
        assertThat(row.target().provider()).isEqualTo(provider);
        assertThat(row.cost()).isEqualTo(COST);
        assertThat(row.certain()).isTrue();
    }

    @Test
    void bedrock_is_asked_in_its_own_words_with_a_signature_and_answers_in_the_clients()
            throws Exception {
        var answer = (Result.Whole) relayed.ask(Relayed.PLAIN.formatted("bedrock/m"));

        assertThat(answer.answer().text()).isEqualTo("fine");
        var sent = relayed.first.requests().getFirst();
        assertThat(sent.path()).isEqualTo("/model/m/converse");
        assertThat(sent.header("authorization").orElseThrow())
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/");
        assertThat(sent.body().at("/inferenceConfig/maxTokens").asInt(0)).isEqualTo(100);
        answered("bedrock");
    }

    @Test
    void a_stream_of_bedrocks_binary_events_becomes_one_of_the_clients() throws Exception {
        for (var dialect : new Dialect[] {Dialect.OPENAI_CHAT, Dialect.ANTHROPIC}) {
            var stream = relayed.stream(dialect, Relayed.STREAMED.formatted("bedrock/m"));
            assertThat(stream.good()).as("%s", dialect).isTrue();
            assertThat(stream.text()).contains("fine").contains("data: ");
            assertThat(relayed.first.requests().getLast().path())
                    .isEqualTo("/model/m/converse-stream");
            answered("bedrock");
        }
    }

    @Test
    void a_stream_of_bedrock_that_breaks_off_ends_with_an_error() throws Exception {
        relayed.first.replies(
                FakeReply.text("one two three four five six").with(new FakeFault.Cut(4)));
        var stream = relayed.stream(Dialect.OPENAI_CHAT, Relayed.STREAMED.formatted("bedrock/m"));
        assertThat(stream.good()).isFalse();
        assertThat(stream.text()).contains("\"error\"").doesNotContain("[DONE]");
        assertThat(relayed.lastRow().end()).isEqualTo(End.FAILED);
    }

    @Test
    void azure_is_asked_at_its_deployment_and_its_answer_passes_through() throws Exception {
        var answer = (Result.Whole) relayed.ask(Relayed.PLAIN.formatted("azure/m"));

        assertThat(answer.raw()).isNotNull();
        var sent = relayed.first.requests().getFirst();
        assertThat(sent.path()).isEqualTo("/openai/deployments/prod-m/chat/completions");
        assertThat(sent.query()).containsEntry("api-version", "2024-10-21");
        assertThat(sent.header("api-key")).contains("sk-secret-of-azure");
        answered("azure");

        var stream = relayed.stream(Dialect.OPENAI_CHAT, Relayed.STREAMED.formatted("azure/m"));
        assertThat(stream.good()).isTrue();
        assertThat(stream.text()).contains("fine").endsWith("data: [DONE]\n\n");
        answered("azure");
    }

    @Test
    void what_they_refuse_is_told_in_the_clients_words_and_costs_nothing() throws Exception {
        for (var provider : new String[] {"bedrock", "azure"}) {
            relayed.first.replies(
                    FakeReply.failing(new FakeFault.Status(429, Map.of("retry-after", "7"))));
            var failed = (Result.Failed) relayed.ask(Relayed.PLAIN.formatted(provider + "/m"));
            assertThat(failed.error().kind()).isEqualTo(GatewayError.Kind.RATE_LIMITED);
            assertThat(failed.error().retryAfter()).hasSeconds(7);
            assertThat(relayed.lastRow().cost()).isEqualTo(Money.ZERO);
        }
    }
}
