package dev.remit.gateway.wire;

import dev.remit.gateway.wire.ChatRequest.Thinking;
import org.jspecify.annotations.Nullable;

/// Effort and budget of thinking, each in terms of the other. The vendors publish no rate between
/// them; these are in the range that other gateways use.
final class Efforts {
    private static final int LOW = 2_048;
    private static final int MEDIUM = 8_192;
    private static final int HIGH = 16_384;

    private Efforts() {}

    /// One of OpenAI's words; absent if nothing is asked for.
    static @Nullable String openAi(Thinking thinking) {
        var effort = thinking.effort();
        var tokens = thinking.tokens();
        if (effort != null) {
            return effort.equals("max") ? "xhigh" : effort;
        }
        if (tokens == null) {
            return null;
        }
        return tokens <= LOW ? "low" : tokens <= MEDIUM ? "medium" : "high";
    }

    /// One of Anthropic's words; absent if nothing is asked for. Not `none`. Claude thinks only if
    /// it is told to, so whoever wants to see thoughts wants some.
    static @Nullable String anthropic(Thinking thinking) {
        var effort = openAi(thinking);
        return switch (effort) {
            case null -> Boolean.TRUE.equals(thinking.shown()) ? "medium" : null;
            case "minimal", "low" -> "low";
            case "medium" -> "medium";
            default -> "high";
        };
    }

    /// The most tokens that it may think; absent if nothing is asked for.
    static @Nullable Integer budget(Thinking thinking) {
        if (thinking.tokens() != null) {
            return thinking.tokens();
        }
        var effort = anthropic(thinking);
        return switch (effort) {
            case null -> null;
            case "low" -> LOW;
            case "medium" -> MEDIUM;
            default -> HIGH;
        };
    }
}
