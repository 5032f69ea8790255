package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Embeddings, from the vendor's side: as numbers, or as the Base64 of 32-bit floats, little end
/// first.
///
/// Source: OpenAI's API reference, "Embeddings".
final class EmbeddingsWire extends OpenAi {
    private static final Set<String> FIELDS =
            Set.of("model", "input", "encoding_format", "dimensions", "user");
    private static final int MOST_INPUTS = 2048;

    @Override
    public void check(FakeRequest request) throws Refused {
        var body = request.body();
        var unknown = JsonNodes.unknown(body, FIELDS);
        if (unknown != null) {
            throw unknownField(unknown);
        }
        Refused.unless(!request.model().isEmpty(), "you must provide a model parameter");
        var inputs = inputs(body.path("input"));
        if (inputs.isEmpty() || inputs.stream().anyMatch(String::isEmpty)) {
            throw new Refused(
                    400, "'$.input' is invalid. Please check the API reference.", null, null);
        }
        if (inputs.size() > MOST_INPUTS) {
            throw Refused.invalid("input", "Invalid 'input': array too long.");
        }
        var format = body.path("encoding_format").asString("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw Refused.invalid("encoding_format", "Invalid value: '" + format + "'.");
        }
    }

    /// Texts, or tokens: one list of numbers is one input.
    private static List<String> inputs(JsonNode input) {
        if (input.isString() || input.path(0).isNumber()) {
            return List.of(input.asString(input.toString()));
        }
        var inputs = new ArrayList<String>();
        input.forEach(i -> inputs.add(i.asString(i.isArray() ? i.toString() : "")));
        return inputs;
    }

    @Override
    public Asked asked(FakeRequest request) {
        return Asked.plain("");
    }

    @Override
    public JsonNode whole(FakeRequest request, Said said) {
        var body = request.body();
        var list = Json.object().put("object", "list");
        var data = list.putArray("data");
        int dimensions = body.path("dimensions").asInt(Vectors.DIMENSIONS);
        boolean text = JsonNodes.is(body, "encoding_format", "base64");
        var inputs = inputs(body.path("input"));
        for (int i = 0; i < inputs.size(); i++) {
            var vector = Vectors.of(inputs.get(i), dimensions);
            var item = data.addObject().put("object", "embedding").put("index", i);
            item.set("embedding", text ? Vectors.base64(vector) : Vectors.numbers(vector));
        }
        list.put("model", said.model());
        list.putObject("usage")
                .put("prompt_tokens", read(said.usage()))
                .put("total_tokens", read(said.usage()));
        return list;
    }

    @Override
    public List<byte[]> stream(FakeRequest request, Said said) {
        throw new IllegalStateException("embeddings do not stream");
    }
}
