package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// OpenAI's `/embeddings`, which all vendors speak that Remit asks for vectors, Google among them.
public final class Embeddings {
    private Embeddings() {}

    /// What must be known of a request. All of its input is in it: no input has more tokens than
    /// bytes, nor has a list of tokens.
    ///
    /// @param model as the client names it
    /// @param inputs how many are to be embedded
    public record Asked(String model, int inputs, @Nullable String user, int bytes) {}

    /// @throws BadRequest if it is no such request
    public static Asked facts(byte[] body) throws BadRequest {
        var found = new Found();
        var inputs = new int[1];
        Scan.over(
                body,
                (name, value) -> {
                    switch (name) {
                        case "model" -> found.model = value.text(name);
                        case "user" -> found.user = value.text(name);
                        case "input" -> inputs[0] = inputs(value);
                        default -> {}
                    }
                });
        if (inputs[0] == 0) {
            throw new BadRequest("`input` is missing: give a text or a list of texts.");
        }
        var facts = found.facts(body.length);
        return new Asked(facts.model(), inputs[0], facts.user(), facts.bytes());
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
}
