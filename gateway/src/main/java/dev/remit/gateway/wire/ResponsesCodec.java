package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// OpenAI's Responses API.
///
/// @param clock that says when an answer was made
record ResponsesCodec(InstantSource clock) implements Codec {
    @Override
    public Dialect dialect() {
        return Dialect.OPENAI_RESPONSES;
    }

    @Override
    public Facts facts(byte[] body, InPath path) throws BadRequest {
        return ResponsesFacts.of(body);
    }

    @Override
    public byte[] splice(byte[] body, Changes changes) throws BadRequest {
        return ResponsesSplice.splice(body, changes);
    }

    @Override
    public ChatRequest readRequest(byte[] body, InPath path) throws BadRequest {
        return ResponsesRequestReader.read(body);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, boolean newCap) throws BadRequest {
        return ResponsesRequestWriter.write(request);
    }

    @Override
    public ChatAnswer readAnswer(byte[] body) throws Garbage {
        return ResponsesReading.answer(body);
    }

    @Override
    public StreamReader streamReader() {
        return new ResponsesStreamReader();
    }

    @Override
    public ProviderError readError(
            int status, byte[] body, Function<String, @Nullable String> header) {
        return ResponsesErrors.read(status, body, header);
    }

    @Override
    public JsonNode answer(ChatAnswer answer, Facts asked) {
        return ResponsesWriting.answer(answer, clock.instant());
    }

    @Override
    public StreamWriter streamWriter(Facts asked) {
        return streamWriter(asked, InPath.NOTHING, Dialect.OPENAI_RESPONSES);
    }

    @Override
    public StreamWriter streamWriter(Facts asked, InPath path, Dialect from) {
        return new ResponsesStreamWriter(clock, from);
    }

    @Override
    public byte[] writeError(GatewayError error) {
        var body = Json.object();
        body.set("error", ResponsesErrors.error(error));
        return Strict.bytes(body);
    }

    @Override
    public Map<String, String> errorHeaders(GatewayError error) {
        return ProviderErrors.headers(error);
    }
}
