package dev.remit.store.money;

import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Attempt.Target;
import dev.remit.core.money.Attempt.Who;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Ledger.Answer;
import dev.remit.core.money.Ledger.Reservation;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Usage;
import dev.remit.core.money.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// Attempts and rules for tests.
final class Sample {
    static final Scope TEAM = new Scope(Scope.Kind.TEAM, "growth");
    static final Scope KEY = new Scope(Scope.Kind.KEY, "k1");

    private Sample() {}

    static BudgetRule total(Scope scope, long limit) {
        return new BudgetRule(scope, Window.TOTAL, new Money(limit), true, List.of());
    }

    static Attempt costing(long cost) {
        return costing(cost, TEAM.name(), Map.of(), End.ANSWERED);
    }

    static Attempt costing(long cost, String team, Map<String, String> tags, End end) {
        return new Attempt(
                call(),
                1,
                Instant.now(),
                new Who(
                        List.of(
                                new Principal(Principal.Kind.AGENT, "triage"),
                                new Principal(Principal.Kind.PERSON, "ann")),
                        "k1",
                        team,
                        "triage",
                        null,
                        null,
                        "user 7",
                        tags),
                new Target("fast", "openai", "gpt", "gpt-2026"),
                new Usage(100, 20, 3, 50, 10),
                new Money(cost),
                true,
                new Money(5),
                "openai",
                true,
                Duration.ofMillis(120),
                Duration.ofMillis(900),
                end,
                null,
                "2026-11-01",
                null);
    }

    /// A use of a tool of which nobody knows whether it happened.
    static Attempt uncertain(long cost) {
        var sure = costing(cost);
        return new Attempt(
                sure.call(),
                1,
                sure.at(),
                sure.who(),
                Target.tool("maps.route"),
                Usage.NONE,
                sure.cost(),
                false,
                Money.ZERO,
                "tool",
                false,
                null,
                sure.total(),
                End.FAILED,
                "it is not known whether it happened",
                null,
                null);
    }

    static UUID call() {
        return SessionId.random(Instant.now(), ThreadLocalRandom.current()).uuid();
    }

    static Answer ask(Ledger ledger, long amount, Scope... scopes) {
        return ask(ledger, amount, amount, scopes);
    }

    static Answer ask(Ledger ledger, long least, long most, Scope... scopes) {
        try {
            return ledger.reserve(List.of(scopes), new Money(least), new Money(most));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static Reservation reserve(Ledger ledger, long amount, Scope... scopes) {
        var answer = ask(ledger, amount, scopes);
        if (answer instanceof Reservation reservation) {
            return reservation;
        }
        throw new AssertionError("not given: " + answer);
    }
}
