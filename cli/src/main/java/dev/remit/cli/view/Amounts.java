package dev.remit.cli.view;

import dev.remit.core.money.Money;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Numbers as people read them.
public final class Amounts {
    private Amounts() {}

    /// `1,234`.
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// `0.4 s`, `12 s`, `3 m 05 s`, `2 h 07 m`, `3 d 4 h`.
    public static String time(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        long seconds = millis / 1000;
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d m %02d s", seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return String.format(Locale.ROOT, "%d h %02d m", seconds / 3600, seconds / 60 % 60);
        }
        return String.format(Locale.ROOT, "%d d %d h", seconds / 86_400, seconds / 3600 % 24);
    }

    /// `0.0123 USD`.
    public static String money(long micros) {
        return plain(micros) + " USD";
    }

    /// `0.0123`.
    public static String plain(long micros) {
        return new Money(Math.max(0, micros)).toString();
    }

    /// `0.0123 USD`; empty if nobody knows.
    public static String cost(@Nullable Long micros) {
        return micros == null ? "" : new Money(Math.max(0, micros)) + " USD";
    }
}
