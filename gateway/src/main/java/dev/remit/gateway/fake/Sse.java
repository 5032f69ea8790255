package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Server-sent events, each ready to be sent.
final class Sse {
    static final String TYPE = "text/event-stream; charset=utf-8";

    private static final int LETTERS_A_PIECE = 5;

    private Sse() {}

    static byte[] data(JsonNode data) {
        return bytes("data: " + Json.write(data) + "\n\n");
    }

    static byte[] named(String event, JsonNode data) {
        return bytes("event: " + event + "\ndata: " + Json.write(data) + "\n\n");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Text as a model says it: a few letters at a time.
    static List<String> pieces(String text) {
        var pieces = new ArrayList<String>(text.length() / LETTERS_A_PIECE + 1);
        int count = 0;
        int begin = 0;
        for (int at = 0; at < text.length(); ) {
            at += Character.charCount(text.codePointAt(at));
            if (++count == LETTERS_A_PIECE || at == text.length()) {
                pieces.add(text.substring(begin, at));
                begin = at;
                count = 0;
            }
        }
        return pieces;
    }
}
