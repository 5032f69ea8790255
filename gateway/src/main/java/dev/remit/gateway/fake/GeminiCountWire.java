package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// `countTokens`, from the vendor's side; nothing is billed.
///
/// Source: Google's Gemini API reference, "Counting tokens".
final class GeminiCountWire extends Gemini {
    private static final Set<String> FIELDS =
            Set.of("contents", "generateContentRequest", "systemInstruction", "tools");

    @Override
    public void check(FakeRequest request) throws Refused {
        var body = request.body();
        var unknown = JsonNodes.unknown(body, FIELDS);
        if (unknown != null) {
            throw unknownField(unknown, "");
        }
        var inner = body.path("generateContentRequest");
        var contents = inner.isObject() ? inner.path("contents") : body.path("contents");
        Refused.unless(
                !contents.isEmpty(), "* CountTokensRequest.contents: contents is not specified\n");
    }

    @Override
    public boolean isBilled() {
        return false;
    }

    @Override
    public Asked asked(FakeRequest request) {
        return Asked.plain("");
    }

    @Override
    public JsonNode whole(FakeRequest request, Said said) {
        long tokens = Speech.input(request);
        var counted = Json.object().put("totalTokens", tokens);
        counted.putArray("promptTokensDetails")
                .addObject()
                .put("modality", "TEXT")
                .put("tokenCount", tokens);
        return counted;
    }

    @Override
    public List<byte[]> stream(FakeRequest request, Said said) {
        throw new IllegalStateException("a count does not stream");
    }
}
