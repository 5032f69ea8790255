package dev.remit.runtime;

import dev.remit.core.identity.SessionId;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.session.Event;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.ToolPrice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The money of one attempt at an action: reserved before it begins, and settled once, by whoever
/// learns how it ended, whether its session is still driven here or not.
final class Toll {
    private final Event.ActionStarted start;
    private final ToolPrice price;
    private final Ledger.Reservation reservation;
    private final UUID call;
    private final Attempt.Who who;
    private final InstantSource clock;
    private final Instant at;

    Toll(
            Event.ActionStarted start,
            ToolPrice price,
            Ledger.Reservation reservation,
            SessionId session,
            Attempt.Who who,
            InstantSource clock) {
        this.start = start;
        this.price = price;
        this.reservation = reservation;
        this.call = call(session, start);
        this.who = who;
        this.clock = clock;
        this.at = clock.instant();
    }

    /// What the ledger calls all attempts at an action.
    static UUID call(SessionId session, Event.ActionStarted start) {
        return SessionId.child(session, start.action()).uuid();
    }

    /// Gives all of it back: nothing was begun.
    void release() {
        reservation.release();
    }

    /// What certainly did not happen costs nothing; what may have happened costs all of it, until
    /// somebody knows better.
    void settle(Ended end) {
        var cost = price.cost(end);
        reservation.settle(
                new Attempt(
                        call,
                        start.attempt(),
                        at,
                        who,
                        Attempt.Target.tool(start.tool()),
                        Usage.NONE,
                        cost.amount(),
                        cost.certain(),
                        Money.ZERO,
                        "tool",
                        false,
                        null,
                        Duration.between(at, clock.instant()),
                        end instanceof Ended.Done ? Attempt.End.ANSWERED : Attempt.End.FAILED,
                        why(end, cost),
                        null,
                        null));
    }

    private @Nullable String why(Ended end, ToolPrice.Cost cost) {
        return switch (end) {
            case Ended.Done done ->
                    cost.certain()
                            ? null
                            : "the result does not tell what it cost; the most is counted";
            case Ended.Failed failed -> failed.why();
            case Ended.Unknown unknown -> "it is not known whether it happened: " + unknown.why();
        };
    }
}
