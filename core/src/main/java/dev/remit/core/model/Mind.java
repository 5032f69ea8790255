package dev.remit.core.model;

import java.util.List;

/// Which brain a session has, and for which model it lays out its prompts. Recorded in the log with
/// the first call, and again when it changes; so a newer version of a brain, or a changed route,
/// never changes what a session in flight has said already.
///
/// @param brain profile and version, such as `anthropic@1`
/// @param provider that the route names first
/// @param window tokens of prompt and answer together; 0 if nobody knows
public record Mind(String brain, String provider, String model, long window) {
    /// Names of all brains that were ever released, for whoever has to choose one.
    public static final List<String> BRAINS = List.of("anthropic@1", "openai@1", "generic@1");
}
