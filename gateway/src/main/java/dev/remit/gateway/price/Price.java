package dev.remit.gateway.price;

import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The price of one model. Exact, and rounded up once at the end.
public final class Price {
    private final Rates base;
    private final NavigableMap<Long, Rates> above;

    /// @param above rates by the prompt size, in tokens, beyond which they hold for the whole call
    Price(Rates base, NavigableMap<Long, Rates> above) {
        this.base = base;
        this.above = new TreeMap<>(above);
    }

    /// What a call cost.
    public Money cost(Usage usage) {
        var prompt = usage.input() + usage.cacheRead() + usage.cacheWrite();
        var tier = above.lowerEntry(prompt);
        return money((tier == null ? base : tier.getValue()).of(usage));
    }

    /// The most that a call can cost: every token of the prompt at the dearest price that its size
    /// can bring about, and all the output that it may have.
    ///
    /// @param input at least as many tokens as the prompt has
    /// @param output the cap
    public Money bound(long input, long output) {
        var dearestInput = base.dearestInput();
        var dearestOutput = base.dearestOutput();
        for (var rates : above.headMap(input, false).values()) {
            dearestInput = dearestInput.max(rates.dearestInput());
            dearestOutput = dearestOutput.max(rates.dearestOutput());
        }
        return money(
                dearestInput
                        .multiply(BigDecimal.valueOf(input))
                        .add(dearestOutput.multiply(BigDecimal.valueOf(output))));
    }

    private static Money money(BigDecimal micros) {
        return new Money(micros.setScale(0, RoundingMode.CEILING).longValueExact());
    }
}
