package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// The description of this API in OpenAPI 3.1.
final class OpenApi {
    private OpenApi() {}

    static Reply get(Exchange exchange) throws IOException {
        return Reply.ok(document());
    }

    static JsonNode document() throws IOException {
        try (var in = OpenApi.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IOException("openapi.json is not in the jar");
            }
            return Json.parse(in.readAllBytes());
        }
    }
}
