package dev.remit.gateway.price;

import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.settings.Settings.PriceOverride;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The price of one model. Exact, and rounded up once at the end.
///
/// Sound in the prompt has a price of its own at some vendors. Where it is not known, a prompt with
/// sound has no price at all.
public final class Price {
    /// Of the operator's own hardware.
    public static final Price FREE = new Price(Rates.FREE, new TreeMap<>(), null);

    private final Rates base;
    private final NavigableMap<Long, Rates> above;
    private final @Nullable String asOf;
    private final @Nullable Price atMost;

    /// @param above rates by the prompt size, in tokens, beyond which they hold for the whole call
    /// @param asOf date of the list it is from; absent: from none
    Price(Rates base, NavigableMap<Long, Rates> above, @Nullable String asOf) {
        this(base, above, asOf, null);
    }

    private Price(
            Rates base,
            NavigableMap<Long, Rates> above,
            @Nullable String asOf,
            @Nullable Price atMost) {
        this.base = base;
        this.above = new TreeMap<>(above);
        this.asOf = asOf;
        this.atMost = atMost;
    }

    /// A price that the operator set.
    public static Price of(PriceOverride set) {
        var write = or(set.cacheWrite(), set.input());
        return new Price(
                new Rates(
                        set.input(),
                        or(set.cacheRead(), set.input()),
                        write,
                        write.multiply(Rates.HOUR),
                        set.inputAudio(),
                        set.output(),
                        or(set.reasoning(), set.output())),
                new TreeMap<>(),
                null);
    }

    private static BigDecimal or(@Nullable BigDecimal rate, BigDecimal otherwise) {
        return rate == null ? otherwise : rate;
    }

    /// What a call cost. Usage counts a token that is kept for an hour as 1.6 of those that are
    /// kept for minutes.
    public Money cost(Usage usage) {
        return money(rates(usage).of(usage), RoundingMode.CEILING);
    }

    /// What reading from the provider's cache saved, against reading the same at the full price.
    /// Rounded down.
    public Money saved(Usage usage) {
        if (usage.cacheRead() == 0) {
            return Money.ZERO;
        }
        var rates = rates(usage);
        var each = rates.input().subtract(rates.cacheRead()).max(BigDecimal.ZERO);
        return money(each.multiply(BigDecimal.valueOf(usage.cacheRead())), RoundingMode.FLOOR);
    }

    private Rates rates(Usage usage) {
        var prompt = usage.input() + usage.cacheRead() + usage.cacheWrite();
        var tier = above.lowerEntry(prompt);
        return tier == null ? base : tier.getValue();
    }

    /// The most that a call can cost, whatever is in it and whatever of it is kept.
    public Money bound(long input, long output) {
        return bound(input, output, Caching.HOUR, true);
    }

    /// The most that a call can cost: every token of the prompt at the dearest price that its size
    /// can bring about, and all the output that it may have.
    ///
    /// @param input at least as many tokens as the prompt has
    /// @param output the cap
    /// @param caching what the request makes the provider keep
    /// @param media whether there may be sound in it
    public Money bound(long input, long output, Caching caching, boolean media) {
        if (atMost != null) {
            return atMost.bound(input, output, caching, media);
        }
        var dearestInput = base.dearestInput(caching, media);
        var dearestOutput = base.dearestOutput();
        for (var rates : above.headMap(input, false).values()) {
            dearestInput = dearestInput.max(rates.dearestInput(caching, media));
            dearestOutput = dearestOutput.max(rates.dearestOutput());
        }
        return money(
                dearestInput
                        .multiply(BigDecimal.valueOf(input))
                        .add(dearestOutput.multiply(BigDecimal.valueOf(output))),
                RoundingMode.CEILING);
    }

    /// Whether it is known what sound in the prompt costs.
    public boolean pricesSound() {
        return base.audio() != null;
    }

    /// The date of the list that it is from; absent: it is from none, but free or the operator's.
    public Optional<String> asOf() {
        return Optional.ofNullable(asOf);
    }

    public boolean isFree() {
        return base.equals(Rates.FREE) && above.isEmpty();
    }

    /// Dollars for a million tokens of input.
    public BigDecimal input() {
        return base.input();
    }

    /// Dollars for a million tokens of output.
    public BigDecimal output() {
        return base.output();
    }

    /// Dollars for a million tokens read from the provider's cache.
    public BigDecimal cacheRead() {
        return base.cacheRead();
    }

    /// A cheaper service tier, which the provider may leave for the usual one: so it costs this
    /// part, and its bound is the usual one's.
    Price part(BigDecimal factor) {
        var cheaper = new TreeMap<Long, Rates>();
        above.forEach((size, rates) -> cheaper.put(size, rates.times(factor)));
        return new Price(base.times(factor), cheaper, asOf, this);
    }

    /// The same model at a dearer service tier, of which long prompts are left out: those have the
    /// usual price.
    Price dearer(Rates tier) {
        return new Price(tier, above, asOf);
    }

    private static Money money(BigDecimal micros, RoundingMode rounding) {
        return new Money(micros.setScale(0, rounding).longValueExact());
    }

    /// Whether it comes to the same for every call.
    boolean isSame(@Nullable Price other) {
        return other != null && toString().equals(other.toString());
    }

    @Override
    public String toString() {
        return base + (above.isEmpty() ? "" : " above " + above);
    }
}
