package dev.remit.store.registry;

import dev.remit.core.agent.DefinitionRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the registry knows of one version, without its files.
///
/// @param place in the order in which versions were first applied; a cursor for pages
/// @param partOf name of the workflow in whose folder it lies
/// @param appliedAt when it was first applied
/// @param current whether new sessions get this version
public record DefinitionVersion(
        DefinitionRef definition,
        long place,
        Application.Kind kind,
        String description,
        @Nullable String partOf,
        Instant appliedAt,
        String appliedBy,
        boolean current) {}
