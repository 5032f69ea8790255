package dev.remit.store.start;

import dev.remit.core.identity.Principal;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.SessionLog.Opening;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Makes the first event of a session that is started by a time or an event. It is asked within a
/// transaction, so what takes long is done before.
@FunctionalInterface
public interface Opener {
    /// @throws Refused if no session can be opened so
    Opening open(Wish wish) throws Refused;

    /// @param cause the schedule or trigger first
    record Wish(
            JsonNode input,
            List<Principal> cause,
            @Nullable ModelChoice models,
            IdempotencyKey key,
            Instant at) {}

    /// The agent is gone, or does not take such an input; the message says what.
    final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        public Refused(String why) {
            super(why);
        }
    }
}
