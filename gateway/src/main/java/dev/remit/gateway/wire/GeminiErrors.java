package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Errors in Google's shape: `code`, `message`, `status` and typed `details`.
///
/// Source: google.rpc.Status, ErrorInfo, QuotaFailure and RetryInfo.
final class GeminiErrors {
    private static final String TYPES = "type.googleapis.com/google.rpc.";
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?s");

    private GeminiErrors() {}

    static ObjectNode body(GatewayError error) {
        var kind = error.kind();
        var body = Json.object();
        var told =
                body.putObject("error")
                        .put("code", kind.status())
                        .put("message", error.message())
                        .put("status", status(kind));
        var details = told.putArray("details");
        var info =
                details.addObject()
                        .put("@type", TYPES + "ErrorInfo")
                        .put("reason", reason(kind))
                        .put("domain", "remit");
        if (!error.details().isEmpty()) {
            var metadata = info.putObject("metadata");
            error.details().forEach(metadata::put);
        }
        if (kind == GatewayError.Kind.BUDGET || kind == GatewayError.Kind.RATE_LIMITED) {
            details.addObject()
                    .put("@type", TYPES + "QuotaFailure")
                    .putArray("violations")
                    .addObject()
                    .put("subject", error.details().getOrDefault("scope", "remit"))
                    .put("description", error.message());
        }
        var wait = error.retryAfter();
        if (wait != null) {
            details.addObject()
                    .put("@type", TYPES + "RetryInfo")
                    .put("retryDelay", (wait.toMillis() + 999) / 1000 + "s");
        }
        return body;
    }

    private static String status(GatewayError.Kind kind) {
        return switch (kind) {
            case INVALID, TOO_LARGE, BLOCKED -> "INVALID_ARGUMENT";
            case UNAUTHENTICATED -> "UNAUTHENTICATED";
            case FORBIDDEN -> "PERMISSION_DENIED";
            case NOT_FOUND -> "NOT_FOUND";
            case TIMED_OUT -> "DEADLINE_EXCEEDED";
            case BUDGET, RATE_LIMITED -> "RESOURCE_EXHAUSTED";
            case INTERNAL -> "INTERNAL";
            case UPSTREAM, OVERLOADED -> "UNAVAILABLE";
        };
    }

    private static String reason(GatewayError.Kind kind) {
        return switch (kind) {
            case UNAUTHENTICATED -> "API_KEY_INVALID";
            case BUDGET -> "BUDGET_EXCEEDED";
            case RATE_LIMITED -> "RATE_LIMIT_EXCEEDED";
            case INVALID,
                    FORBIDDEN,
                    NOT_FOUND,
                    TIMED_OUT,
                    TOO_LARGE,
                    BLOCKED,
                    INTERNAL,
                    UPSTREAM,
                    OVERLOADED ->
                    kind.name();
        };
    }

    // ---- from Google

    /// A key that is not valid is told with the status 400; how long to wait is told in the body.
    static ProviderError read(int status, byte[] body, Function<String, @Nullable String> header) {
        var wait =
                new Object() {
                    @Nullable Duration named;
                    boolean badKey;
                };
        var read =
                ProviderErrors.read(
                        status,
                        body,
                        header,
                        told -> {
                            wait.named = retryDelay(told.path("error"));
                            wait.badKey = isBadKey(told.path("error"));
                            return Told.text(told.path("error"), "status");
                        });
        return new ProviderError(
                wait.badKey ? ModelAnswer.Kind.UNAUTHORIZED : kind(read),
                read.status(),
                read.message(),
                read.code(),
                read.retryAfter() == null ? wait.named : read.retryAfter(),
                read.contextTooLong());
    }

    /// Google says "check your plan and billing" with every rate limit, which does pass.
    private static ModelAnswer.Kind kind(ProviderError read) {
        return read.status() == 429 ? ModelAnswer.Kind.RATE_LIMITED : read.kind();
    }

    static ProviderError inStream(JsonNode told) {
        var error = told.path("error");
        var status = Told.text(error, "status");
        var read = ProviderErrors.inStream(Told.text(error, "message"), status);
        var kind =
                switch (status.toUpperCase(Locale.ROOT)) {
                    case "RESOURCE_EXHAUSTED" -> ModelAnswer.Kind.RATE_LIMITED;
                    case "UNAVAILABLE" -> ModelAnswer.Kind.OVERLOADED;
                    case "DEADLINE_EXCEEDED" -> ModelAnswer.Kind.TIMED_OUT;
                    case "INVALID_ARGUMENT", "FAILED_PRECONDITION", "NOT_FOUND" ->
                            ModelAnswer.Kind.INVALID;
                    case "UNAUTHENTICATED", "PERMISSION_DENIED" -> ModelAnswer.Kind.UNAUTHORIZED;
                    default -> ModelAnswer.Kind.UNAVAILABLE;
                };
        return new ProviderError(
                kind, 200, read.message(), read.code(), retryDelay(error), read.contextTooLong());
    }

    private static boolean isBadKey(JsonNode error) {
        for (var detail : error.path("details")) {
            if (Told.text(detail, "reason").startsWith("API_KEY_")) {
                return true;
            }
        }
        return Told.text(error, "message").startsWith("API key");
    }

    private static @Nullable Duration retryDelay(JsonNode error) {
        for (var detail : error.path("details")) {
            var match = SECONDS.matcher(Told.text(detail, "retryDelay"));
            if (match.matches()) {
                var fraction = match.group(2) == null ? "0" : match.group(2);
                var nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
                var wait = Duration.ofSeconds(Long.parseLong(match.group(1)), nanos);
                return wait.toDays() > 0 ? Duration.ofDays(1) : wait;
            }
        }
        return null;
    }
}
