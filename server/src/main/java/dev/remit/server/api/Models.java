package dev.remit.server.api;

import dev.remit.core.model.ModelChoice;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which models a client wants for a session.
final class Models {
    static final String[] FIELDS = {"provider", "model", "base_url", "seed"};

    private static final List<String> PROVIDERS =
            List.of(ModelChoice.REHEARSAL, ModelChoice.GATEWAY, "anthropic", "openai");
    private static final int MODEL_LENGTH = 200;

    private final ApiParts parts;

    Models(ApiParts parts) {
        this.parts = parts;
    }

    /// @throws dev.remit.http.server.Problem 422 if no such call could ever be made
    ModelChoice read(Optional<Body> sent) {
        if (sent.isEmpty()) {
            return ModelChoice.rehearsal(0);
        }
        var body = sent.get();
        var provider = body.text("provider");
        if (!PROVIDERS.contains(provider)) {
            throw Problems.unusable("models.provider is one of " + String.join(", ", PROVIDERS));
        }
        var model = body.findText("model").orElse(null);
        if (model != null && !model.matches("[\\x21-\\x7e]{1," + MODEL_LENGTH + "}")) {
            throw Problems.unusable("models.model is expected to be the name of a model");
        }
        var baseUrl = body.findText("base_url").map(Models::url).orElse(null);
        if (baseUrl != null && !provider.equals("openai")) {
            throw Problems.unusable("models.base_url goes with the provider openai alone");
        }
        var choice = new ModelChoice(provider, model, baseUrl, body.number("seed", 0));
        if (!choice.isRehearsal() && !provider.equals(ModelChoice.GATEWAY) && baseUrl == null) {
            checkCredential(provider);
        }
        return choice;
    }

    private void checkCredential(String provider) {
        if (parts.secrets().find(provider).isEmpty()) {
            throw Problems.unusable(
                    "this server holds no key for "
                            + provider
                            + "; give it one by PUT /v1/credentials/"
                            + provider);
        }
    }

    private static @Nullable String url(String text) {
        try {
            var url = new URI(text);
            boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (isHttp && url.getHost() != null && url.getRawUserInfo() == null) {
                return text;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw Problems.unusable(
                "models.base_url is expected to be a URL such as http://127.0.0.1:11434/v1,"
                        + " without a password");
    }
}
