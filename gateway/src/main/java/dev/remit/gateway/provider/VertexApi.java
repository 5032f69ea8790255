package dev.remit.gateway.provider;

import dev.remit.core.settings.Settings;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.client.Header;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;

/// Google's Vertex AI: Gemini and Claude in their own words, open models in OpenAI's. Untried
/// against the real service.
final class VertexApi extends Account {
    private static final String VERSION = "\"vertex-2023-10-16\"";
    private final GoogleToken token;

    VertexApi(Context context, Settings.Provider settings) {
        super(context, settings, address(settings.options().getOrDefault("region", "global")));
        token = new GoogleToken(context.upstream(), context.clock());
    }

    private static String address(String region) {
        return region.equals("global")
                ? "https://aiplatform.googleapis.com"
                : "https://" + region + "-aiplatform.googleapis.com";
    }

    @Override
    public Dialect dialect(String model, Dialect client) {
        if (isClaude(model)) {
            return Dialect.ANTHROPIC;
        }
        return model.contains("/") ? Dialect.OPENAI_CHAT : Dialect.GEMINI;
    }

    private static boolean isClaude(String model) {
        return model.startsWith("claude");
    }

    @Override
    public boolean embeds() {
        return false;
    }

    @Override
    List<String> sellers(String model) {
        return isClaude(model)
                ? List.of("google-vertex-anthropic", "google-vertex")
                : List.of("google-vertex");
    }

    @Override
    String path(Outgoing call) throws Unusable {
        var model = inPath(call.model());
        var place =
                "/"
                        + option("api_version", "v1")
                        + "/projects/"
                        + needed("project")
                        + "/locations/"
                        + option("region", "global");
        return switch (call.dialect()) {
            case ANTHROPIC -> place + "/publishers/anthropic/models/" + claude(model, call);
            case GEMINI -> place + "/publishers/google/models/" + gemini(model, call);
            case OPENAI_CHAT -> {
                if (call.operation() != Operation.CHAT) {
                    throw cannot(call.operation());
                }
                yield place + "/endpoints/openapi/chat/completions";
            }
            case OPENAI_RESPONSES, BEDROCK -> throw cannot(call.operation());
        };
    }

    private String claude(String model, Outgoing call) throws Unusable {
        return switch (call.operation()) {
            case CHAT -> model + (call.stream() ? ":streamRawPredict" : ":rawPredict");
            case COUNT_TOKENS -> "count-tokens:rawPredict";
            case EMBEDDINGS -> throw cannot(call.operation());
        };
    }

    private String gemini(String model, Outgoing call) throws Unusable {
        return switch (call.operation()) {
            case CHAT -> model + GeminiApi.generate(call.stream());
            case COUNT_TOKENS -> model + ":countTokens";
            case EMBEDDINGS -> throw cannot(call.operation());
        };
    }

    /// Claude's name is in the path there, and its version in the body.
    @Override
    byte[] body(Outgoing call) throws Unusable {
        if (call.dialect() != Dialect.ANTHROPIC) {
            return call.body();
        }
        var dearer = AnthropicExtras.dearer(call.body());
        if (dearer != null) {
            throw unusable("what " + dearer + " costs is not known: leave it out");
        }
        try {
            var counting = call.operation() == Operation.COUNT_TOKENS;
            return TopLevel.with(
                    call.body(),
                    counting ? Set.of() : Set.of("model"),
                    Map.of("anthropic_version", VERSION));
        } catch (JacksonException | IllegalArgumentException e) {
            throw unusable("the request is no JSON object");
        }
    }

    @Override
    List<Header> signed(URI address, Outgoing call, byte[] body) throws Unusable {
        var key = key();
        if (key == null) {
            return List.of();
        }
        var bearer = key.startsWith("{") ? token.of(key, this::unusable) : key;
        return List.of(new Header("authorization", "Bearer " + plain(bearer)));
    }

    @Override
    List<String> forwarded() {
        return Forwarded.TRACE;
    }

    @Override
    OptionalLong picture(String model) {
        return isClaude(model) ? Pictures.claude(model) : Pictures.GEMINI;
    }
}
