package dev.remit.gateway.relay;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.gateway.telemetry.AttemptTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The money of one attempt: reserved, then settled exactly once, however it ends.
///
/// What is not known is taken to be its bound. A prompt whose size the provider has told costs what
/// it says; an answer that was cut costs at most a token for each byte that came, unless the model
/// may think unseen, and then it costs its bound.
final class Account {
    private final Call call;
    private final int number;
    private final Instant at;
    private final long start = System.nanoTime();
    private final String route;
    private final String provider;
    private final String model;
    private final Bound bound;
    private final Ledger.Reservation reservation;
    private final boolean hidesTokens;
    private final @Nullable String prices;
    private @Nullable Duration firstToken;
    private @Nullable String answered;
    private Attempt.@Nullable Exchanged exchanged;
    private @Nullable AttemptTrace trace;
    private boolean settled;

    Account(
            Call call,
            int number,
            Instant at,
            String route,
            String provider,
            String model,
            Bound bound,
            Ledger.Reservation reservation,
            boolean hidesTokens,
            @Nullable String prices) {
        this.call = call;
        this.number = number;
        this.at = at;
        this.route = route;
        this.provider = provider;
        this.model = model;
        this.bound = bound;
        this.reservation = reservation;
        this.hidesTokens = hidesTokens;
        this.prices = prices;
    }

    Money reserved() {
        return reservation.amount();
    }

    void firstTokenCame() {
        if (firstToken == null) {
            firstToken = elapsed();
        }
    }

    @Nullable Duration firstToken() {
        return firstToken;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    void answeredBy(String name) {
        if (!name.isEmpty()) {
            answered = name;
        }
    }

    /// @param told of its row
    void tracedBy(@Nullable AttemptTrace told) {
        trace = told;
    }

    void exchanged(Attempt.@Nullable Exchanged kept) {
        exchanged = kept;
    }

    /// The provider told all that it used.
    ///
    /// @return what it cost
    Money settle(End end, Usage usage, @Nullable String why) {
        var cost = bound.price().cost(usage);
        write(end, usage, cost, true, why);
        return cost;
    }

    /// The model was not reached, or its vendor bills nothing for such an answer.
    void settleUnbilled(End end, String why) {
        write(end, Usage.NONE, Money.ZERO, true, why);
    }

    /// The answer came, and its provider did not say what it used.
    ///
    /// @param why absent: just that
    Money settleUntold(End end, Usage usage, @Nullable String why) {
        return settleLost(
                end,
                usage,
                false,
                null,
                why == null ? "the provider did not say what it used" : why);
    }

    /// The answer was lost on its way.
    ///
    /// @param usage what was told up to there
    /// @param inputKnown whether the prompt's part of it was told
    /// @param seen characters of the answer that came; absent: nobody knows how many were made
    Money settleLost(
            End end, Usage usage, boolean inputKnown, @Nullable Long seen, @Nullable String why) {
        var most = reservation.amount();
        var cost = most;
        if (inputKnown && seen != null && !hidesTokens) {
            // at most four bytes a character, at least one byte a token
            var output = Math.max(usage.output(), Math.min(bound.cap(), 4 * seen + 16));
            var reckoned = bound.price().cost(usage.withOutput(output));
            cost = reckoned.isMoreThan(most) ? most : reckoned;
        }
        write(end, usage, cost, false, why);
        return cost;
    }

    private void write(End end, Usage usage, Money cost, boolean certain, @Nullable String why) {
        if (settled) {
            return;
        }
        settled = true;
        var attempt =
                new Attempt(
                        call.id(),
                        number,
                        at,
                        call.caller().who(),
                        new Attempt.Target(route, provider, model, answered),
                        usage,
                        cost,
                        certain,
                        bound.price().saved(usage),
                        Words.wire(call),
                        call.facts().stream(),
                        firstToken,
                        elapsed(),
                        end,
                        why,
                        prices,
                        exchanged);
        call.settled(attempt);
        reservation.settle(attempt);
        if (trace != null) {
            var good = end == End.ANSWERED;
            trace.end(
                    attempt,
                    good ? "stop" : null,
                    good ? null : end.name().toLowerCase(Locale.ROOT));
        }
    }

    boolean isSettled() {
        return settled;
    }
}
