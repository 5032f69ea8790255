package dev.remit.gateway.provider;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// What can make a call to Claude dearer than its tokens.
final class AnthropicExtras {
    private static final Set<String> DEARER = Set.of("speed", "inference_geo");
    private static final byte[] SPEED = "\"speed\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] GEO = "\"inference_geo\"".getBytes(StandardCharsets.UTF_8);

    private AnthropicExtras() {}

    /// What the body asks for whose price the list does not have: the fast mode, or one region.
    static @Nullable String dearer(byte[] body) {
        if (!Bytes.hold(body, SPEED) && !Bytes.hold(body, GEO)) {
            return null;
        }
        Map<String, String> found;
        try {
            found = TopLevel.find(body, DEARER);
        } catch (JacksonException | IllegalArgumentException e) {
            return null; // no JSON: the provider will say so, and bill nothing
        }
        return found.entrySet().stream()
                .filter(field -> !isUsual(field.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static boolean isUsual(String value) {
        return value.equals("\"standard\"") || value.equals("\"global\"") || value.equals("null");
    }
}
