package dev.remit.server.gateway;

import dev.remit.core.identity.Permission;
import dev.remit.core.settings.Settings;
import dev.remit.gateway.relay.Relay;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Handler;
import dev.remit.http.server.Problem;
import dev.remit.http.server.Reply;
import dev.remit.http.server.Routes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The vendors' own paths, so that an unmodified SDK works with a changed base URL: `/openai/v1`,
/// `/anthropic` and `/gemini`.
public final class GatewayApi {
    public static final String OPENAI = "/openai/v1";
    public static final String ANTHROPIC = "/anthropic/v1";
    public static final String GEMINI = "/gemini/v1beta";

    /// Newer versions of `@google/genai` ask for this one.
    static final String GEMINI_STABLE = "/gemini/v1";

    /// Prompts carry pictures and documents.
    private static final long LARGEST_BODY = 32 << 20;

    private final Relay relay;
    private final ModelsEndpoint models;
    private final Supplier<String> metrics;

    /// @param metrics in Prometheus's text format
    public GatewayApi(Relay relay, Supplier<Settings> settings, Supplier<String> metrics) {
        this.relay = relay;
        this.metrics = metrics;
        this.models = new ModelsEndpoint(settings);
    }

    public Routes routes() {
        var routes =
                new Routes()
                        .errors("/openai", new Errors(Dialect.OPENAI_CHAT)::of)
                        .errors("/anthropic", new Errors(Dialect.ANTHROPIC)::of)
                        .errors("/gemini", new Errors(Dialect.GEMINI)::of)
                        .bodyLimit("/openai", LARGEST_BODY)
                        .bodyLimit("/anthropic", LARGEST_BODY)
                        .bodyLimit("/gemini", LARGEST_BODY)
                        .get("/metrics", this::metrics)
                        .post(OPENAI + "/chat/completions", chat(Dialect.OPENAI_CHAT))
                        .post(OPENAI + "/responses", chat(Dialect.OPENAI_RESPONSES))
                        .post(
                                OPENAI + "/embeddings",
                                new ChatEndpoint(relay, Dialect.OPENAI_CHAT)::embed)
                        .get(OPENAI + "/models", models::openAi)
                        .get(OPENAI + "/models/{model}", models::openAiOne)
                        .post(ANTHROPIC + "/messages", chat(Dialect.ANTHROPIC))
                        .post(ANTHROPIC + "/messages/count_tokens", anthropicCount())
                        .get(ANTHROPIC + "/models", models::anthropic);
        for (var version : List.of(GEMINI, GEMINI_STABLE)) {
            routes.get(version + "/models", models::gemini)
                    .post(version + "/models/{model}:generateContent", gemini(false))
                    .post(version + "/models/{model}:streamGenerateContent", gemini(true))
                    .post(version + "/models/{model}:countTokens", geminiCount())
                    .post(version + "/models/{model}:embedContent", geminiEmbed(false))
                    .post(version + "/models/{model}:batchEmbedContents", geminiEmbed(true));
        }
        return routes;
    }

    private Reply metrics(Exchange exchange) {
        if (!Callers.of(exchange).key().may(Permission.MONEY_READ)) {
            throw new Problem(
                    403, "this key may not see figures: it lacks " + Permission.MONEY_READ);
        }
        return new Reply.Bytes(
                200,
                Map.of(),
                "text/plain; version=0.0.4; charset=utf-8",
                metrics.get().getBytes(StandardCharsets.UTF_8));
    }

    private Handler chat(Dialect dialect) {
        var endpoint = new ChatEndpoint(relay, dialect);
        return exchange -> endpoint.answer(exchange, Codec.InPath.NOTHING);
    }

    private Handler anthropicCount() {
        var endpoint = new ChatEndpoint(relay, Dialect.ANTHROPIC);
        return exchange -> endpoint.count(exchange, Codec.InPath.NOTHING);
    }

    private Handler geminiCount() {
        var endpoint = new ChatEndpoint(relay, Dialect.GEMINI);
        return exchange ->
                endpoint.count(exchange, new Codec.InPath(exchange.parameter("model"), false));
    }

    private Handler geminiEmbed(boolean batch) {
        var endpoint = new ChatEndpoint(relay, Dialect.GEMINI);
        return exchange -> endpoint.embed(exchange, exchange.parameter("model"), batch);
    }

    private Handler gemini(boolean stream) {
        var endpoint = new ChatEndpoint(relay, Dialect.GEMINI);
        return exchange -> {
            var sse = exchange.query("alt").filter("sse"::equals).isPresent();
            return endpoint.answer(
                    exchange, new Codec.InPath(exchange.parameter("model"), stream, sse));
        };
    }
}
