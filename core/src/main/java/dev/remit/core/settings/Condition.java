package dev.remit.core.settings;

import java.util.Map;

/// A compiled CEL condition.
@FunctionalInterface
public interface Condition {
    /// @param values by name: maps, lists, texts, whole numbers, truth values
    /// @return true only if the condition says so; what cannot be reckoned is false
    boolean holds(Map<String, Object> values);
}
