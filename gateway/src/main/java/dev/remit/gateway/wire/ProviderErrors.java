package dev.remit.gateway.wire;

import dev.remit.core.model.ModelAnswer.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads what kind of failure a provider tells of. The vendors differ in where they put their code;
/// what it means is told by its words and the status.
final class ProviderErrors {
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final List<String> TOO_LONG =
            List.of(
                    "context_length_exceeded",
                    "context length",
                    "context window",
                    "maximum context",
                    "prompt is too long",
                    "input is too long",
                    "input token count",
                    "too many input tokens",
                    "exceeds the maximum number of tokens",
                    "reduce the length of the messages");
    private static final List<String> NO_CREDIT =
            List.of(
                    "insufficient_quota",
                    "billing",
                    "credit balance is too low",
                    "insufficient balance",
                    "reached your specified");

    private ProviderErrors() {}

    /// An answer with a status other than 2xx.
    ///
    /// @param header finds a header of the answer; gives null if it is not there
    /// @param code finds the provider's code in a body
    static ProviderError read(
            int status,
            byte[] body,
            Function<String, @Nullable String> header,
            Function<JsonNode, String> code) {
        var node = object(body);
        var text = node == null ? text(body) : Words.message(node);
        var told = node == null ? "" : Words.brief(code.apply(node));
        var type = (told + " " + text).toLowerCase(Locale.ROOT);
        return new ProviderError(
                kind(status, type),
                status,
                message(status, text),
                Words.clean(told, null),
                Delay.of(header),
                isTooLong(type));
    }

    /// An error that came after the answer had begun.
    ///
    /// @param code the provider's own; may be empty
    static ProviderError inStream(String message, String code) {
        var type = (code + " " + message).toLowerCase(Locale.ROOT);
        return new ProviderError(
                kindOf(code.toLowerCase(Locale.ROOT)),
                200,
                message(200, message),
                Words.clean(Words.brief(code), null),
                null,
                isTooLong(type));
    }

    private static @Nullable JsonNode object(byte[] body) {
        try {
            var node = Strict.parse(body);
            if (node.isArray() && !node.isEmpty()) {
                node = node.path(0); // as Google wraps errors of streams
            }
            return node.isObject() ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String text(byte[] body) {
        var text = new String(body, 0, Math.min(body.length, 2_000), StandardCharsets.UTF_8);
        return text.stripLeading().startsWith("<") ? "" : text; // a page of a proxy
    }

    private static String message(int status, String text) {
        var clean = Words.clean(text, null);
        return clean.isEmpty() ? "HTTP " + status + " without a readable message" : clean;
    }

    private static boolean isTooLong(String type) {
        return TOO_LONG.stream().anyMatch(type::contains);
    }

    private static Kind kind(int status, String type) {
        if (status == 402 || NO_CREDIT.stream().anyMatch(type::contains)) {
            return Kind.UNAUTHORIZED;
        }
        return switch (status) {
            case 401, 403 -> Kind.UNAUTHORIZED;
            case 429 -> Kind.RATE_LIMITED;
            case 503, 529 -> Kind.OVERLOADED;
            case 408, 504 -> Kind.TIMED_OUT;
            case 409, 425 -> Kind.UNAVAILABLE;
            default -> status >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
        };
    }

    /// By the words of a code alone.
    static Kind kindOf(String code) {
        if (code.contains("overloaded") || code.contains("503") || code.contains("529")) {
            return Kind.OVERLOADED;
        }
        if (code.contains("insufficient_quota") || code.contains("billing")) {
            return Kind.UNAUTHORIZED;
        }
        if (code.contains("rate_limit")
                || code.contains("429")
                || code.contains("throttling")
                || code.contains("resource_exhausted")) {
            return Kind.RATE_LIMITED;
        }
        if (code.contains("authentication") || code.contains("permission")) {
            return Kind.UNAUTHORIZED;
        }
        if (code.contains("invalid")
                || code.contains("too_large")
                || code.contains("context_length")
                || code.contains("validation")) {
            return Kind.INVALID;
        }
        return code.contains("timeout") ? Kind.TIMED_OUT : Kind.UNAVAILABLE;
    }

    /// How long to wait, as headers that the vendors' clients read, and whether to try again.
    static Map<String, String> headers(GatewayError error) {
        var headers = new TreeMap<String, String>();
        headers.put("x-should-retry", Boolean.toString(error.retry()));
        var wait = error.retryAfter();
        if (wait != null) {
            var millis =
                    Math.max(0, wait.compareTo(LONGEST) > 0 ? LONGEST.toMillis() : wait.toMillis());
            headers.put("retry-after", Long.toString((millis + 999) / 1000));
            headers.put("retry-after-ms", Long.toString(millis));
        }
        return headers;
    }
}
