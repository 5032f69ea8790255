package dev.remit.gateway.provider;

import dev.remit.core.settings.Settings;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.client.Header;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Anthropic's own API, or a server that speaks it.
final class AnthropicApi extends Account {
    static final String VERSION = "2023-06-01";

    /// The window that needs no leave to be used.
    private static final long USUAL_WINDOW = 200_000;

    AnthropicApi(Context context, Settings.Provider settings) {
        super(context, settings, "https://api.anthropic.com");
    }

    @Override
    public Dialect dialect(String model, Dialect client) {
        return Dialect.ANTHROPIC;
    }

    @Override
    public boolean embeds() {
        return false;
    }

    @Override
    List<String> sellers(String model) {
        return List.of("anthropic");
    }

    @Override
    String path(Outgoing call) throws Unusable {
        var version =
                base().getRawPath() != null && base().getRawPath().contains("/v1") ? "" : "/v1";
        return switch (call.operation()) {
            case CHAT -> version + "/messages";
            case COUNT_TOKENS -> version + "/messages/count_tokens";
            case EMBEDDINGS -> throw cannot(call.operation());
        };
    }

    @Override
    byte[] body(Outgoing call) throws Unusable {
        var dearer = AnthropicExtras.dearer(call.body());
        if (dearer != null) {
            throw unusable("what " + dearer + " costs is not known: leave it out");
        }
        return call.body();
    }

    @Override
    List<Header> signed(URI address, Outgoing call, byte[] body) throws Unusable {
        var key = key("x-api-key", "");
        if (call.headers().containsKey("anthropic-version")) {
            return key;
        }
        var all = new ArrayList<>(key);
        all.add(new Header("anthropic-version", option("api_version", VERSION)));
        return all;
    }

    @Override
    List<String> forwarded() {
        return Forwarded.ANTHROPIC;
    }

    /// Without those betas that make the same tokens dearer than the list says.
    @Override
    @Nullable String forwarded(String name, String value, Outgoing call) {
        if (!name.equals("anthropic-beta")) {
            return value;
        }
        var wide = window(call.model()).orElse(USUAL_WINDOW) > USUAL_WINDOW;
        var kept =
                Arrays.stream(value.split(","))
                        .map(String::strip)
                        .filter(beta -> !beta.isEmpty() && !beta.startsWith("fast-mode"))
                        .filter(beta -> wide || !beta.startsWith("context-1m"))
                        .collect(Collectors.joining(","));
        return kept.isEmpty() ? null : kept;
    }

    @Override
    OptionalLong picture(String model) {
        return Pictures.claude(model);
    }
}
