package dev.remit.store.session;

import dev.remit.core.json.Json;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog.Append;
import dev.remit.core.session.SessionLog.Then;
import org.jspecify.annotations.Nullable;

/// What a list of sessions shows of one that has ended.
///
/// @param outcome JSON
/// @param usage JSON
/// @param micros what it has cost
/// @param seen position of the newest mail that its driver has read
record End(
        String reason,
        String outcome,
        @Nullable String why,
        String usage,
        @Nullable Long micros,
        long seen) {
    static End of(Append append, Then.End then) {
        var events = append.events();
        if (!events.isEmpty() && events.getLast() instanceof Event.Closed closed) {
            var cost = closed.cost();
            return new End(
                    closed.reason().name(),
                    Json.mapper().writeValueAsString(closed.outcome()),
                    closed.why(),
                    Json.mapper().writeValueAsString(closed.usage()),
                    cost == null ? null : cost.micros(),
                    then.seen());
        }
        throw new IllegalArgumentException("a session ends with the event `closed`");
    }
}
