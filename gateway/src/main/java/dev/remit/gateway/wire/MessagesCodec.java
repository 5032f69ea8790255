package dev.remit.gateway.wire;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Anthropic's Messages, version 2023-06-01.
///
/// Source: "Messages" and "Streaming messages" in Anthropic's API reference, as of 2026-11.
final class MessagesCodec implements Codec {
    @Override
    public Dialect dialect() {
        return Dialect.ANTHROPIC;
    }

    @Override
    public Facts facts(byte[] body, InPath path) throws BadRequest {
        return MessagesFacts.of(body);
    }

    @Override
    public byte[] splice(byte[] body, Changes changes) throws BadRequest {
        return MessagesSplice.splice(body, changes);
    }

    @Override
    public ChatRequest readRequest(byte[] body, InPath path) throws BadRequest {
        return MessagesRequestReader.read(body);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, boolean newCap) throws BadRequest {
        return MessagesRequestWriter.write(request);
    }

    @Override
    public ChatAnswer readAnswer(byte[] body) throws Garbage {
        return MessagesReading.answer(body);
    }

    @Override
    public StreamReader streamReader() {
        return new MessagesStreamReader();
    }

    @Override
    public ProviderError readError(
            int status, byte[] body, Function<String, @Nullable String> header) {
        return MessagesErrors.read(status, body, header);
    }

    @Override
    public JsonNode answer(ChatAnswer answer, Facts asked) {
        return MessagesWriting.answer(answer, asked);
    }

    @Override
    public StreamWriter streamWriter(Facts asked) {
        return streamWriter(asked, InPath.NOTHING, Dialect.ANTHROPIC);
    }

    @Override
    public StreamWriter streamWriter(Facts asked, InPath path, Dialect from) {
        return new MessagesStreamWriter(asked, from);
    }

    @Override
    public int status(GatewayError error) {
        return MessagesErrors.status(error);
    }

    @Override
    public byte[] writeError(GatewayError error) {
        return Strict.bytes(MessagesErrors.body(error));
    }

    @Override
    public Map<String, String> errorHeaders(GatewayError error) {
        return ProviderErrors.headers(error);
    }
}
