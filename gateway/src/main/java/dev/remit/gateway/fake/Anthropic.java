package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What Anthropic's endpoints have in common.
///
/// Source: Anthropic's API reference, "Errors" and "Rate limits".
abstract class Anthropic implements Wire {
    @Override
    public String vendor() {
        return "anthropic";
    }

    @Override
    public String key(FakeRequest request) {
        return request.header("x-api-key")
                .or(() -> request.header("authorization").map(a -> a.replaceFirst("^Bearer ", "")))
                .orElse("");
    }

    @Override
    public void wrongKey(FakeRequest request) throws Refused {
        // the vendor does not quote it; this one is worse
        throw new Refused(401, "invalid x-api-key: " + key(request), null, null);
    }

    @Override
    public void unknownModel(FakeRequest request) throws Refused {
        throw new Refused(404, "model: " + request.model(), null, null);
    }

    @Override
    public JsonNode error(Refused refused, String id) {
        return error(type(refused.status), refused.says, id);
    }

    private static ObjectNode error(String type, String message, String id) {
        var error = Json.object().put("type", "error");
        error.putObject("error").put("type", type).put("message", message);
        return error.put("request_id", "req_" + id);
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }

    @Override
    public byte[] errorEvent(FakeRequest request, String type, String message) {
        return Sse.named("error", error(type, message, "fake"));
    }

    @Override
    public byte[] ping(FakeRequest request) {
        return Sse.named("ping", Json.object().put("type", "ping"));
    }

    @Override
    public Map<String, String> headers(String id) {
        return Map.of(
                "request-id",
                "req_" + id,
                "anthropic-organization-id",
                "00000000-0000-0000-0000-000000000000");
    }

    @Override
    public Map<String, String> errorHeaders(Refused refused) {
        boolean retry = refused.status == 408 || refused.status == 409 || refused.status == 429;
        return Map.of("x-should-retry", String.valueOf(retry || refused.status >= 500));
    }

    @Override
    public Map<String, String> rates(Allowance allowance) {
        var headers = new LinkedHashMap<String, String>();
        var reset = allowance.now().plus(allowance.reset()).truncatedTo(ChronoUnit.SECONDS);
        headers.put("anthropic-ratelimit-requests-limit", String.valueOf(allowance.limit()));
        headers.put(
                "anthropic-ratelimit-requests-remaining", String.valueOf(allowance.remaining()));
        headers.put("anthropic-ratelimit-requests-reset", reset.toString());
        if (!allowance.granted()) {
            long seconds = Math.max(1, allowance.retry().plusMillis(999).toSeconds());
            headers.put("retry-after", String.valueOf(seconds));
        }
        return headers;
    }
}
