package dev.remit.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `com.openai:openai-java`, unmodified.
@Tag("slow")
@Timeout(60)
class OpenAiJavaTest {
    static List<Setup> setups() throws Exception {
        return Setups.all();
    }

    private static OpenAIClient client(Setup setup, String key, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(setup.urls().openai())
                .apiKey(key)
                .maxRetries(retries)
                .build();
    }

    private static OpenAIClient client(Setup setup) {
        return client(setup, setup.key(), 0);
    }

    private static ChatCompletionCreateParams.Builder ask(Setup setup) {
        return ChatCompletionCreateParams.builder()
                .model(setup.models().openai())
                .addUserMessage("Hello?");
    }

    private static ChatCompletionFunctionTool tool(String name) {
        var city = Map.of("city", Map.of("type", "string"));
        return ChatCompletionFunctionTool.builder()
                .function(
                        FunctionDefinition.builder()
                                .name(name)
                                .parameters(
                                        FunctionParameters.builder()
                                                .putAdditionalProperty(
                                                        "type", JsonValue.from("object"))
                                                .putAdditionalProperty(
                                                        "properties", JsonValue.from(city))
                                                .putAdditionalProperty(
                                                        "required", JsonValue.from(List.of("city")))
                                                .build())
                                .build())
                .build();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void a_plain_question_is_answered(Setup setup) {
        setup.follow("answer: {text: 'Hello, 漢字 and 🙂.'}");
        var answer = client(setup).chat().completions().create(ask(setup).build());
        assertThat(answer.choices().getFirst().message().content()).contains("Hello, 漢字 and 🙂.");
        assertThat(answer.usage().orElseThrow().completionTokens()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void a_stream_is_put_together(Setup setup) {
        setup.follow("answer: {tokens: 30}");
        var told = ChatCompletionStreamOptions.builder().includeUsage(true).build();
        var whole = ChatCompletionAccumulator.create();
        try (var stream =
                client(setup)
                        .chat()
                        .completions()
                        .createStreaming(ask(setup).streamOptions(told).build())) {
            stream.stream().forEach(whole::accumulate);
        }
        var answer = whole.chatCompletion();
        assertThat(answer.choices().getFirst().message().content().orElseThrow()).hasSize(120);
        assertThat(answer.usage().orElseThrow().completionTokens()).isGreaterThanOrEqualTo(30);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void tools_are_called_in_parallel_and_their_results_taken(Setup setup) {
        setup.follow("answer: {calls: all, text: Both done.}");
        var completions = client(setup).chat().completions();
        var asked = ask(setup).addTool(tool("weather")).addTool(tool("clock"));
        var said = completions.create(asked.build()).choices().getFirst().message();
        var calls = said.toolCalls().orElseThrow();
        assertThat(calls)
                .extracting(call -> call.asFunction().function().name())
                .containsExactly("weather", "clock");
        asked.addMessage(said);
        for (var call : calls) {
            asked.addMessage(
                    ChatCompletionToolMessageParam.builder()
                            .toolCallId(call.asFunction().id())
                            .content("done")
                            .build());
        }
        var answer = completions.create(asked.build()).choices().getFirst().message();
        assertThat(answer.content()).contains("Both done.");
    }

    @ParameterizedTest
    @MethodSource("setups")
    void a_structured_answer_fits_its_class(Setup setup) {
        setup.follow("");
        var answer =
                client(setup)
                        .chat()
                        .completions()
                        .create(ask(setup).responseFormat(Verdict.class).build());
        var verdict = answer.choices().getFirst().message().content().orElseThrow();
        assertThat(verdict.title).isNotNull();
        assertThat(verdict.tags).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void errors_have_their_class(Setup setup) {
        setup.follow("");
        var wrong = client(setup, "sk-wrong", 0).chat().completions();
        assertThatThrownBy(() -> wrong.create(ask(setup).build()))
                .isInstanceOf(UnauthorizedException.class);
        var right = client(setup).chat().completions();
        assertThatThrownBy(() -> right.create(ask(setup).model("no-such-model").build()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> right.create(ask(setup).messages(List.of()).build()))
                .isInstanceOf(BadRequestException.class);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void a_rate_limit_is_waited_for_unless_that_is_of_no_use(Setup setup) {
        setup.follow("faults: [{kind: status, status: 429, on: [1], retry_after: 300ms}]");
        var patient = client(setup, setup.key(), 2).chat().completions();
        assertThat(patient.create(ask(setup).build()).choices().getFirst().message().content())
                .contains("hello");
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
        assertThatThrownBy(
                        () -> client(setup).chat().completions().create(ask(setup).build(), hasty))
                .isInstanceOf(OpenAIIoException.class);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void hanging_up_in_mid_stream_is_noticed(Setup setup) throws Exception {
        setup.follow("answer: {tokens: 900}\ntokens_per_second: 50");
        try (var stream = client(setup).chat().completions().createStreaming(ask(setup).build())) {
            assertThat(stream.stream().limit(3)).hasSize(3);
        }
        assertThat(setup.fake().awaitHangUp(Duration.ofSeconds(10))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void models_embeddings_and_responses_are_there(Setup setup) {
        setup.follow("answer: {text: Hello there.}");
        var client = client(setup);
        assertThat(client.models().list().items())
                .anyMatch(model -> model.id().equals(setup.models().openai()));
        var response =
                client.responses()
                        .create(
                                ResponseCreateParams.builder()
                                        .model(setup.models().openai())
                                        .input("Hello?")
                                        .build());
        var text =
                response.output().getFirst().asMessage().content().getFirst().asOutputText().text();
        assertThat(text).isEqualTo("Hello there.");
        var texts =
                EmbeddingCreateParams.builder()
                        .model(setup.models().embedding())
                        .inputOfArrayOfStrings(List.of("one", "two"))
                        .dimensions(8)
                        .build();
        if (setup.behind().equals("anthropic")) {
            assertThatThrownBy(() -> client.embeddings().create(texts))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("makes no embeddings");
            return;
        }
        var vectors = client.embeddings().create(texts);
        assertThat(vectors.data()).hasSize(2);
        assertThat(vectors.data().getFirst().embedding()).hasSize(8);
    }
}
