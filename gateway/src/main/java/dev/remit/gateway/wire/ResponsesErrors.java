package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Errors of OpenAI's Responses API.
final class ResponsesErrors {
    private ResponsesErrors() {}

    /// What stands in `error`.
    static ObjectNode error(GatewayError error) {
        var told =
                Json.object()
                        .put("message", error.message())
                        .put("type", type(error.kind()))
                        .putNull("param")
                        .put("code", code(error.kind()));
        if (!error.details().isEmpty()) {
            var details = told.putObject("details");
            error.details().forEach(details::put);
        }
        return told;
    }

    private static String type(GatewayError.Kind kind) {
        return switch (kind) {
            case INVALID, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_LARGE, BLOCKED ->
                    "invalid_request_error";
            case BUDGET -> "insufficient_quota";
            case RATE_LIMITED -> "rate_limit_error";
            case TIMED_OUT, INTERNAL, UPSTREAM, OVERLOADED -> "server_error";
        };
    }

    static String code(GatewayError.Kind kind) {
        return switch (kind) {
            case INVALID -> "invalid_request";
            case UNAUTHENTICATED -> "invalid_api_key";
            case FORBIDDEN -> "permission_denied";
            case NOT_FOUND -> "model_not_found";
            case TOO_LARGE -> "request_too_large";
            case BLOCKED -> "content_policy_violation";
            case BUDGET -> "insufficient_quota";
            case RATE_LIMITED -> "rate_limit_exceeded";
            case TIMED_OUT -> "timeout";
            case INTERNAL, UPSTREAM -> "server_error";
            case OVERLOADED -> "server_is_overloaded";
        };
    }

    static ProviderError read(int status, byte[] body, Function<String, @Nullable String> header) {
        return ProviderErrors.read(status, body, header, told -> code(told.path("error")));
    }

    static ProviderError inStream(JsonNode error) {
        return ProviderErrors.inStream(Told.text(error, "message"), code(error));
    }

    private static String code(JsonNode error) {
        var code = Told.text(error, "code");
        return code.isEmpty() ? Told.text(error, "type") : code;
    }
}
