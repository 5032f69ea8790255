package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// How Bedrock knows its callers and says what is wrong. A signature's form is looked at; whether
/// it is right is not, since the secret is not known here.
///
/// Source: AWS's "Signature Version 4" and Bedrock's "Common Errors".
abstract class Bedrock implements Wire {
    private static final Pattern SIGNED =
            Pattern.compile(
                    "AWS4-HMAC-SHA256 Credential=([A-Z0-9]{4,128})/(\\d{8})/([a-z0-9-]+)/bedrock/aws4_request,"
                            + " ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}");
    private static final Pattern DATE = Pattern.compile("\\d{8}T\\d{6}Z");

    @Override
    public String vendor() {
        return "bedrock";
    }

    private static Optional<Matcher> signature(FakeRequest request) {
        return request.header("authorization").map(SIGNED::matcher).filter(Matcher::matches);
    }

    @Override
    public String key(FakeRequest request) {
        return signature(request)
                .map(signed -> signed.group(1))
                .or(() -> request.header("authorization").map(a -> a.replaceFirst("^Bearer ", "")))
                .orElse("");
    }

    @Override
    public void wrongKey(FakeRequest request) throws Refused {
        throw new Refused(
                403,
                key(request).isEmpty()
                        ? "Missing Authentication Token"
                        : "The security token included in the request is invalid.",
                null,
                "UnrecognizedClientException");
    }

    /// Whether the signature has the form that it must have.
    static void signed(FakeRequest request) throws Refused {
        var given = request.header("authorization").orElse("");
        if (!given.startsWith("AWS4-")) {
            return; // a bearer token, or nothing: if a key is needed, it is missed
        }
        var signed = signature(request).orElse(null);
        if (signed == null) {
            throw new Refused(
                    403,
                    "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature'"
                            + " parameters in their form.",
                    null,
                    "IncompleteSignatureException");
        }
        var date = request.header("x-amz-date").orElse("");
        var headers = Set.of(signed.group(4).split(";"));
        if (!DATE.matcher(date).matches()
                || !date.startsWith(signed.group(2))
                || !headers.contains("host")
                || !headers.contains("x-amz-date")) {
            throw new Refused(
                    403,
                    "The request signature we calculated does not match the signature you provided.",
                    null,
                    "InvalidSignatureException");
        }
    }

    @Override
    public void unknownModel(FakeRequest request) throws Refused {
        throw new Refused(
                400, "The provided model identifier is invalid.", null, "ValidationException");
    }

    @Override
    public JsonNode error(Refused refused, String id) {
        return Json.object().put("message", refused.says);
    }

    @Override
    public Map<String, String> errorHeaders(Refused refused) {
        var code = refused.code;
        return Map.of("x-amzn-errortype", code == null ? type(refused.status) : code);
    }

    private static String type(int status) {
        return switch (status) {
            case 403 -> "AccessDeniedException";
            case 404 -> "ResourceNotFoundException";
            case 408 -> "ModelTimeoutException";
            case 424 -> "ModelErrorException";
            case 429 -> "ThrottlingException";
            case 503 -> "ServiceUnavailableException";
            default -> status >= 500 ? "InternalServerException" : "ValidationException";
        };
    }

    @Override
    public byte[] errorEvent(FakeRequest request, String type, String message) {
        var name =
                type.contains("rate_limit")
                        ? "throttlingException"
                        : type.contains("overloaded")
                                ? "serviceUnavailableException"
                                : type.contains("invalid")
                                        ? "validationException"
                                        : "internalServerException";
        var body = Json.object().put("message", message);
        return EventFrame.exception(name, Json.mapper().writeValueAsBytes(body));
    }

    /// There are no signs of life on this wire; an empty frame would be a fault.
    @Override
    public byte[] ping(FakeRequest request) {
        return new byte[0];
    }

    @Override
    public String streamType(FakeRequest request) {
        return "application/vnd.amazon.eventstream";
    }

    @Override
    public Map<String, String> headers(String id) {
        return Map.of("x-amzn-requestid", id);
    }

    @Override
    public Map<String, String> rates(Allowance allowance) {
        return Map.of();
    }
}
