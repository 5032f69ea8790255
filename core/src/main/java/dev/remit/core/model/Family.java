package dev.remit.core.model;

import java.util.Locale;

/// Models that want their requests laid out alike.
public enum Family {
    /// Claude, wherever it is served.
    ANTHROPIC,
    /// OpenAI's own models, at OpenAI and at Azure.
    OPENAI,
    /// All others.
    GENERIC;

    /// Of a model, by its name and by where it is served.
    ///
    /// @param place kind of the provider, such as `openai` or `bedrock`
    public static Family of(String place, String model) {
        var name = model.toLowerCase(Locale.ROOT);
        if (name.contains("claude") || place.equals("anthropic")) {
            return ANTHROPIC;
        }
        boolean own = place.equals("openai") || place.equals("azure");
        return own || name.startsWith("openai/") ? OPENAI : GENERIC;
    }

    /// In lower case, as brains are named.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
