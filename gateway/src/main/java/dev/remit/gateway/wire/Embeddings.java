package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAI's `/embeddings`, which most vendors speak, and how Gemini is asked for the same by
/// batchEmbedContents.
public final class Embeddings {
    /// Gemini's own limit of one batch.
    public static final int GEMINI_MOST = 100;

    private Embeddings() {}

    /// What must be known of a request. All of its input is in it: no input has more tokens than
    /// bytes, nor has a list of tokens.
    ///
    /// @param model as the client names it
    /// @param inputs how many are to be embedded
    /// @param base64 whether the client wants its numbers as base64 of little-endian floats, as
    ///   OpenAI's own clients do
    public record Asked(
            String model, int inputs, boolean base64, @Nullable String user, int bytes) {}

    /// @throws BadRequest if it is no such request
    public static Asked facts(byte[] body) throws BadRequest {
        var found = new Found();
        var inputs = new int[1];
        var base64 = new boolean[1];
        Scan.over(
                body,
                (name, value) -> {
                    switch (name) {
                        case "model" -> found.model = value.text(name);
                        case "user" -> found.user = value.text(name);
                        case "encoding_format" -> base64[0] = value.startsWith("base64");
                        case "input" -> inputs[0] = inputs(value);
                        default -> {}
                    }
                });
        if (inputs[0] == 0) {
            throw new BadRequest("`input` is missing: give a text or a list of texts.");
        }
        var facts = found.facts(body.length);
        return new Asked(facts.model(), inputs[0], base64[0], facts.user(), facts.bytes());
    }

    private static int inputs(Scan value) throws BadRequest {
        if (value.isText()) {
            return 1;
        }
        if (!value.isList()) {
            throw value.wrong("input", "a text or a list");
        }
        var many = new int[1];
        var count =
                value.elements((_, element) -> {
                    if (element.isText() || element.isList()) {
                        many[0]++;
                    }
                });
        if (many[0] != 0 && many[0] != count) {
            throw new BadRequest("`input` mixes texts or lists with numbers.");
        }
        return many[0] == 0 ? Math.min(count, 1) : count; // numbers are the tokens of one
    }

    /// @return the same request with another model, nothing else touched
    public static byte[] splice(byte[] body, String model) throws BadRequest {
        var splice = new Splice(body);
        Scan.over(
                body,
                (name, value) -> {
                    if (name.equals("model")) {
                        splice.replace(value.range(), Json.write(Json.text(model)));
                    }
                });
        return splice.done();
    }

    /// What an answer of OpenAI's form says was used. The vectors are passed over.
    ///
    /// @throws Garbage if it is no such answer, or has no vectors
    public static Usage usage(byte[] answer) throws Garbage {
        var vectors = false;
        JsonNode usage = Json.object();
        try (var parser = Strict.parser(answer)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Garbage("The answer is no JSON object.");
            }
            for (String name; (name = parser.nextName()) != null; ) {
                var token = parser.nextToken();
                if (name.equals("data") && token == JsonToken.START_ARRAY) {
                    vectors = parser.nextToken() == JsonToken.START_OBJECT;
                    skipRest(parser);
                } else if (name.equals("usage") && token == JsonToken.START_OBJECT) {
                    var from = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    var to = (int) parser.currentLocation().getByteOffset();
                    usage = Strict.parse(Arrays.copyOfRange(answer, from, to));
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException e) {
            throw new Garbage("The answer is no JSON: " + e.getOriginalMessage());
        }
        if (!vectors) {
            throw new Garbage("The answer has no embeddings.");
        }
        var tokens =
                Math.max(Told.count(usage, "prompt_tokens"), Told.count(usage, "total_tokens"));
        return new Usage(tokens, 0, 0, 0, 0);
    }

    /// To the end of the list, in whose first element the parser stands.
    private static void skipRest(JsonParser parser) {
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            parser.skipChildren();
            parser.nextToken();
        }
    }

    // ---- Gemini

    /// @param model as Google names it
    /// @return the body for `models/{model}:batchEmbedContents`
    /// @throws BadRequest if Gemini cannot take it, such as tokens instead of text
    public static byte[] toGemini(byte[] body, String model) throws BadRequest {
        var given = Given.body(body);
        var input = given.get("input");
        if (input == null) {
            throw new BadRequest("`input` is missing: give a text or a list of texts.");
        }
        var dimensions = given.count("dimensions");
        var batch = Json.object();
        var requests = batch.putArray("requests");
        if (input.isText()) {
            put(requests.addObject(), model, input.asText(), dimensions);
        } else {
            for (var text : input.elements()) {
                if (!text.isText()) {
                    throw text.refused(
                            "this model takes texts alone: send the text rather than its tokens.");
                }
                put(requests.addObject(), model, text.asText(), dimensions);
            }
        }
        if (requests.isEmpty() || requests.size() > GEMINI_MOST) {
            throw input.refused(
                    "this model takes from 1 to "
                            + GEMINI_MOST
                            + " inputs at once, and "
                            + requests.size()
                            + " came: send them in several requests.");
        }
        return Strict.bytes(batch);
    }

    private static void put(
            ObjectNode request, String model, String text, @Nullable Integer dimensions) {
        request.put("model", model.startsWith("models/") ? model : "models/" + model);
        request.putObject("content").putArray("parts").addObject().put("text", text);
        if (dimensions != null) {
            request.put("outputDimensionality", dimensions);
        }
    }

    /// @return what Google says was used; absent if it does not say, as most of its models
    /// @throws Garbage if the answer is none
    public static @Nullable Usage geminiUsage(byte[] answer) throws Garbage {
        var told = Told.object(answer).path("usageMetadata");
        var tokens =
                Math.max(Told.count(told, "promptTokenCount"), Told.count(told, "totalTokenCount"));
        return tokens == 0 ? null : new Usage(tokens, 0, 0, 0, 0);
    }

    /// The answer in OpenAI's form.
    ///
    /// @param model as the client is to see it
    /// @param tokens that were used, as the ledger has them
    /// @throws Garbage if there is not one vector for each input
    public static byte[] fromGemini(byte[] answer, Asked asked, String model, long tokens)
            throws Garbage {
        var vectors = Told.object(answer).path("embeddings");
        if (vectors.size() != asked.inputs()) {
            throw new Garbage(
                    "The answer has "
                            + vectors.size()
                            + " embeddings for "
                            + asked.inputs()
                            + " inputs.");
        }
        var body = Json.object().put("object", "list");
        var data = body.putArray("data");
        for (int i = 0; i < vectors.size(); i++) {
            var values = vectors.path(i).path("values");
            if (!values.isArray() || values.isEmpty()) {
                throw new Garbage("Embedding " + i + " has no values.");
            }
            var entry = data.addObject().put("object", "embedding").put("index", i);
            if (asked.base64()) {
                entry.put("embedding", base64(values));
            } else {
                entry.set("embedding", values);
            }
        }
        body.put("model", model);
        body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return Strict.bytes(body);
    }

    private static String base64(JsonNode values) {
        var floats = ByteBuffer.allocate(values.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (var value : values) {
            floats.putFloat((float) value.asDouble(0));
        }
        return Base64.getEncoder().encodeToString(floats.array());
    }
}
