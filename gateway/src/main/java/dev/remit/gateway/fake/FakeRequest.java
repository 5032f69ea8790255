package dev.remit.gateway.fake;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A request as a fake vendor got it.
///
/// @param query the parameters of the address
/// @param headers by their names in lower case
/// @param body an empty object if there was none
/// @param bytes the length of the body as it came
/// @param model the one asked for, whether it stood in the body or in the path
/// @param streams whether the answer is to come in pieces
public record FakeRequest(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        JsonNode body,
        int bytes,
        String model,
        boolean streams) {
    public FakeRequest {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// The same, as the endpoint reads it.
    FakeRequest asking(String otherModel, boolean streaming) {
        return new FakeRequest(method, path, query, headers, body, bytes, otherModel, streaming);
    }
}
