package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Google's `embedContent` and `batchEmbedContents`, and how they are said in OpenAI's words.
///
/// OpenAI's form has no place for what a vector is for and for the title of what it is of. They are
/// handed to models of Google in Google's own words, and left out for others, which make the same
/// vectors for every use.
///
/// Source: Google's Gemini API reference, "Embeddings"; OpenAI's, "Embeddings".
public final class GeminiEmbeddings {
    private GeminiEmbeddings() {}

    /// What a client wants.
    ///
    /// @param model as it is named in the path
    /// @param batch whether the answer is a list
    public record Asked(String model, boolean batch, List<One> inputs) {
        public Asked {
            inputs = List.copyOf(inputs);
        }

        /// Whether it says what only Google's models understand.
        public boolean isHinted() {
            return inputs.stream().anyMatch(one -> one.task() != null || one.title() != null);
        }

        /// In OpenAI's words.
        ///
        /// @param name of the model
        /// @throws BadRequest if the vectors are to be of different sizes
        public byte[] inOpenAi(String name) throws BadRequest {
            var dimensions = inputs.getFirst().dimensions();
            var body = Json.object().put("model", name).put("encoding_format", "float");
            var input = body.putArray("input");
            for (var one : inputs) {
                if (!Objects.equals(one.dimensions(), dimensions)) {
                    throw new BadRequest(
                            "`outputDimensionality` differs within the batch: give one for all, or"
                                    + " send a batch for each.");
                }
                input.add(one.text());
            }
            if (dimensions != null) {
                body.put("dimensions", dimensions);
            }
            return Strict.bytes(body);
        }

        /// In Google's words, as a batch.
        ///
        /// @param name of the model
        public byte[] inGemini(String name) {
            var body = Json.object();
            var requests = body.putArray("requests");
            for (var one : inputs) {
                var request = requests.addObject().put("model", "models/" + name);
                request.putObject("content").putArray("parts").addObject().put("text", one.text());
                if (one.dimensions() != null) {
                    request.put("outputDimensionality", one.dimensions());
                }
                if (one.task() != null) {
                    request.put("taskType", one.task());
                }
                if (one.title() != null) {
                    request.put("title", one.title());
                }
            }
            return Strict.bytes(body);
        }
    }

    /// One text of which a vector is wanted.
    ///
    /// @param dimensions absent: as many as the model makes
    /// @param task what the vector is for, such as `RETRIEVAL_QUERY`
    public record One(
            String text,
            @Nullable Integer dimensions,
            @Nullable String task,
            @Nullable String title) {}

    /// @param model as the path names it
    /// @throws BadRequest if it is no such request, or asks for what no text is
    public static Asked read(byte[] body, String model, boolean batch) throws BadRequest {
        var given = Given.body(body);
        var inputs = new ArrayList<One>();
        if (batch) {
            for (var request : given.objects("requests")) {
                inputs.add(one(request));
            }
            if (inputs.isEmpty()) {
                throw new BadRequest("`requests` is missing: give at least one.");
            }
        } else {
            inputs.add(one(given));
        }
        return new Asked(model, batch, inputs);
    }

    private static One one(Given request) throws BadRequest {
        var text = new StringBuilder();
        for (var part : request.needObject("content").objects("parts")) {
            var words = part.text("text");
            if (words == null) {
                throw part.refused("only texts are embedded here: give a `text`.");
            }
            text.append(words);
        }
        if (text.isEmpty()) {
            throw request.refused("`content` has no text to embed.");
        }
        // Newer clients say the same within a configuration.
        var config = request.object("embedContentConfig");
        var said = config == null ? request : config;
        var dimensions = said.count("outputDimensionality");
        return new One(
                text.toString(),
                dimensions == null || dimensions == 0 ? null : dimensions,
                said.text("taskType"),
                said.text("title"));
    }

    // ---- answers

    /// What came in OpenAI's words, as a client of Google's wants it.
    ///
    /// @throws Garbage if it is no such answer
    public static byte[] write(byte[] openAi, boolean batch) throws Garbage {
        var vectors = vectors(parse(openAi).path("data"), "embedding");
        var body = Json.object();
        if (batch) {
            var list = body.putArray("embeddings");
            vectors.forEach(vector -> list.addObject().set("values", vector));
        } else {
            body.putObject("embedding").set("values", vectors.getFirst());
        }
        return Strict.bytes(body);
    }

    /// What came in Google's words, in OpenAI's. Google may not tell what was used.
    ///
    /// @throws Garbage if it is no such answer
    public static byte[] toOpenAi(byte[] gemini, String model) throws Garbage {
        var answer = parse(gemini);
        var body = Json.object().put("object", "list");
        var data = body.putArray("data");
        var vectors = vectors(answer.path("embeddings"), "values");
        for (int i = 0; i < vectors.size(); i++) {
            data.addObject()
                    .put("object", "embedding")
                    .put("index", i)
                    .set("embedding", vectors.get(i));
        }
        var tokens = Told.count(answer.path("usageMetadata"), "promptTokenCount");
        body.put("model", model)
                .putObject("usage")
                .put("prompt_tokens", tokens)
                .put("total_tokens", tokens);
        return Strict.bytes(body);
    }

    private static JsonNode parse(byte[] answer) throws Garbage {
        try {
            return Strict.parse(answer);
        } catch (JacksonException e) {
            throw new Garbage("The answer is no JSON: " + e.getOriginalMessage());
        }
    }

    private static List<JsonNode> vectors(JsonNode list, String field) throws Garbage {
        var vectors = new ArrayList<JsonNode>();
        for (var each : list) {
            var vector = each.path(field);
            if (!vector.isArray() || vector.isEmpty()) {
                throw new Garbage("The answer has an embedding that is no list of numbers.");
            }
            vectors.add(vector);
        }
        if (vectors.isEmpty()) {
            throw new Garbage("The answer has no embeddings.");
        }
        return vectors;
    }
}
