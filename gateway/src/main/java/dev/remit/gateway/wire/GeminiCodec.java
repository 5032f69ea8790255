package dev.remit.gateway.wire;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Gemini's generateContent and streamGenerateContent.
record GeminiCodec() implements Codec {
    @Override
    public Dialect dialect() {
        return Dialect.GEMINI;
    }

    @Override
    public Facts facts(byte[] body, InPath path) throws BadRequest {
        return GeminiFacts.of(body, path);
    }

    @Override
    public byte[] splice(byte[] body, Changes changes) throws BadRequest {
        return GeminiSplice.splice(body, changes);
    }

    @Override
    public ChatRequest readRequest(byte[] body, InPath path) throws BadRequest {
        return GeminiRequestReader.read(body, path);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, boolean newCap) throws BadRequest {
        return GeminiRequestWriter.write(request);
    }

    @Override
    public ChatAnswer readAnswer(byte[] body) throws Garbage {
        return GeminiReading.answer(body);
    }

    @Override
    public StreamReader streamReader() {
        return new GeminiStreamReader();
    }

    @Override
    public ProviderError readError(
            int status, byte[] body, Function<String, @Nullable String> header) {
        return GeminiErrors.read(status, body, header);
    }

    @Override
    public JsonNode answer(ChatAnswer answer, Facts asked) {
        return GeminiWriting.answer(answer);
    }

    @Override
    public StreamWriter streamWriter(Facts asked) {
        return new GeminiStreamWriter(true, Dialect.GEMINI);
    }

    @Override
    public StreamWriter streamWriter(Facts asked, InPath path, Dialect from) {
        return new GeminiStreamWriter(path.sse(), from);
    }

    @Override
    public byte[] writeError(GatewayError error) {
        return Strict.bytes(GeminiErrors.body(error));
    }

    @Override
    public Map<String, String> errorHeaders(GatewayError error) {
        return ProviderErrors.headers(error);
    }
}
