package dev.remit.gateway.provider;

import org.jspecify.annotations.Nullable;

/// The most that one picture costs in tokens, by the vendors' own formulas at the highest detail.
final class Pictures {
    /// gpt-4o-mini: 2,833 and 5,667 for each of at most 8 tiles.
    private static final long DEAREST = 48_500;

    /// 10,000 patches, at 1.62 tokens each.
    private static final long PATCHES = 16_500;

    /// 3,072 by 3,072 in tiles of 768, at 258 each, rounded up.
    static final long GEMINI = 8_000;

    private Pictures() {}

    /// @param model of OpenAI; absent: any that speaks its language
    static long openAi(@Nullable String model) {
        return model == null || model.contains("4o-mini") ? DEAREST : PATCHES;
    }
}
