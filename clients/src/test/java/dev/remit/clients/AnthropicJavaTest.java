package dev.remit.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.RequestOptions;
import com.anthropic.errors.AnthropicIoException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `com.anthropic:anthropic-java`, unmodified.
@Tag("slow")
@Timeout(60)
class AnthropicJavaTest {
    static List<Setup> setups() throws Exception {
        return Setups.all();
    }

    private static AnthropicClient client(Setup setup, String key, int retries) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(setup.urls().anthropic())
                .apiKey(key)
                .maxRetries(retries)
                .build();
    }

    private static AnthropicClient client(Setup setup) {
        return client(setup, setup.key(), 0);
    }

    private static MessageCreateParams.Builder ask(Setup setup) {
        return MessageCreateParams.builder()
                .model(setup.models().anthropic())
                .maxTokens(1000)
                .addUserMessage("Hello?");
    }

    private static Tool tool(String name) {
        return Tool.builder()
                .name(name)
                .inputSchema(
                        Tool.InputSchema.builder()
                                .properties(properties(Map.of("city", Map.of("type", "string"))))
                                .required(List.of("city"))
                                .build())
                .build();
    }

    private static Tool.InputSchema.Properties properties(Map<String, ?> properties) {
        var made = Tool.InputSchema.Properties.builder();
        properties.forEach(
                (name, schema) -> made.putAdditionalProperty(name, JsonValue.from(schema)));
        return made.build();
    }

    private static String text(ContentBlock block) {
        return block.text().orElseThrow().text();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void a_plain_question_is_answered(Setup setup) {
        setup.follow("answer: {text: 'Hello, 漢字 and 🙂.'}");
        var message = client(setup).messages().create(ask(setup).system("Be brief.").build());
        assertThat(text(message.content().getFirst())).isEqualTo("Hello, 漢字 and 🙂.");
        assertThat(message.stopReason()).contains(StopReason.END_TURN);
        assertThat(message.usage().outputTokens()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void a_stream_is_put_together(Setup setup) {
        setup.follow("answer: {tokens: 30}");
        var whole = MessageAccumulator.create();
        try (var stream = client(setup).messages().createStreaming(ask(setup).build())) {
            stream.stream().forEach(whole::accumulate);
        }
        assertThat(text(whole.message().content().getFirst())).hasSize(120);
        assertThat(whole.message().usage().outputTokens()).isGreaterThanOrEqualTo(30);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void tools_are_called_in_parallel_and_their_results_taken(Setup setup) {
        setup.follow("answer: {calls: all, text: Both done.}");
        var messages = client(setup).messages();
        var asked = ask(setup).addTool(tool("weather")).addTool(tool("clock"));
        var said = messages.create(asked.build());
        assertThat(said.stopReason()).contains(StopReason.TOOL_USE);
        var calls = said.content().stream().flatMap(block -> block.toolUse().stream()).toList();
        assertThat(calls).extracting(call -> call.name()).containsExactly("weather", "clock");
        var results =
                calls.stream()
                        .map(call ->
                                ContentBlockParam.ofToolResult(
                                        ToolResultBlockParam.builder()
                                                .toolUseId(call.id())
                                                .content("done")
                                                .build()))
                        .toList();
        asked.addMessage(said).addUserMessageOfContentBlockParams(results);
        var answer = messages.create(asked.build());
        assertThat(text(answer.content().getFirst())).isEqualTo("Both done.");
    }

    @ParameterizedTest
    @MethodSource("setups")
    void a_structured_answer_fits_its_class(Setup setup) {
        setup.follow("");
        var message =
                client(setup).messages().create(ask(setup).outputConfig(Verdict.class).build());
        var verdict = message.content().getFirst().text().orElseThrow().text();
        assertThat(verdict.title).isNotNull();
        assertThat(verdict.tags).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void errors_have_their_class(Setup setup) {
        setup.follow("");
        var wrong = client(setup, "sk-wrong", 0).messages();
        assertThatThrownBy(() -> wrong.create(ask(setup).build()))
                .isInstanceOf(UnauthorizedException.class);
        var right = client(setup).messages();
        assertThatThrownBy(() -> right.create(ask(setup).model("no-such-model").build()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> right.create(ask(setup).messages(List.of()).build()))
                .isInstanceOf(BadRequestException.class);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void a_rate_limit_is_waited_for_unless_that_is_of_no_use(Setup setup) {
        setup.follow("faults: [{kind: status, status: 429, on: [1], retry_after: 300ms}]");
        var patient = client(setup, setup.key(), 2).messages();
        assertThat(text(patient.create(ask(setup).build()).content().getFirst()))
                .isEqualTo("hello");
        setup.follow("faults: [{kind: status, status: 429, should_retry: false}]");
        long before = setup.fake().asked();
        assertThatThrownBy(() -> patient.create(ask(setup).build()))
                .isInstanceOf(RateLimitException.class);
        if (setup.direct()) {
            assertThat(setup.fake().asked()).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void a_time_out_is_told(Setup setup) {
        setup.follow("latency: 3s");
        var hasty = RequestOptions.builder().timeout(Duration.ofMillis(300)).build();
        assertThatThrownBy(() -> client(setup).messages().create(ask(setup).build(), hasty))
                .isInstanceOf(AnthropicIoException.class);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void hanging_up_in_mid_stream_is_noticed(Setup setup) throws Exception {
        setup.follow("answer: {tokens: 900}\ntokens_per_second: 50");
        try (var stream = client(setup).messages().createStreaming(ask(setup).build())) {
            assertThat(stream.stream().limit(4)).hasSize(4);
        }
        assertThat(setup.fake().awaitHangUp(Duration.ofSeconds(10))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void models_are_listed_and_tokens_counted(Setup setup) {
        setup.follow("");
        var client = client(setup);
        assertThat(client.models().list().items())
                .anyMatch(model -> model.id().equals(setup.models().anthropic()));
        var counted =
                client.messages()
                        .countTokens(
                                MessageCountTokensParams.builder()
                                        .model(setup.models().anthropic())
                                        .addUserMessage("Hello?")
                                        .build());
        assertThat(counted.inputTokens()).isPositive();
    }
}
