package dev.remit.hands.http;

import dev.remit.core.json.Content;
import dev.remit.core.secret.Redactor;
import dev.remit.core.tool.Ended;
import dev.remit.http.client.HostRefused;
import dev.remit.http.client.Request;
import dev.remit.http.client.Response;
import dev.remit.http.client.UpstreamException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads how a call ended. Failed is said only where it is certain that nothing happened; where a
/// read went wrong that is always so.
final class Reading {
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);
    private static final Map<Integer, String> WORDS =
            Map.ofEntries(
                    Map.entry(400, "Bad Request"),
                    Map.entry(401, "Unauthorized"),
                    Map.entry(403, "Forbidden"),
                    Map.entry(404, "Not Found"),
                    Map.entry(405, "Method Not Allowed"),
                    Map.entry(408, "Request Timeout"),
                    Map.entry(409, "Conflict"),
                    Map.entry(410, "Gone"),
                    Map.entry(413, "Content Too Large"),
                    Map.entry(415, "Unsupported Media Type"),
                    Map.entry(422, "Unprocessable Content"),
                    Map.entry(429, "Too Many Requests"),
                    Map.entry(500, "Internal Server Error"),
                    Map.entry(502, "Bad Gateway"),
                    Map.entry(503, "Service Unavailable"),
                    Map.entry(504, "Gateway Timeout"));

    private final Request request;
    private final boolean reads; // the tool changes nothing
    private final Redactor redactor;
    private final InstantSource clock;

    Reading(Request request, boolean reads, Redactor redactor, InstantSource clock) {
        this.request = request;
        this.reads = reads;
        this.redactor = redactor;
        this.clock = clock;
    }

    Ended of(Response response) throws InterruptedException {
        var retryAfter = response.header("Retry-After").map(this::delay).orElse(null);
        var location = response.header("Location").orElse("");
        var answer = Answer.read(response);
        int status = answer.status();
        if (status < 300) {
            return answer.cut() != null && reads
                    ? unknown(answer.cut())
                    : new Ended.Done(Content.clean(answer.result(redactor), redactor));
        }
        if (status < 400) {
            return redirected(status, location);
        }
        var why = why(answer);
        return switch (status) {
            case 425, 429 -> failed(false, why, retryAfter);
            case 408 -> reads ? failed(false, why, retryAfter) : new Ended.Unknown(why);
            case 503 ->
                    reads || retryAfter != null
                            ? failed(false, why, retryAfter)
                            : new Ended.Unknown(why);
            case 501, 505 -> failed(true, why, null);
            default -> {
                if (status < 500) {
                    yield failed(true, why, null);
                }
                yield reads ? failed(false, why, retryAfter) : new Ended.Unknown(why);
            }
        };
    }

    Ended of(UpstreamException e) {
        if (e.sent()) {
            return unknown(e);
        }
        if (e.kind() == UpstreamException.Kind.TOO_LATE) {
            return Ended.Failed.tooLate();
        }
        boolean refused = e.getCause() instanceof HostRefused;
        return failed(refused, String.valueOf(e.getMessage()), null);
    }

    private Ended unknown(UpstreamException e) {
        return new Ended.Unknown(redactor.redact(String.valueOf(e.getMessage())));
    }

    /// Only redirects within the same server are followed, and only for reads. 307 and 308 say that
    /// nothing was done yet; the others may follow on something that was.
    private Ended redirected(int status, String location) {
        var why =
                redactor.redact(
                        request.where()
                                + " redirects ("
                                + status
                                + ") to "
                                + brief(location)
                                + "; the tool's URL is expected to be the final one");
        return reads || status == 307 || status == 308
                ? new Ended.Failed(true, why, null)
                : new Ended.Unknown(why);
    }

    private String why(Answer answer) {
        var word = WORDS.getOrDefault(answer.status(), "");
        var message = answer.message(redactor);
        return redactor.redact(
                request.method()
                        + " "
                        + request.where()
                        + ": "
                        + answer.status()
                        + (word.isEmpty() ? "" : " " + word)
                        + (message.isEmpty() ? "" : ": " + message));
    }

    private Ended failed(boolean permanent, String why, @Nullable Duration retryAfter) {
        return new Ended.Failed(permanent, redactor.redact(why), retryAfter);
    }

    /// Seconds, or a date (RFC 9110).
    private @Nullable Duration delay(String retryAfter) {
        try {
            var text = retryAfter.strip();
            var delay =
                    text.matches("\\d{1,9}")
                            ? Duration.ofSeconds(Long.parseLong(text))
                            : Duration.between(clock.instant(), date(text));
            return delay.isNegative()
                    ? Duration.ZERO
                    : delay.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : delay;
        } catch (DateTimeParseException e) {
            return null; // said nothing that can be understood
        }
    }

    private static Instant date(String text) {
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    private static String brief(String location) {
        var bare = location.split("[?#]", 2)[0];
        return bare.length() > 200 ? bare.substring(0, 200) + "…" : bare;
    }
}
