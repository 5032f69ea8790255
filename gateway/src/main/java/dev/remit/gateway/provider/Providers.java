package dev.remit.gateway.provider;

import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.Settings;
import dev.remit.gateway.price.PriceBook;
import dev.remit.http.client.Upstream;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The configured providers by name. Made anew when settings change.
public final class Providers {
    private final Map<String, Provider> byName;

    private Providers(Map<String, Provider> byName) {
        this.byName = byName;
    }

    /// @param secrets asked at each call
    /// @param prices asked at each call
    /// @param upstream by which Google's tokens are fetched; the calls themselves are the relay's
    /// @param clock by which requests are signed
    public static Providers of(
            Settings settings,
            Secrets secrets,
            PriceBook prices,
            Upstream upstream,
            InstantSource clock) {
        var context = new Context(secrets, prices, settings.prices(), upstream, clock);
        var byName = new TreeMap<String, Provider>();
        settings.providers().forEach((name, one) -> byName.put(name, provider(context, one)));
        return new Providers(byName);
    }

    private static Provider provider(Context context, Settings.Provider settings) {
        return switch (settings.kind()) {
            case ANTHROPIC -> new AnthropicApi(context, settings);
            case AZURE -> new AzureApi(context, settings);
            case GEMINI -> new GeminiApi(context, settings);
            case VERTEX -> new VertexApi(context, settings);
            case BEDROCK -> new BedrockApi(context, settings);
            case OPENAI,
                    MISTRAL,
                    GROQ,
                    DEEPSEEK,
                    XAI,
                    TOGETHER,
                    FIREWORKS,
                    OPENROUTER,
                    OPENAI_COMPATIBLE ->
                    new OpenAiApi(context, settings);
        };
    }

    public Optional<Provider> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// By name.
    public Collection<Provider> all() {
        return byName.values();
    }
}
