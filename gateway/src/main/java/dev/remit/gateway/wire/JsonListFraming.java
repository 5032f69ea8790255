package dev.remit.gateway.wire;

import java.nio.charset.StandardCharsets;

/// A stream as the elements of one JSON list, as Google sends it to clients that do not ask for
/// Server-Sent Events.
public final class JsonListFraming {
    private boolean begun;

    /// @param json one element
    public byte[] element(String json) {
        var before = begun ? ",\r\n" : "[";
        begun = true;
        return (before + json).getBytes(StandardCharsets.UTF_8);
    }

    /// The end of the list. Without it, the client sees that something is missing.
    public byte[] end() {
        return (begun ? "]\n" : "[]\n").getBytes(StandardCharsets.UTF_8);
    }
}
