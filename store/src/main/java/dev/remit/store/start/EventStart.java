package dev.remit.store.start;

import dev.remit.core.identity.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What became of some events.
///
/// @param state started, ended, cancelling, skipped or failed
/// @param events how many they were
public record EventStart(
        String key,
        String state,
        Instant at,
        long events,
        @Nullable SessionId session,
        @Nullable String why) {}
