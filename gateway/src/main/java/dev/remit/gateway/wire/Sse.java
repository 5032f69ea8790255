package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// Server-Sent Events as they go over the wire. JSON has no line breaks here, so each is one line.
final class Sse {
    private Sse() {}

    static String event(JsonNode data) {
        return "data: " + Json.write(data) + "\n\n";
    }

    static String event(String type, JsonNode data) {
        return "event: " + type + "\ndata: " + Json.write(data) + "\n\n";
    }

    static byte[] bytes(CharSequence events) {
        return events.toString().getBytes(StandardCharsets.UTF_8);
    }
}
