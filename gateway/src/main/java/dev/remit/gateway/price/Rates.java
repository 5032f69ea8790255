package dev.remit.gateway.price;

import dev.remit.core.money.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Prices of one model in one range of prompt sizes: dollars for a million tokens, which is
/// millionths of a dollar for one token.
///
/// @param cacheWrite of tokens kept for minutes
/// @param longWrite of tokens kept for an hour, which Anthropic charges more for
/// @param audio of input that is sound; absent: not known
/// @param reasoning of the output tokens that are reasoning
record Rates(
        BigDecimal input,
        BigDecimal cacheRead,
        BigDecimal cacheWrite,
        BigDecimal longWrite,
        @Nullable BigDecimal audio,
        BigDecimal output,
        BigDecimal reasoning) {
    /// What a token that is kept for an hour costs, against one that is kept for minutes: at
    /// Anthropic twice the input against 1.25 times, and [Usage] counts it so.
    static final BigDecimal HOUR = new BigDecimal("1.6");

    static final Rates FREE =
            new Rates(
                    BigDecimal.ZERO,
                    BigDecimal.ZERO,
                    BigDecimal.ZERO,
                    BigDecimal.ZERO,
                    BigDecimal.ZERO,
                    BigDecimal.ZERO,
                    BigDecimal.ZERO);

    /// In millionths of a dollar.
    BigDecimal of(Usage usage) {
        var sum = plus(BigDecimal.ZERO, input, usage.input() - usage.audio());
        sum = plus(sum, audio == null ? input : audio, usage.audio());
        sum = plus(sum, cacheRead, usage.cacheRead());
        sum = plus(sum, cacheWrite, usage.cacheWrite());
        sum = plus(sum, output, usage.output() - usage.reasoning());
        return plus(sum, reasoning, usage.reasoning());
    }

    BigDecimal dearestInput(Caching caching, boolean media) {
        var dearest = input.max(cacheRead);
        dearest =
                switch (caching) {
                    case NONE -> dearest;
                    case MINUTES -> dearest.max(cacheWrite);
                    case HOUR -> dearest.max(cacheWrite).max(longWrite);
                };
        return media && audio != null ? dearest.max(audio) : dearest;
    }

    BigDecimal dearestOutput() {
        return output.max(reasoning);
    }

    Rates times(BigDecimal factor) {
        return new Rates(
                input.multiply(factor),
                cacheRead.multiply(factor),
                cacheWrite.multiply(factor),
                longWrite.multiply(factor),
                audio == null ? null : audio.multiply(factor),
                output.multiply(factor),
                reasoning.multiply(factor));
    }

    private static BigDecimal plus(BigDecimal sum, BigDecimal rate, long tokens) {
        return tokens == 0 ? sum : sum.add(rate.multiply(BigDecimal.valueOf(tokens)));
    }
}
