package dev.remit.gateway.price;

import dev.remit.core.money.Usage;
import java.math.BigDecimal;

/// Prices of one model in one range of prompt sizes: dollars for a million tokens, which is
/// millionths of a dollar for one token.
///
/// @param reasoning of the output tokens that are reasoning
record Rates(
        BigDecimal input,
        BigDecimal cacheRead,
        BigDecimal cacheWrite,
        BigDecimal output,
        BigDecimal reasoning) {
    /// In millionths of a dollar.
    BigDecimal of(Usage usage) {
        return times(input, usage.input())
                .add(times(cacheRead, usage.cacheRead()))
                .add(times(cacheWrite, usage.cacheWrite()))
                .add(times(output, usage.output() - usage.reasoning()))
                .add(times(reasoning, usage.reasoning()));
    }

    BigDecimal dearestInput() {
        return input.max(cacheRead).max(cacheWrite);
    }

    BigDecimal dearestOutput() {
        return output.max(reasoning);
    }

    private static BigDecimal times(BigDecimal rate, long tokens) {
        return rate.multiply(BigDecimal.valueOf(tokens));
    }
}
