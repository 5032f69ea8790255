package dev.remit.store.registry;

import dev.remit.core.agent.DefinitionRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One definition, as it is applied.
///
/// @param partOf name of the workflow in whose folder it lies
/// @param files every file it is read from: text by path
public record Application(
        DefinitionRef definition,
        Kind kind,
        String description,
        @Nullable String partOf,
        Map<String, String> files) {
    public Application {
        files = Map.copyOf(files);
    }

    /// What a definition defines.
    public enum Kind {
        AGENT,
        WORKFLOW
    }
}
