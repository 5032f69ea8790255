package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Errors of Messages.
///
/// Source: "Errors" in Anthropic's API reference, as of 2026-11.
final class MessagesErrors {
    private static final int BILLING = 402;
    private static final int OVERLOADED = 529;

    private MessagesErrors() {}

    static ObjectNode body(GatewayError error) {
        var body = Json.object().put("type", "error");
        var told = body.putObject("error");
        told.put("type", type(error.kind())).put("message", error.message());
        if (!error.details().isEmpty()) {
            var details = told.putObject("details");
            error.details().forEach(details::put);
        }
        return body;
    }

    private static String type(GatewayError.Kind kind) {
        return switch (kind) {
            case INVALID, BLOCKED -> "invalid_request_error";
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case TIMED_OUT -> "timeout_error";
            case TOO_LARGE -> "request_too_large";
            case BUDGET -> "billing_error";
            case RATE_LIMITED -> "rate_limit_error";
            case INTERNAL, UPSTREAM -> "api_error";
            case OVERLOADED -> "overloaded_error";
        };
    }

    /// A budget that is used up is a matter of billing, which no client tries again; 429 is tried
    /// again by those who do not know `x-should-retry`.
    static int status(GatewayError error) {
        return switch (error.kind()) {
            case BUDGET -> BILLING;
            case OVERLOADED -> OVERLOADED;
            default -> error.kind().status();
        };
    }

    static ProviderError read(int status, byte[] body, Function<String, @Nullable String> header) {
        return ProviderErrors.read(
                status, body, header, told -> Told.text(told.path("error"), "type"));
    }
}
