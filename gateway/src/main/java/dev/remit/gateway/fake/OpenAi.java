package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What OpenAI's endpoints have in common; Azure's are the same under other paths, with the key in
/// another header.
///
/// Source: OpenAI's API reference, "Error codes" and "Rate limits".
abstract class OpenAi implements Wire {
    static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private static final Pattern REASONING = Pattern.compile("(o[1-9]|gpt-5).*");

    @Override
    public String vendor() {
        return "openai";
    }

    @Override
    public String key(FakeRequest request) {
        return request.header("authorization")
                .map(given -> given.replaceFirst("^Bearer ", ""))
                .or(() -> request.header("api-key"))
                .orElse("");
    }

    @Override
    public void wrongKey(FakeRequest request) throws Refused {
        // the vendor quotes a part of the key; this one is worse
        throw new Refused(
                401, "Incorrect API key provided: " + key(request), null, "invalid_api_key");
    }

    @Override
    public void unknownModel(FakeRequest request) throws Refused {
        throw new Refused(
                404,
                "The model `"
                        + request.model()
                        + "` does not exist or you do not have access to it.",
                null,
                "model_not_found");
    }

    static boolean isReasoning(String model) {
        return REASONING.matcher(model).matches();
    }

    static Refused missing(String field) {
        return new Refused(
                400,
                "Missing required parameter: '" + field + "'.",
                field,
                "missing_required_parameter");
    }

    static Refused unknownField(String field) {
        return new Refused(400, "Unrecognized request argument supplied: " + field, null, null);
    }

    static Refused unsupported(String field, String says) {
        return new Refused(400, says, field, "unsupported_parameter");
    }

    @Override
    public JsonNode error(Refused refused, String id) {
        return error(type(refused.status), refused.says, refused.param, refused.code);
    }

    static ObjectNode error(
            String type, String message, @Nullable String param, @Nullable String code) {
        var error = Json.object();
        error.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return error;
    }

    static String type(int status) {
        return switch (status) {
            case 429 -> "requests";
            case 403 -> "insufficient_permissions";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    @Override
    public byte[] errorEvent(FakeRequest request, String type, String message) {
        return Sse.data(error(type, message, null, null));
    }

    @Override
    public byte[] ping(FakeRequest request) {
        return Sse.bytes(": ping\n\n");
    }

    @Override
    public Map<String, String> headers(String id) {
        return Map.of(
                "x-request-id", "req_" + id,
                "openai-version", "2020-10-01",
                "openai-processing-ms", "1");
    }

    @Override
    public Map<String, String> rates(Allowance allowance) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("x-ratelimit-limit-requests", String.valueOf(allowance.limit()));
        headers.put("x-ratelimit-remaining-requests", String.valueOf(allowance.remaining()));
        headers.put("x-ratelimit-reset-requests", written(allowance.reset()));
        if (!allowance.granted()) {
            var wait = allowance.retry();
            headers.put("retry-after-ms", String.valueOf(Math.max(1, wait.toMillis())));
            headers.put(
                    "retry-after", String.valueOf(Math.max(1, wait.plusMillis(999).toSeconds())));
        }
        return headers;
    }

    /// As this vendor writes it: `120ms`, `6.5s`, `1m2s`.
    private static String written(Duration duration) {
        var text = new StringBuilder();
        if (duration.toMinutes() > 0) {
            text.append(duration.toMinutes()).append('m');
        }
        long millis = duration.toMillis() % 60_000;
        if (duration.toMillis() < 1000) {
            return millis + "ms";
        }
        text.append(millis / 1000);
        if (millis % 1000 != 0) {
            text.append('.').append("%03d".formatted(millis % 1000).replaceFirst("0+$", ""));
        }
        return text.append('s').toString();
    }

    /// Everything that was read, the cached included.
    static long read(Usage usage) {
        return usage.input() + usage.cacheRead() + usage.cacheWrite();
    }
}
