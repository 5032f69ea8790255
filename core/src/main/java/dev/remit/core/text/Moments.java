package dev.remit.core.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Optional;
import java.util.regex.Pattern;

/// Points in time as people write them: always with their zone, never with that of the server.
public final class Moments {
    public static final String RIGHT =
            "a duration such as 15m, or a time with its zone, such as 2026-12-01 09:00"
                    + " Europe/Berlin or 2026-12-01T09:00:00Z";

    private static final Pattern LOCAL =
            Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9:.]{5,18}) ([A-Za-z0-9_+/-]+)");
    private static final DateTimeFormatter CLOCK =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .appendLiteral(' ')
                    .append(DateTimeFormatter.ISO_LOCAL_TIME)
                    .toFormatter();

    private Moments() {}

    /// `2026-12-01 09:00 Europe/Berlin`, or with an offset as in RFC 3339; absent if it is no such
    /// text. A time that a zone leaves out in spring is moved on by what is left out; of one that
    /// it has twice in autumn, the first is meant.
    public static Optional<Instant> instant(String text) {
        try {
            var local = LOCAL.matcher(text.strip());
            return Optional.of(
                    local.matches()
                            ? LocalDateTime.parse(local.group(1) + " " + local.group(2), CLOCK)
                                    .atZone(ZoneId.of(local.group(3)))
                                    .toInstant()
                            : OffsetDateTime.parse(text.strip().replaceFirst(" ", "T"))
                                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// A time, or a duration from now on.
    ///
    /// @throws DateTimeException if it is neither
    public static Instant time(String text, Instant now) {
        return Quantities.duration(text)
                .map(now::plus)
                .or(() -> instant(text))
                .orElseThrow(() -> new DateTimeException("this is not " + RIGHT + ": " + text));
    }
}
