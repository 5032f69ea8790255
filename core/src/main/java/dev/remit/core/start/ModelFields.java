package dev.remit.core.start;

import dev.remit.core.model.ModelChoice;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads which models a started session uses.
final class ModelFields {
    private static final Set<String> KEYS = Set.of("provider", "model", "seed");
    private static final List<String> PROVIDERS =
            List.of(ModelChoice.REHEARSAL, ModelChoice.GATEWAY, "anthropic", "openai");

    private ModelFields() {}

    static @Nullable ModelChoice read(Fields fields) {
        return fields.object("models", KEYS).map(ModelFields::choice).orElse(null);
    }

    private static @Nullable ModelChoice choice(Fields models) {
        var provider = models.required("provider", "provider: gateway");
        if (provider == null) {
            return null;
        }
        if (!PROVIDERS.contains(provider)) {
            models.fault(
                    "provider",
                    "`" + provider + "` is not known here",
                    Nearest.hint(provider, PROVIDERS));
            return null;
        }
        return new ModelChoice(
                provider,
                models.text("model"),
                null,
                models.integer("seed", 0L, Long.MAX_VALUE, 0L));
    }
}
