package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Counts what a message would take, from the vendor's side; nothing is billed.
///
/// Source: Anthropic's API reference, "Count Message tokens".
final class CountTokensWire extends Anthropic {
    @Override
    public void check(FakeRequest request) throws Refused {
        MessagesChecks.check(request, true);
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
        return Json.object().put("input_tokens", Speech.input(request));
    }

    @Override
    public List<byte[]> stream(FakeRequest request, Said said) {
        throw new IllegalStateException("a count does not stream");
    }
}
