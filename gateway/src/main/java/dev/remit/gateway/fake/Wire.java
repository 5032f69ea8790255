package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A vendor's side of its wire format.
sealed interface Wire permits AnthropicWire, OpenAiWire {
    Pattern TOOL_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    /// The key that the request carries.
    String key(FakeRequest request);

    /// What the vendor would not accept, in its words; nothing if all is well.
    @Nullable String objection(FakeRequest request);

    /// The answer as the events of a stream, each ready to be sent.
    List<String> stream(FakeRequest request, FakeReply reply, Usage usage);

    /// The answer in one piece.
    JsonNode whole(FakeRequest request, FakeReply reply, Usage usage);

    JsonNode error(int status, String type, String message);

    /// An error within a stream.
    String errorEvent(String type, String message);

    /// What shows that it is alive.
    String ping();

    /// Text as a model says it: a few letters at a time.
    static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        for (int at = 0; at < text.length(); ) {
            var end =
                    text.offsetByCodePoints(
                            at, Math.min(5, text.codePointCount(at, text.length())));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    static @Nullable String unknownField(JsonNode body, Set<String> known) {
        return body.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .map(name -> name + ": Extra inputs are not permitted")
                .orElse(null);
    }

    static String named(String type, JsonNode data) {
        return "event: " + type + "\ndata: " + Json.write(data) + "\n\n";
    }
}
