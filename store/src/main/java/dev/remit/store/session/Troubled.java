package dev.remit.store.session;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Failure;
import dev.remit.core.session.Waiting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A session that cannot go on by itself.
///
/// @param since when it stopped
/// @param times how often it has stopped so within its last 1,000 events
/// @param failure what the last driver of it said that failed inside of Remit
public record Troubled(
        SessionId id,
        DefinitionRef definition,
        Waiting.Trouble waiting,
        Instant since,
        int times,
        @Nullable Failure failure) {}
