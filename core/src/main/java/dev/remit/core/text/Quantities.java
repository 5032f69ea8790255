package dev.remit.core.text;

import dev.remit.core.money.Money;
import dev.remit.core.money.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Money, durations and sizes as people write them.
public final class Quantities {
    public static final String MONEY = "an amount with its currency, such as 0.50 USD";
    public static final String DURATION = "a duration, such as 90s, 5m, 1h30m or 90d";

    public static final String LIMIT =
            "an amount and its window, such as 20 USD/day; windows are hour, day, week, month and"
                    + " total";
    public static final String SIZE = "a size, such as 64KB or 1MB";

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?) ?USD");
    private static final Pattern SPAN =
            Pattern.compile(
                    "(?:([0-9]{1,4})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?");

    private static final Pattern SIZED = Pattern.compile("([0-9]{1,12}) ?(B|KB|MB|GB)");

    private Quantities() {}

    /// An amount over a window of time.
    public record Limit(Money amount, Window window) {}

    /// `20 USD/day`, `100 USD/total`; absent if it is no such text.
    public static Optional<Limit> limit(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : money(text.substring(0, slash))
                        .flatMap(amount ->
                                Window.find(text.substring(slash + 1).strip())
                                        .map(window -> new Limit(amount, window)));
    }

    /// `512B`, `64KB`, `1MB`, by powers of ten, in bytes; absent if it is no such text.
    public static Optional<Long> bytes(String text) {
        var size = SIZED.matcher(text.strip());
        if (!size.matches()) {
            return Optional.empty();
        }
        long unit =
                switch (size.group(2)) {
                    case "KB" -> 1_000;
                    case "MB" -> 1_000_000;
                    case "GB" -> 1_000_000_000;
                    default -> 1;
                };
        long number = Long.parseLong(size.group(1));
        return number > Long.MAX_VALUE / unit ? Optional.empty() : Optional.of(number * unit);
    }

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
