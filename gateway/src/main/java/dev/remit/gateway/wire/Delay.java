package dev.remit.gateway.wire;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How long a vendor asks to wait. What cannot be read is as good as not said.
public final class Delay {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final List<String> ANTHROPIC =
            List.of("requests", "tokens", "input-tokens", "output-tokens");
    private static final List<String> OPENAI = List.of("requests", "tokens");
    private static final Pattern PIECE = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");

    private Delay() {}

    /// Reads `retry-after-ms`, `retry-after` (seconds or a date), then the limits that are used up:
    /// `anthropic-ratelimit-*` (when they are full again) and `x-ratelimit-*` (how long until
    /// then). Points in time are taken against the answer's own `date`, so that no clock of ours
    /// comes in.
    ///
    /// @param answer finds a header; gives null if it is not there
    public static @Nullable Duration of(Function<String, @Nullable String> answer) {
        var headers = new Headers(answer);
        var date = headers.header("date").orElse("");
        return of(headers, instant(date));
    }

    /// @param now if the answer does not say itself when it was given
    public static @Nullable Duration of(Function<String, @Nullable String> answer, Instant now) {
        return of(new Headers(answer), now);
    }

    /// A header that is not there is empty.
    private record Headers(Function<String, @Nullable String> answer) {
        Optional<String> header(String name) {
            return Optional.ofNullable(answer.apply(name));
        }
    }

    private static @Nullable Duration of(Headers response, @Nullable Instant now) {
        return Stream.of(
                        milliseconds(response.header("retry-after-ms")),
                        seconds(response.header("retry-after")),
                        date(response.header("retry-after"), now),
                        anthropic(response, now),
                        openAi(response))
                .flatMap(Optional::stream)
                .findFirst()
                .map(d -> d.isNegative() ? Duration.ZERO : d)
                .map(d -> d.compareTo(LONGEST) > 0 ? LONGEST : d)
                .orElse(null);
    }

    private static Optional<Duration> milliseconds(Optional<String> header) {
        return header.flatMap(text -> number(text, -3));
    }

    private static Optional<Duration> seconds(Optional<String> header) {
        return header.flatMap(text -> number(text, 0));
    }

    private static Optional<Duration> number(String text, int scale) {
        if (!text.strip().matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return Optional.empty();
        }
        var nanos = new BigDecimal(text.strip()).movePointRight(9 + scale);
        return Optional.of(Duration.ofNanos(nanos.longValue()));
    }

    private static Optional<Duration> date(Optional<String> header, @Nullable Instant now) {
        var then = instant(header.orElse(""));
        return now == null || then == null
                ? Optional.empty()
                : Optional.of(Duration.between(now, then));
    }

    /// An HTTP date; absent if it is none.
    private static @Nullable Instant instant(String date) {
        try {
            return ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Optional<Duration> anthropic(Headers response, @Nullable Instant now) {
        return ANTHROPIC.stream()
                .filter(limit -> isUsedUp(response, "anthropic-ratelimit-" + limit + "-remaining"))
                .map(limit -> response.header("anthropic-ratelimit-" + limit + "-reset"))
                .map(text -> until(text.orElse(""), now))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder());
    }

    private static @Nullable Duration until(String instant, @Nullable Instant now) {
        try {
            return now == null ? null : Duration.between(now, Instant.parse(instant.strip()));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Optional<Duration> openAi(Headers response) {
        return OPENAI.stream()
                .filter(limit -> isUsedUp(response, "x-ratelimit-remaining-" + limit))
                .map(limit -> pieces(response.header("x-ratelimit-reset-" + limit).orElse("")))
                .filter(Duration::isPositive)
                .max(Comparator.naturalOrder());
    }

    /// Such as `6m0s` or `120ms`.
    private static Duration pieces(String text) {
        var sum = Duration.ZERO;
        var match = PIECE.matcher(text.length() > 40 ? "" : text);
        while (match.find()) {
            var scale = match.group(2).equals("ms") ? -3 : 0;
            var amount = number(match.group(1), scale).orElse(Duration.ZERO);
            sum =
                    sum.plus(
                            switch (match.group(2)) {
                                case "h" -> amount.multipliedBy(3600);
                                case "m" -> amount.multipliedBy(60);
                                default -> amount;
                            });
        }
        return sum;
    }

    private static boolean isUsedUp(Headers response, String header) {
        return response.header(header).map(text -> text.strip().equals("0")).orElse(false);
    }
}
