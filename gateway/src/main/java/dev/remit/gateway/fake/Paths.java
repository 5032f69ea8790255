package dev.remit.gateway.fake;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which endpoint a path means. All vendors are served on one port: their paths are different, but
/// for the list of models, where Anthropic's clients are known by their header.
final class Paths {
    private static final Wire CHAT = new ChatWire();
    private static final Wire RESPONSES = new ResponsesWire();
    private static final Wire EMBEDDINGS = new EmbeddingsWire();
    private static final Wire MESSAGES = new MessagesWire();
    private static final Wire COUNT_TOKENS = new CountTokensWire();
    private static final Wire GENERATE = new GenerateWire();
    private static final Wire GEMINI_COUNT = new GeminiCountWire();
    private static final Wire EMBED = new GeminiEmbedWire(false);
    private static final Wire BATCH_EMBED = new GeminiEmbedWire(true);
    private static final Wire CONVERSE = new ConverseWire();

    private static final Pattern DEPLOYMENT =
            Pattern.compile("/openai/deployments/([^/]+)/(chat/completions|embeddings)");
    private static final Pattern GEMINI =
            Pattern.compile("/v1(?:beta|alpha)?/(?:.*/)?(?:models|tunedModels)/([^/:]+):(\\w+)");
    private static final Pattern CONVERSATION =
            Pattern.compile("/model/([^/]+)/(converse|converse-stream)");
    private static final Pattern MODELS =
            Pattern.compile("/(?:openai/)?(v1|v1beta|v1alpha)/models(?:/(.+))?");

    private Paths() {}

    /// What a request means.
    ///
    /// @param list a list of models is asked for, or the one that the request names
    record Meaning(Wire wire, FakeRequest request, boolean list) {}

    /// @return absent if no vendor has such a path
    static @Nullable Meaning of(FakeRequest request) {
        var path = request.path();
        if (request.method().equals("GET")) {
            return models(request);
        }
        if (!request.method().equals("POST")) {
            return null;
        }
        var plain = path.startsWith("/openai/v1/") ? path.substring("/openai".length()) : path;
        return switch (plain) {
            case "/v1/chat/completions" -> inBody(CHAT, request);
            case "/v1/responses" -> inBody(RESPONSES, request);
            case "/v1/embeddings", "/v1beta/openai/embeddings" -> inBody(EMBEDDINGS, request);
            case "/v1/messages" -> inBody(MESSAGES, request);
            case "/v1/messages/count_tokens" -> inBody(COUNT_TOKENS, request);
            default -> inPath(request);
        };
    }

    private static Meaning inBody(Wire wire, FakeRequest request) {
        var body = request.body();
        return new Meaning(
                wire,
                request.asking(JsonNodes.text(body, "model"), body.path("stream").asBoolean(false)),
                false);
    }

    private static @Nullable Meaning inPath(FakeRequest request) {
        var deployment = DEPLOYMENT.matcher(request.path());
        if (deployment.matches()) {
            if (!request.query().containsKey("api-version")) {
                return null; // Azure answers 404 without it
            }
            var wire = deployment.group(2).equals("embeddings") ? EMBEDDINGS : CHAT;
            boolean streams = request.body().path("stream").asBoolean(false);
            return new Meaning(wire, request.asking(decoded(deployment.group(1)), streams), false);
        }
        var conversation = CONVERSATION.matcher(request.path());
        if (conversation.matches()) {
            boolean streams = conversation.group(2).equals("converse-stream");
            return new Meaning(
                    CONVERSE, request.asking(decoded(conversation.group(1)), streams), false);
        }
        var gemini = GEMINI.matcher(request.path());
        return gemini.matches() ? gemini(request, decoded(gemini.group(1)), gemini.group(2)) : null;
    }

    private static @Nullable Meaning gemini(FakeRequest request, String model, String verb) {
        var wire =
                switch (verb) {
                    case "generateContent", "streamGenerateContent" -> GENERATE;
                    case "countTokens" -> GEMINI_COUNT;
                    case "embedContent" -> EMBED;
                    case "batchEmbedContents" -> BATCH_EMBED;
                    default -> null;
                };
        boolean streams = verb.equals("streamGenerateContent");
        return wire == null ? null : new Meaning(wire, request.asking(model, streams), false);
    }

    private static @Nullable Meaning models(FakeRequest request) {
        var models = MODELS.matcher(request.path());
        if (!models.matches()) {
            return null;
        }
        var wire =
                !models.group(1).equals("v1")
                        ? GENERATE
                        : request.header("anthropic-version").isPresent() ? MESSAGES : CHAT;
        var one = models.group(2);
        return new Meaning(wire, request.asking(one == null ? "" : decoded(one), false), true);
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
