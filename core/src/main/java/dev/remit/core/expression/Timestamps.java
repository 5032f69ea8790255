package dev.remit.core.expression;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds points in time in texts (ISO 8601, RFC 3339) and writes them all in one form, in which the
/// order of the texts is the order of the times.
final class Timestamps {
    private static final Pattern TIMESTAMP =
            Pattern.compile(
                    "(\\d{4})-?(\\d{2})-?(\\d{2})[Tt ](\\d{2}):?(\\d{2})"
                            + "(?::?(\\d{2})(?:[.,](\\d{1,30}))?)?"
                            + "(?: ?(?:Z|z|UTC|GMT)| ?([+-])(\\d{2}):?(\\d{2})|([+-])(\\d{2}))?");

    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);

    private Timestamps() {}

    /// The first point in time in a text, as `2026-05-04T13:05:07.250Z`; empty if there is none.
    /// Without an offset it is taken as UTC. Digits behind milliseconds are cut off.
    static String first(String text) {
        var matcher = TIMESTAMP.matcher(text);
        for (int from = 0; from < text.length() && matcher.find(from); from = matcher.start() + 1) {
            var time = time(matcher);
            if (time.isPresent()) {
                return WRITTEN.format(time.get());
            }
        }
        return "";
    }

    private static Optional<LocalDateTime> time(Matcher m) {
        try {
            var local =
                    LocalDateTime.of(
                            number(m.group(1)),
                            number(m.group(2)),
                            number(m.group(3)),
                            number(m.group(4)),
                            number(m.group(5)),
                            Math.min(59, number(m.group(6))) // a leap second
                            );
            var fraction = m.group(7);
            if (fraction != null) {
                local = local.withNano(number((fraction + "00").substring(0, 3)) * 1_000_000);
            }
            boolean hoursOnly = m.group(11) != null;
            int minutes =
                    hoursOnly
                            ? number(m.group(12)) * 60
                            : number(m.group(9)) * 60 + number(m.group(10));
            var utc =
                    "-".equals(hoursOnly ? m.group(11) : m.group(8))
                            ? local.plusMinutes(minutes)
                            : local.minusMinutes(minutes);
            return utc.getYear() < 0 || utc.getYear() > 9999 ? Optional.empty() : Optional.of(utc);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
