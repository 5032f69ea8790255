package dev.remit.runtime;

import dev.remit.core.agent.Definition;
import dev.remit.core.identity.Principal;
import dev.remit.core.json.Content;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.money.Money;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody wants done.
///
/// @param input checked against the definition's schema already
/// @param cause who asks, and on whose behalf; never empty
/// @param budget lowers the definition's own limit; absent: that limit
/// @param recording replies to replay in place of a model
/// @param key absent: every request opens a session of its own
/// @param priority see [dev.remit.core.session.Standing]
/// @param team of whoever asks; an agent's owner comes first
/// @param by id of the key that it was asked with; its budgets hold for the session
public record OpenRequest(
        Definition definition,
        Content input,
        List<Principal> cause,
        ModelChoice models,
        @Nullable Money budget,
        Event.@Nullable Recordings recording,
        SessionLog.@Nullable IdempotencyKey key,
        @Nullable Integer priority,
        @Nullable String team,
        @Nullable String by) {
    /// One of the usual priority, for nobody's team.
    public OpenRequest(
            Definition definition,
            Content input,
            List<Principal> cause,
            ModelChoice models,
            @Nullable Money budget,
            Event.@Nullable Recordings recording,
            SessionLog.@Nullable IdempotencyKey key) {
        this(definition, input, cause, models, budget, recording, key, null, null, null);
    }

    public OpenRequest {
        if (cause.isEmpty()) {
            throw new IllegalArgumentException("every session has a cause");
        }
        cause = List.copyOf(cause);
    }

    Event.@Nullable Payer payer() {
        return team == null && by == null ? null : new Event.Payer(team, by);
    }
}
