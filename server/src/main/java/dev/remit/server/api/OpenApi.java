package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import java.io.IOException;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
            return demanding(Json.parse(in.readAllBytes()));
        }
    }

    /// Says of each route what [Access] demands, so that the two cannot differ.
    private static JsonNode demanding(JsonNode document) {
        Access.demands()
                .forEach((route, demand) -> {
                    var words = route.split(" ", 2);
                    var operation =
                            document.path("paths")
                                    .path(words[1])
                                    .path(words[0].toLowerCase(Locale.ROOT));
                    if (operation instanceof ObjectNode described && !demand.anyOf().isEmpty()) {
                        var needed = described.putArray("x-permissions");
                        Access.sorted(demand.anyOf()).forEach(needed::add);
                        described
                                .withObject("responses")
                                .putObject("403")
                                .put("$ref", "#/components/responses/Forbidden");
                    }
                });
        return document;
    }
}
