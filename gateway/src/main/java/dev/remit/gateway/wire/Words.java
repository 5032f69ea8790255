package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Makes what a server said fit for people: short, one line, without any key.
public final class Words {
    private static final int LONGEST = 300;

    private Words() {}

    /// The message in the body of an error, or nothing if there is none to read.
    public static String ofError(String body) {
        try {
            return message(Json.parse(body));
        } catch (JacksonException e) {
            return body.stripLeading().startsWith("<") ? "" : body;
        }
    }

    /// Servers put it in `error.message`, `error`, `message` or `detail`.
    public static String message(JsonNode body) {
        for (var pointer : new String[] {"/error/message", "/error", "/message", "/detail"}) {
            var found = body.at(pointer);
            if (found.isString()) {
                return found.stringValue();
            }
        }
        return body.has("detail") ? Json.write(body.path("detail")) : "";
    }

    /// Without halves of surrogate pairs, which no UTF-8 can carry.
    public static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    public static String brief(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /// @param key that was sent, and must not be seen
    public static String clean(String text, @Nullable String key) {
        var clean = key == null || key.isEmpty() ? text : text.replace(key, "***");
        clean =
                clean.replaceAll("\\b(sk|pk|key|gsk|xai|hf|Bearer)[-_ ][A-Za-z0-9*_.-]{6,}", "***")
                        .replaceAll("[\\p{Cntrl}\\s]+", " ")
                        .strip();
        return clean.length() <= LONGEST ? clean : wellFormed(clean.substring(0, LONGEST)) + "…";
    }
}
