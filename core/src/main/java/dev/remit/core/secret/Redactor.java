package dev.remit.core.secret;

import tools.jackson.databind.JsonNode;

/// Removes secrets from whatever is about to be written or sent.
public interface Redactor {
    /// The same value with every secret it knows replaced; never changes its argument.
    JsonNode redact(JsonNode value);

    /// The same text with every secret it knows replaced.
    String redact(String text);
}
