package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What Gemini's endpoints have in common.
///
/// Source: Google's "Gemini API reference" and google.rpc.Status.
abstract class Gemini implements Wire {
    @Override
    public String vendor() {
        return "gemini";
    }

    @Override
    public String key(FakeRequest request) {
        return request.header("x-goog-api-key")
                .or(() -> Optional.ofNullable(request.query().get("key")))
                .or(() -> request.header("authorization").map(a -> a.replaceFirst("^Bearer ", "")))
                .orElse("");
    }

    @Override
    public void wrongKey(FakeRequest request) throws Refused {
        if (key(request).isEmpty()) {
            throw new Refused(
                    403,
                    "Method doesn't allow unregistered callers (callers without established"
                            + " identity). Please use API Key or other form of API consumer identity"
                            + " to call this API.",
                    null,
                    null);
        }
        throw new Refused(
                400, "API key not valid. Please pass a valid API key.", null, "API_KEY_INVALID");
    }

    @Override
    public void unknownModel(FakeRequest request) throws Refused {
        throw new Refused(
                404,
                "models/"
                        + request.model()
                        + " is not found for API version v1beta, or is not supported for this"
                        + " method. Call ListModels to see the list of available models and their"
                        + " supported methods.",
                null,
                null);
    }

    static Refused unknownField(String name, String at) {
        return new Refused(
                400,
                "Invalid JSON payload received. Unknown name \""
                        + name
                        + "\""
                        + (at.isEmpty() ? "" : " at '" + at + "'")
                        + ": Cannot find field.",
                at.isEmpty() ? null : at,
                null);
    }

    @Override
    public JsonNode error(Refused refused, String id) {
        var body = error(refused.status, refused.says, status(refused.status));
        var error = (ObjectNode) body.required("error");
        var code = refused.code;
        var param = refused.param;
        if (code != null) {
            error.putArray("details")
                    .addObject()
                    .put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                    .put("reason", code)
                    .put("domain", "googleapis.com");
        } else if (param != null) {
            error.putArray("details")
                    .addObject()
                    .put("@type", "type.googleapis.com/google.rpc.BadRequest")
                    .putArray("fieldViolations")
                    .addObject()
                    .put("field", param)
                    .put("description", refused.says);
        } else if (refused.status == 429) {
            error.putArray("details")
                    .addObject()
                    .put("@type", "type.googleapis.com/google.rpc.RetryInfo")
                    .put("retryDelay", "1s");
        }
        return body;
    }

    static ObjectNode error(int code, String message, String status) {
        var error = Json.object();
        error.putObject("error").put("code", code).put("message", message).put("status", status);
        return error;
    }

    private static String status(int status) {
        return switch (status) {
            case 400 -> "INVALID_ARGUMENT";
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 409 -> "ABORTED";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 499 -> "CANCELLED";
            case 503 -> "UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status >= 500 ? "INTERNAL" : "FAILED_PRECONDITION";
        };
    }

    @Override
    public byte[] errorEvent(FakeRequest request, String type, String message) {
        var word = type.toLowerCase(Locale.ROOT);
        int code =
                word.contains("rate_limit") || word.contains("exhausted")
                        ? 429
                        : word.contains("invalid") ? 400 : word.contains("overloaded") ? 503 : 500;
        var error = error(code, message, status(code));
        return isArray(request) ? Sse.bytes(",\r\n" + Json.write(error)) : Sse.data(error);
    }

    /// Without `alt=sse` a stream is one JSON list.
    static boolean isArray(FakeRequest request) {
        return !"sse".equals(request.query().get("alt"));
    }

    @Override
    public byte[] ping(FakeRequest request) {
        return isArray(request) ? Sse.bytes("\n") : Sse.bytes(": ping\n\n");
    }

    @Override
    public byte[] garbage(FakeRequest request) {
        return isArray(request) ? Sse.bytes(",{\"not\": json") : Wire.super.garbage(request);
    }

    @Override
    public Map<String, String> headers(String id) {
        return Map.of("server", "scaffolding on HTTPServer2", "x-goog-request-id", id);
    }

    @Override
    public Map<String, String> rates(Allowance allowance) {
        return Map.of(); // this vendor tells it in the error's details only
    }
}
