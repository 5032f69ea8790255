package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.money.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `generateContent` and `streamGenerateContent`, from the vendor's side.
///
/// Source: Google's Gemini API reference, "Generating content", and "Gemini thinking".
final class GenerateWire extends Gemini {
    @Override
    public void check(FakeRequest request) throws Refused {
        GenerateChecks.check(request.body(), request.model());
    }

    @Override
    public Asked asked(FakeRequest request) {
        var body = request.body();
        var tools = new ArrayList<Asked.Tool>();
        for (var tool : body.path("tools")) {
            for (var function :
                    JsonNodes.either(tool, "functionDeclarations", "function_declarations")) {
                var schema =
                        JsonNodes.either(
                                function, "parametersJsonSchema", "parameters_json_schema");
                tools.add(
                        new Asked.Tool(
                                JsonNodes.text(function, "name"),
                                schema.isMissingNode()
                                        ? JsonNodes.lower(function.path("parameters"))
                                        : schema));
            }
        }
        var config = config(body);
        var contents = body.path("contents");
        var last = contents.path(contents.size() - 1).path("parts").path(0);
        return new Asked(
                tools,
                choice(body),
                schema(config),
                lastText(contents),
                last.has("functionResponse") || last.has("function_response"),
                JsonNodes.whole(JsonNodes.either(config, "maxOutputTokens", "max_output_tokens")),
                JsonNodes.texts(JsonNodes.either(config, "stopSequences", "stop_sequences")),
                Math.max(
                        1, JsonNodes.either(config, "candidateCount", "candidate_count").asInt(1)));
    }

    private static JsonNode config(JsonNode body) {
        return JsonNodes.either(body, "generationConfig", "generation_config");
    }

    private static @Nullable JsonNode schema(JsonNode config) {
        if (!JsonNodes.either(config, "responseMimeType", "response_mime_type")
                .asString("")
                .equals("application/json")) {
            return null;
        }
        for (var field :
                new String[] {
                    "responseJsonSchema",
                    "_responseJsonSchema",
                    "response_json_schema",
                    "responseSchema",
                    "response_schema"
                }) {
            if (config.has(field)) {
                return JsonNodes.lower(config.required(field));
            }
        }
        return Json.object();
    }

    private static Asked.Choice choice(JsonNode body) {
        var calling =
                JsonNodes.either(
                        JsonNodes.either(body, "toolConfig", "tool_config"),
                        "functionCallingConfig",
                        "function_calling_config");
        var names = JsonNodes.either(calling, "allowedFunctionNames", "allowed_function_names");
        return switch (JsonNodes.text(calling, "mode")) {
            case "NONE" -> Asked.Choice.NONE;
            case "ANY" ->
                    names.isEmpty()
                            ? Asked.Choice.ANY
                            : Asked.Choice.of(names.path(0).asString(""));
            default -> Asked.Choice.AUTO;
        };
    }

    private static String lastText(JsonNode contents) {
        for (int i = contents.size() - 1; i >= 0; i--) {
            var text = new StringBuilder();
            for (var part : contents.path(i).path("parts")) {
                text.append(JsonNodes.text(part, "text"));
            }
            if (!text.isEmpty() && !JsonNodes.is(contents.path(i), "role", "model")) {
                return text.toString();
            }
        }
        return "";
    }

    @Override
    public String streamType(FakeRequest request) {
        return isArray(request) ? "application/json; charset=UTF-8" : Sse.TYPE;
    }

    @Override
    public List<byte[]> stream(FakeRequest request, Said said) {
        var chunks = new ArrayList<JsonNode>();
        for (var part : parts(request, said)) {
            if (!part.has("text")) {
                chunks.add(chunk(said, part));
                continue;
            }
            var pieces = Sse.pieces(JsonNodes.text(part, "text"));
            for (int i = 0; i < pieces.size(); i++) {
                var piece = part.deepCopy().put("text", pieces.get(i));
                if (i < pieces.size() - 1) {
                    piece.remove("thoughtSignature");
                }
                chunks.add(chunk(said, piece));
            }
        }
        var last = chunk(said, Json.object().put("text", ""));
        var candidate = (ObjectNode) last.required("candidates").path(0);
        candidate.put("finishReason", stop(said));
        last.set("usageMetadata", usage(said.usage()));
        chunks.add(last);
        return isArray(request) ? list(chunks) : chunks.stream().map(Sse::data).toList();
    }

