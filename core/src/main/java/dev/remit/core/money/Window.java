package dev.remit.core.money;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;

/// Over which time a budget's limit holds. Windows are those of the calendar in a time zone; weeks
/// begin on Monday.
public enum Window {
    HOUR,
    DAY,
    WEEK,
    MONTH,
    TOTAL;

    /// When the window began that this instant belongs to. [Instant#EPOCH] for `TOTAL`.
    public Instant start(Instant at, ZoneId zone) {
        var local = at.atZone(zone);
        return switch (this) {
            case HOUR -> local.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> day(local).toInstant();
            case WEEK ->
                    day(local.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))).toInstant();
            case MONTH -> day(local.withDayOfMonth(1)).toInstant();
            case TOTAL -> Instant.EPOCH;
        };
    }

    /// When it ends: the start of the next one. Empty for `TOTAL`.
    public Optional<Instant> end(Instant at, ZoneId zone) {
        var start = start(at, zone).atZone(zone);
        return switch (this) {
            // of an hour that the clock skips or repeats, the length is an hour all the same
            case HOUR -> Optional.of(start.plusHours(1).toInstant());
            case DAY -> Optional.of(day(start.plusDays(1)).toInstant());
            case WEEK -> Optional.of(day(start.plusWeeks(1)).toInstant());
            case MONTH -> Optional.of(day(start.plusMonths(1)).toInstant());
            case TOTAL -> Optional.empty();
        };
    }

    private static ZonedDateTime day(ZonedDateTime local) {
        return local.toLocalDate().atTime(LocalTime.MIN).atZone(local.getZone());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param text as [#toString] writes it
    public static Optional<Window> find(String text) {
        for (var window : values()) {
            if (window.toString().equals(text)) {
                return Optional.of(window);
            }
        }
        return Optional.empty();
    }
}
