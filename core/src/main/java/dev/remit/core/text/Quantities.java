package dev.remit.core.text;

import dev.remit.core.money.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Money and durations as people write them.
public final class Quantities {
    public static final String MONEY = "an amount with its currency, such as 0.50 USD";
    public static final String DURATION = "a duration, such as 90s, 5m or 1h30m";

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?) ?USD");
    private static final Pattern SPAN =
            Pattern.compile(
                    "(?:([0-9]{1,4})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?");

    private Quantities() {}

    /// `0.50 USD`; absent if it is no such text. The ledger's currency is USD.
    public static Optional<Money> money(String text) {
        var amount = AMOUNT.matcher(text.strip());
        return amount.matches()
                ? Optional.of(Money.ofUnits(new BigDecimal(amount.group(1))))
                : Optional.empty();
    }

    /// `90s`, `1h30m`, `250ms`; absent if it is no such text, or nothing.
    public static Optional<Duration> duration(String text) {
        var span = SPAN.matcher(text.strip());
        if (!span.matches()) {
            return Optional.empty();
        }
        var duration =
                Duration.ofDays(number(span.group(1)))
                        .plusHours(number(span.group(2)))
                        .plusMinutes(number(span.group(3)))
                        .plusSeconds(number(span.group(4)))
                        .plusMillis(number(span.group(5)));
        return duration.isZero() ? Optional.empty() : Optional.of(duration);
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
