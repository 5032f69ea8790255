package dev.remit.core.money;

import static java.util.Comparator.comparingLong;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A ledger of one process that forgets everything when it ends: exact, and as simple as it can be.
/// For tests, and as a baseline of benchmarks.
public final class InMemoryLedger implements Ledger {
    private final List<BudgetRule> rules = new ArrayList<>();
    private final Map<Budget, Purse> purses = new HashMap<>();
    private final ZoneId zone;
    private final InstantSource clock;
    private final Consumer<Attempt> rows;
    private final List<Attempt> attempts = new ArrayList<>();
    private final LinkedHashMap<Named, Settled> uncertain = new LinkedHashMap<>();

    /// Most that are kept for being revised; the oldest go first.
    private static final int MOST_UNCERTAIN = 10_000;

    private record Named(UUID call, int number) {}

    private record Settled(Attempt attempt, List<Purse> purses) {}

    /// A rule in one of its windows.
    private record Budget(Scope scope, Window window, Instant start) {}

    private static final class Purse {
        long spent;
        long held;
    }

    /// Keeps every attempt, see [#attempts].
    public InMemoryLedger(List<BudgetRule> rules, ZoneId zone, InstantSource clock) {
        this.rules.addAll(rules);
        this.zone = zone;
        this.clock = clock;
        this.rows = attempts::add;
    }

    /// @param rows gets every attempt, one at a time; nothing of them is kept here
    public InMemoryLedger(
            List<BudgetRule> rules, ZoneId zone, InstantSource clock, Consumer<Attempt> rows) {
        this.rules.addAll(rules);
        this.zone = zone;
        this.clock = clock;
        this.rows = rows;
    }

    /// What was written down so far, oldest first.
    public synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /// Takes the place of a rule for the same scope and window; what was spent stays spent.
    public synchronized void set(BudgetRule rule) {
        rules.removeIf(r -> r.scope().equals(rule.scope()) && r.window() == rule.window());
        rules.add(rule);
    }

    /// Spent and reserved in the present window.
    public synchronized Money used(BudgetRule rule) {
        var purse = purse(rule, clock.instant());
        return new Money(purse.spent + purse.held);
    }

    /// Spent in the present window.
    public synchronized Money spent(BudgetRule rule) {
        return new Money(purse(rule, clock.instant()).spent);
    }

    @Override
    public synchronized Answer reserve(List<Scope> scopes, Money least, Money most) {
        var now = clock.instant();
        var concerned =
                rules.stream()
                        .filter(rule -> scopes.contains(rule.scope()))
                        .sorted(comparingLong(rule -> left(rule, now)))
                        .toList();
        long amount = most.micros();
        for (var rule : concerned) {
            if (rule.hard()) {
                amount = Math.min(amount, left(rule, now));
            }
        }
        if (amount < least.micros()) {
            return refused(firstHard(concerned), now);
        }
        var held = concerned.stream().map(rule -> purse(rule, now)).toList();
        for (var purse : held) {
            purse.held += amount;
        }
        return new Held(held, amount);
    }

    private static BudgetRule firstHard(List<BudgetRule> rules) {
        return rules.stream().filter(BudgetRule::hard).findFirst().orElseThrow();
    }

    private Refused refused(BudgetRule rule, Instant now) {
        var purse = purse(rule, now);
        return new Refused(
                rule,
                new Money(purse.spent + purse.held),
                new Money(Math.max(0, left(rule, now))),
                rule.window().end(now, zone).orElse(null));
    }

    private long left(BudgetRule rule, Instant now) {
        var purse = purse(rule, now);
        return rule.limit().micros() - purse.spent - purse.held;
    }

    private Purse purse(BudgetRule rule, Instant now) {
        var start = rule.window().start(now, zone);
        return purses.computeIfAbsent(
                new Budget(rule.scope(), rule.window(), start), b -> new Purse());
    }

    @Override
    public synchronized void record(Attempt attempt) {
        rows.accept(attempt);
    }

    @Override
    public synchronized void revise(Revision revision) {
        var settled = uncertain.remove(new Named(revision.call(), revision.number()));
        if (settled == null) {
            return;
        }
        long back = settled.attempt().cost().micros() - revision.cost().micros();
        if (back > 0) {
            settled.purses().forEach(purse -> purse.spent -= back);
        }
        attempts.replaceAll(attempt ->
                attempt.equals(settled.attempt()) ? revised(attempt, revision) : attempt);
    }

    private static Attempt revised(Attempt attempt, Revision revision) {
        return new Attempt(
                attempt.call(),
                attempt.number(),
                attempt.at(),
                attempt.who(),
                attempt.target(),
                attempt.usage(),
                revision.cost().isMoreThan(attempt.cost()) ? attempt.cost() : revision.cost(),
                true,
                attempt.saved(),
                attempt.wire(),
                attempt.streamed(),
                attempt.firstToken(),
                attempt.total(),
                revision.end(),
                revision.why(),
                attempt.prices(),
                attempt.exchanged());
    }

    private final class Held implements Reservation {
        private final long amount;
        private @Nullable List<Purse> purses;

        Held(List<Purse> purses, long amount) {
            this.purses = purses;
            this.amount = amount;
        }

        @Override
        public Money amount() {
            return new Money(amount);
        }

        @Override
        public void settle(Attempt attempt) {
            synchronized (InMemoryLedger.this) {
                var purses = this.purses;
                if (purses != null && end(attempt.cost().micros())) {
                    rows.accept(attempt);
                    if (!attempt.certain()) {
                        uncertain.put(
                                new Named(attempt.call(), attempt.number()),
                                new Settled(attempt, purses));
                        if (uncertain.size() > MOST_UNCERTAIN) {
                            uncertain.pollFirstEntry();
                        }
                    }
                }
            }
        }

        @Override
        public void release() {
            synchronized (InMemoryLedger.this) {
                end(0);
            }
        }

        private boolean end(long cost) {
            var held = purses;
            purses = null;
            if (held == null) {
                return false;
            }
            for (var purse : held) {
                purse.held -= amount;
                purse.spent += cost;
            }
            return true;
        }
    }
}
