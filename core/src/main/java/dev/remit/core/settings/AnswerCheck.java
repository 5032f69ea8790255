package dev.remit.core.settings;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A compiled JSON Schema.
@FunctionalInterface
public interface AnswerCheck {
    /// @return what is wrong with it, for people; empty if nothing is
    Optional<String> fault(JsonNode answer);
}