    private static List<byte[]> list(List<JsonNode> chunks) {
        var events = new ArrayList<byte[]>();
        for (int i = 0; i < chunks.size(); i++) {
            events.add(Sse.bytes((i == 0 ? "[" : ",\r\n") + Json.write(chunks.get(i))));
        }
        events.add(Sse.bytes("\n]\n"));
        return events;
    }

    /// Every chunk tells what was used so far.
    private static ObjectNode chunk(Said said, ObjectNode part) {
        var chunk = Json.object();
        var candidate = chunk.putArray("candidates").addObject();
        var content = candidate.putObject("content");
        content.putArray("parts").add(part);
        content.put("role", "model");
        candidate.put("index", 0);
        var usage = said.usage();
        chunk.set("usageMetadata", usage(usage, 0, 0));
        return chunk.put("modelVersion", said.model()).put("responseId", said.id());
    }

    @Override
    public JsonNode whole(FakeRequest request, Said said) {
        var body = Json.object();
        var candidates = body.putArray("candidates");
        for (int i = 0; i < said.choices(); i++) {
            var candidate = candidates.addObject();
            var content = candidate.putObject("content");
            parts(request, said).forEach(content.putArray("parts")::add);
            content.put("role", "model");
            candidate.put("finishReason", stop(said)).put("index", i);
        }
        body.set("usageMetadata", usage(said.usage()));
        return body.put("modelVersion", said.model()).put("responseId", said.id());
    }

    /// Thoughts are told only to who wants them; their signature stands on the first part after.
    private static List<ObjectNode> parts(FakeRequest request, Said said) {
        var thinking =
                JsonNodes.either(config(request.body()), "thinkingConfig", "thinking_config");
        boolean told =
                JsonNodes.either(thinking, "includeThoughts", "include_thoughts").asBoolean(false);
        var parts = new ArrayList<ObjectNode>();
        var signature = said.model().startsWith("gemini-3") ? sealed(said.id()) : null;
        for (var part : said.parts()) {
            switch (part) {
                case Part.Text(var text) -> {
                    parts.add(signed(Json.object().put("text", text), signature));
                    signature = null;
                }
                case Part.Reasoning(var text, var given) -> {
                    signature = given == null ? sealed(text) : given;
                    if (told && !text.isEmpty()) {
                        parts.add(Json.object().put("text", text).put("thought", true));
                    }
                }
                case Part.ToolUse(var id, var tool, var arguments) -> {
                    var call = Json.object();
                    call.putObject("functionCall").put("name", tool).set("args", arguments);
                    parts.add(signed(call, signature));
                    signature = null;
                }
                case Part.ToolResult result -> throw new IllegalStateException();
            }
        }
        var answer = said.answer();
        if (answer != null) {
            parts.add(signed(Json.object().put("text", Json.write(answer)), signature));
        }
        return parts;
    }

    private static ObjectNode signed(ObjectNode part, @Nullable String signature) {
        return signature == null ? part : part.put("thoughtSignature", signature);
    }

    private static String sealed(String thought) {
        return Base64.getEncoder()
                .encodeToString(("sealed " + thought).getBytes(StandardCharsets.UTF_8));
    }

    private static String stop(Said said) {
        return said.stop("STOP", "STOP", "MAX_TOKENS", "STOP", "SAFETY");
    }

    private static ObjectNode usage(Usage usage) {
        return usage(usage, usage.output() - usage.reasoning(), usage.reasoning());
    }

    private static ObjectNode usage(Usage usage, long written, long thought) {
        long read = OpenAi.read(usage);
        var told = Json.object().put("promptTokenCount", read);
        if (written > 0) {
            told.put("candidatesTokenCount", written);
        }
        told.put("totalTokenCount", read + written + thought);
        if (usage.cacheRead() > 0) {
            told.put("cachedContentTokenCount", usage.cacheRead());
        }
        told.putArray("promptTokensDetails")
                .addObject()
                .put("modality", "TEXT")
                .put("tokenCount", read);
        if (thought > 0) {
            told.put("thoughtsTokenCount", thought);
        }
        return told;
    }
}
