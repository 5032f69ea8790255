package dev.remit.gateway.wire;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Amazon Bedrock's Converse, spoken to providers only.
record BedrockCodec() implements Codec {
    @Override
    public Dialect dialect() {
        return Dialect.BEDROCK;
    }

    @Override
    public byte[] writeRequest(ChatRequest request, boolean newCap) throws BadRequest {
        return BedrockRequestWriter.write(request);
    }

    @Override
    public ChatAnswer readAnswer(byte[] body) throws Garbage {
        return BedrockReading.answer(body);
    }

    @Override
    public StreamReader streamReader() {
        return new BedrockStreamReader();
    }

    @Override
    public ProviderError readError(
            int status, byte[] body, Function<String, @Nullable String> header) {
        return BedrockReading.error(status, body, header);
    }

    private static UnsupportedOperationException noClients() {
        return new UnsupportedOperationException(
                "Bedrock's Converse is spoken to providers; no client of the gateway speaks it");
    }

    @Override
    public Facts facts(byte[] body, InPath path) {
        throw noClients();
    }

    @Override
    public byte[] splice(byte[] body, Changes changes) {
        throw noClients();
    }

    @Override
    public ChatRequest readRequest(byte[] body, InPath path) {
        throw noClients();
    }

    @Override
    public JsonNode answer(ChatAnswer answer, Facts asked) {
        throw noClients();
    }

    @Override
    public StreamWriter streamWriter(Facts asked) {
        throw noClients();
    }

    @Override
    public byte[] writeError(GatewayError error) {
        throw noClients();
    }

    @Override
    public Map<String, String> errorHeaders(GatewayError error) {
        throw noClients();
    }
}
