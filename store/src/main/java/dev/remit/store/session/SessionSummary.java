package dev.remit.store.session;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.SessionId;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.session.Event;
import dev.remit.core.session.Outcome;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a list of sessions shows, without folding any log.
///
/// @param head seq of its newest event
/// @param waiting what it is idle for
/// @param reason why it closed; `outcome`, `usage` and `cost` are there from then on
/// @param cost absent too if nothing with a known price was used
public record SessionSummary(
        SessionId id,
        DefinitionRef definition,
        Status status,
        long head,
        Event.@Nullable Parent parent,
        Instant openedAt,
        Instant updatedAt,
        @Nullable Waiting waiting,
        @Nullable StopReason reason,
        @Nullable Outcome outcome,
        @Nullable String why,
        @Nullable Usage usage,
        @Nullable Money cost) {

    /// Where a session stands.
    public enum Status {
        RUNNING,
        IDLE,
        CLOSED
    }
}
