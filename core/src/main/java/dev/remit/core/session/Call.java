package dev.remit.core.session;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The model call that a session is at.
///
/// @param open called, and no answer recorded yet
/// @param failure of this attempt; absent while it is open
/// @param retryAt when the next attempt may start; absent: there is none
/// @param reserved upper bound of its cost
/// @param compacting whether the answer takes the place of old messages, rather than being a turn
public record Call(
        int turn,
        int attempt,
        boolean open,
        ModelAnswer.@Nullable Kind failure,
        @Nullable String why,
        @Nullable Instant retryAt,
        @Nullable Money reserved,
        boolean compacting) {}
