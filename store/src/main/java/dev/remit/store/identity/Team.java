package dev.remit.store.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who pays.
///
/// @param keys how many live ones it has
public record Team(
        String name,
        @Nullable String description,
        Instant createdAt,
        String createdBy,
        long keys) {}
