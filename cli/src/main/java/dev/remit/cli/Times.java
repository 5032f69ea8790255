package dev.remit.cli;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Spans of time as people write them.
final class Times {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)?");

    private Times() {}

    /// @param text such as `30s`, `5m`, `1h`; a number alone is seconds
    static @Nullable Duration parse(String option, @Nullable String text) {
        if (text == null) {
            return null;
        }
        var match = SPAN.matcher(text.strip());
        if (!match.matches()) {
            throw Failure.usage(
                    option + " " + text + ": not a span of time", "Such as 30s, 5m or 1h.");
        }
        long number = Long.parseLong(match.group(1));
        return switch (match.group(2) == null ? "s" : match.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
