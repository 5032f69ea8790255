package dev.remit.store.identity;

import dev.remit.core.identity.Key;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A key as it is listed: everything but its secret, which nobody has.
///
/// @param place in the order of making
/// @param createdBy who made it
/// @param lastUsed to the hour; absent: never, or not yet written down
public record StoredKey(
        Key key,
        long place,
        Instant createdAt,
        String createdBy,
        @Nullable Instant lastUsed,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy) {}
