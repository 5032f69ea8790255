package dev.remit.gateway.provider;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/// The most that one picture costs in tokens, by the vendors' own formulas at the highest detail.
///
/// Sources, of which copies were looked at on 2026-11-21: developers.openai.com, "Images and
/// vision" (tiles, patches, and their multipliers); platform.claude.com, "Vision" (28-pixel
/// patches; at most 1,568 of them, and 4,784 from Opus 4.7 on); ai.google.dev, "Understand images"
/// and "Media resolution" (tiles of 768 pixels at 258; at most 2,240 from Gemini 3 on). Each is
/// rounded up for what is added to it.
final class Pictures {
    /// 768 by 2,048 in tiles of 512: eight, at 170 each, and 85; or 1,536 patches.
    private static final long TILES = 1_700;

    /// 1,536 patches at 2.46 tokens each, the dearest of all multipliers.
    private static final long PATCHES = 3_800;

    /// 10,000 patches of the original detail, at the dearest multiplier: for what is not known.
    private static final long ANY = 24_700;

    private static final Pattern TILED =
            Pattern.compile(
                    "(gpt-4o|gpt-4\\.1|gpt-4\\.5.*|o1|o1-pro|o3|gpt-5)(-\\d{4}-\\d\\d-\\d\\d)?");
    private static final Pattern PATCHED =
            Pattern.compile(
                    "(gpt-4\\.1-mini|gpt-4\\.1-nano|o4-mini|gpt-5-mini|gpt-5-nano)"
                            + "(-\\d{4}-\\d\\d-\\d\\d)?");

    /// Claude before Opus 4.7.
    private static final Pattern SMALL_CLAUDE =
            Pattern.compile(
                    ".*claude-(3.*|(opus|sonnet|haiku)-4(-[0156])?([-@.]\\d{8}.*)?(-v\\d.*)?)");

    private static final OptionalLong CLAUDE_SMALL = OptionalLong.of(1_700);
    private static final OptionalLong CLAUDE = OptionalLong.of(5_000);

    /// 3,072 pixels and an extreme shape: 24 tiles at 258, rounded up.
    static final OptionalLong GEMINI = OptionalLong.of(8_000);

    private Pictures() {}

    /// @param model as OpenAI names it
    static OptionalLong openAi(String model) {
        if (model.contains("4o-mini")) {
            return OptionalLong.of(TokenBound.DEAREST_PICTURE);
        }
        return OptionalLong.of(
                TILED.matcher(model).matches()
                        ? TILES
                        : PATCHED.matcher(model).matches() ? PATCHES : ANY);
    }

    /// @param model as Anthropic, Google or AWS names it
    static OptionalLong claude(String model) {
        return SMALL_CLAUDE.matcher(model).matches() ? CLAUDE_SMALL : CLAUDE;
    }
}
