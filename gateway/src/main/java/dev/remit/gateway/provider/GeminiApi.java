package dev.remit.gateway.provider;

import dev.remit.core.settings.Settings;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.client.Header;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;

/// Google's Gemini API in its own words; embeddings in OpenAI's as well, as Google offers them.
final class GeminiApi extends Account {
    GeminiApi(Context context, Settings.Provider settings) {
        super(context, settings, "https://generativelanguage.googleapis.com");
    }

    @Override
    public Dialect dialect(String model, Dialect client) {
        return Dialect.GEMINI;
    }

    @Override
    public boolean embedsInGemini() {
        return true;
    }

    @Override
    List<String> sellers(String model) {
        return List.of("google");
    }

    @Override
    String path(Outgoing call) throws Unusable {
        var path = base().getRawPath();
        var named = path != null && path.matches(".*/v1(beta|alpha)?/?");
        var version = named ? "" : "/" + option("api_version", "v1beta");
        var model = inPath(call.model());
        var full = model.contains("/") ? model : "models/" + model;
        return switch (call.operation()) {
            case CHAT -> version + "/" + full + generate(call.stream());
            case COUNT_TOKENS -> version + "/" + full + ":countTokens";
            case EMBEDDINGS ->
                    call.dialect() == Dialect.GEMINI
                            ? version + "/" + full + ":batchEmbedContents"
                            : version + "/openai/embeddings";
        };
    }

    static String generate(boolean stream) {
        return stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
    }

    @Override
    List<Header> signed(URI address, Outgoing call, byte[] body) throws Unusable {
        return call.operation() == Operation.EMBEDDINGS && call.dialect() != Dialect.GEMINI
                ? key("authorization", "Bearer ")
                : key("x-goog-api-key", "");
    }

    @Override
    List<String> forwarded() {
        return Forwarded.TRACE;
    }

    @Override
    OptionalLong picture(String model) {
        return Pictures.GEMINI;
    }
}
