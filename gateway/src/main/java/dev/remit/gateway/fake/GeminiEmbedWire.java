package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `embedContent` and `batchEmbedContents`, from the vendor's side. The vendor tells no usage.
///
/// Source: Google's Gemini API reference, "Embeddings".
final class GeminiEmbedWire extends Gemini {
    private static final Set<String> FIELDS =
            Set.of("content", "model", "outputDimensionality", "taskType", "title");
    private static final int DIMENSIONS = 3072;

    private final boolean batch;

    GeminiEmbedWire(boolean batch) {
        this.batch = batch;
    }

    @Override
    public void check(FakeRequest request) throws Refused {
        var body = request.body();
        if (!batch) {
            one(body, "EmbedContentRequest");
            return;
        }
        Refused.unless(
                !body.path("requests").isEmpty(),
                "* BatchEmbedContentsRequest.requests: at least one request is required\n");
        for (var each : body.path("requests")) {
            one(each, "BatchEmbedContentsRequest.requests[0]");
            Refused.unless(
                    JsonNodes.is(each, "model", "models/" + request.model()),
                    "* BatchEmbedContentsRequest.requests[0].model: must match the model of the"
                            + " batch\n");
        }
    }

    private static void one(JsonNode request, String at) throws Refused {
        var unknown = JsonNodes.unknown(request, FIELDS);
        if (unknown != null) {
            throw unknownField(unknown, "");
        }
        Refused.unless(
                !request.path("content").path("parts").isEmpty(),
                "* " + at + ".content: contents is not specified\n");
    }

    @Override
    public Asked asked(FakeRequest request) {
        return Asked.plain("");
    }

    @Override
    public JsonNode whole(FakeRequest request, Said said) {
        var body = Json.object();
        if (batch) {
            var list = body.putArray("embeddings");
            request.body().path("requests").forEach(each -> list.add(embedding(each)));
        } else {
            body.set("embedding", embedding(request.body()));
        }
        return body;
    }

    private static ObjectNode embedding(JsonNode request) {
        var text = new StringBuilder();
        for (var part : request.path("content").path("parts")) {
            text.append(JsonNodes.text(part, "text"));
        }
        int dimensions = request.path("outputDimensionality").asInt(DIMENSIONS);
        return Json.object()
                .set("values", Vectors.numbers(Vectors.of(text.toString(), dimensions)));
    }

    @Override
    public List<byte[]> stream(FakeRequest request, Said said) {
        throw new IllegalStateException("embeddings do not stream");
    }
}
