package dev.remit.gateway.wire;

import java.util.Locale;
import java.util.regex.Pattern;

/// What models that are called in OpenAI's dialects differ in, known from the model's name, which
/// may have a vendor before it.
record OpenAiModel(String name) {
    private static final Pattern REASONS =
            Pattern.compile("(?:^|.*/)(?:o[1-9]|gpt-[5-9]|gpt-oss|codex|grok-|gemini-).*");
    private static final Pattern REFUSES_SAMPLING =
            Pattern.compile("(?:^|.*/)(?:o[1-9]|gpt-5(?!\\.\\d|-chat)).*");
    private static final Pattern TAKES_NONE = Pattern.compile("(?:^|.*/)gpt-5\\.[1-9].*");

    OpenAiModel {
        name = name.toLowerCase(Locale.ROOT);
    }

    /// Whether it takes an effort.
    boolean reasons() {
        return REASONS.matcher(name).matches();
    }

    /// Whether it takes the effort `none`.
    boolean mayReasonNotAtAll() {
        return TAKES_NONE.matcher(name).matches();
    }

    /// Whether it takes temperature and the like.
    boolean samples() {
        return !REFUSES_SAMPLING.matcher(name).matches();
    }
}
