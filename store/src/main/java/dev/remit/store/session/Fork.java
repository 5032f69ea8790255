package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import java.time.Instant;

/// A session that was made of another.
///
/// @param at seq of the newest event that was copied
/// @param by the principal who asked for it
/// @param rewind whether it took the other's place
public record Fork(
        SessionId session,
        SessionId origin,
        long at,
        Instant forkedAt,
        String by,
        boolean rewind) {}
