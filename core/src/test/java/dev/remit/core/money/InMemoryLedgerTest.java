package dev.remit.core.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Attempt.Target;
import dev.remit.core.money.Attempt.Who;
import dev.remit.core.money.Ledger.Answer;
import dev.remit.core.money.Ledger.Refused;
import dev.remit.core.money.Ledger.Reservation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InMemoryLedgerTest {
    private static final Scope TEAM = new Scope(Scope.Kind.TEAM, "growth");

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-21T23:00:00Z"));
    private final BudgetRule rule =
            new BudgetRule(TEAM, Window.DAY, new Money(100), true, BudgetRule.THRESHOLDS);
    private final BudgetRule warning =
            new BudgetRule(Scope.ORGANISATION, Window.TOTAL, new Money(10), false, List.of());
    private final InMemoryLedger ledger =
            new InMemoryLedger(List.of(rule, warning), ZoneOffset.UTC, now::get);

    private Answer ask(long least, long most) {
        return ledger.reserve(List.of(Scope.ORGANISATION, TEAM), new Money(least), new Money(most));
    }

    private static Attempt costing(long cost) {
        return new Attempt(
                new UUID(0, 1),
                1,
                Instant.EPOCH,
                new Who(List.of(), null, null, null, null, null, null, Map.of()),
                new Target("fast", "openai", "gpt", null),
                Usage.NONE,
                new Money(cost),
                true,
                Money.ZERO,
                "openai",
                false,
                null,
                Duration.ZERO,
                End.ANSWERED,
                null,
                null,
                null);
    }

    @Test
    void it_gives_what_fits_and_refuses_what_does_not() {
        ((Reservation) ask(60, 60)).settle(costing(50));
        assertThat(((Reservation) ask(10, 70)).amount()).isEqualTo(new Money(50));
        var refused = (Refused) ask(1, 70);
        assertThat(refused.rule()).isEqualTo(rule);
        assertThat(refused.spent()).isEqualTo(new Money(100));
        assertThat(refused.left()).isEqualTo(Money.ZERO);
        assertThat(refused.renews()).isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
        assertThat(ledger.attempts()).hasSize(1);
    }

    @Test
    void a_reservation_ends_once() {
        var reservation = (Reservation) ask(60, 60);
        reservation.release();
        reservation.settle(costing(60));
        assertThat(ledger.attempts()).isEmpty();
        assertThat(ledger.used(rule)).isEqualTo(Money.ZERO);
    }

    @Test
    void a_cost_belongs_to_the_window_of_its_reservation() {
        var before = (Reservation) ask(100, 100);
        now.set(Instant.parse("2026-11-22T00:00:01Z"));
        assertThat(ask(100, 100)).isInstanceOf(Reservation.class);
        before.settle(costing(130));
        assertThat(ledger.spent(rule)).isEqualTo(Money.ZERO);
        assertThat(ledger.spent(warning)).isEqualTo(new Money(130));
    }

    @Test
    void more_than_was_reserved_counts_before_the_next_call() {
        ((Reservation) ask(10, 10)).settle(costing(95));
        assertThat(ask(6, 6)).isInstanceOf(Refused.class);
        ledger.set(new BudgetRule(TEAM, Window.DAY, new Money(101), true, List.of()));
        assertThat(ask(6, 6)).isInstanceOf(Reservation.class);
    }
}
