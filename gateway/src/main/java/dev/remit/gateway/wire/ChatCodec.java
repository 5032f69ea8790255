package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// OpenAI's Chat Completions, which many other servers speak, too.
///
/// Source: "Chat" and "Streaming" in OpenAI's API reference, as of 2026-11.
final class ChatCodec implements Codec {
    private final InstantSource clock;

    ChatCodec(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Dialect dialect() {
        return Dialect.OPENAI_CHAT;
    }

    @Override
    public Facts facts(byte[] body, InPath path) throws BadRequest {
        return ChatFacts.of(body);
    }

    @Override
    public byte[] splice(byte[] body, Changes changes) throws BadRequest {
        return ChatSplice.splice(body, changes);
    }

    @Override
    public ChatRequest readRequest(byte[] body, InPath path) throws BadRequest {
        return ChatRequestReader.read(body);
    }

    @Override
    public byte[] writeRequest(ChatRequest request, boolean newCap) throws BadRequest {
        return ChatRequestWriter.write(request, newCap);
    }

    @Override
    public ChatAnswer readAnswer(byte[] body) throws Garbage {
        return ChatReading.answer(body);
    }

    @Override
    public StreamReader streamReader() {
        return new ChatStreamReader();
    }

    @Override
    public ProviderError readError(
            int status, byte[] body, Function<String, @Nullable String> header) {
        return ResponsesErrors.read(status, body, header);
    }

    @Override
    public JsonNode answer(ChatAnswer answer, Facts asked) {
        return ChatWriting.answer(answer, clock.instant());
    }

    @Override
    public StreamWriter streamWriter(Facts asked) {
        return streamWriter(asked, InPath.NOTHING, Dialect.OPENAI_CHAT);
    }

    @Override
    public StreamWriter streamWriter(Facts asked, InPath path, Dialect from) {
        return new ChatStreamWriter(asked, from, clock.instant());
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
