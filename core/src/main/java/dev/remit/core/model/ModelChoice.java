package dev.remit.core.model;

import org.jspecify.annotations.Nullable;

/// Which models a session uses. The default is the rehearsal provider.
///
/// @param provider `gateway`, by the server's routes; `anthropic` or `openai`, straight to that
///   vendor; or `rehearsal`
/// @param model overrides what the agent's route resolves to
/// @param baseUrl of an OpenAI-compatible server; absent: the vendor's own
/// @param seed of a rehearsal: the same seed gives the same run
public record ModelChoice(
        String provider, @Nullable String model, @Nullable String baseUrl, long seed) {
    public static final String REHEARSAL = "rehearsal";
    public static final String GATEWAY = "gateway";

    public static ModelChoice rehearsal(long seed) {
        return new ModelChoice(REHEARSAL, null, null, seed);
    }

    public boolean isRehearsal() {
        return provider.equals(REHEARSAL);
    }
}
