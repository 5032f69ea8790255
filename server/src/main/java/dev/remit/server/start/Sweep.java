package dev.remit.server.start;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Unavailable;
import dev.remit.store.start.PostgresSchedules;
import dev.remit.store.start.PostgresTriggers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One look at everything that is due to start a session. Any number of nodes may look at once, and
/// each may die in the middle: what was decided is decided in one transaction each.
public final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final int MOST = 200;
    private static final Duration AFTER_TROUBLE = Duration.ofMinutes(1);

    private final PostgresSchedules schedules;
    private final PostgresTriggers triggers;
    private final Starter starter;
    private final InstantSource clock;
    private final Consumer<SessionId> wake;

    /// @param clock the same for all nodes
    /// @param wake tells the dispatcher of a session that has something to do
    public Sweep(
            PostgresSchedules schedules,
            PostgresTriggers triggers,
            Starter starter,
            InstantSource clock,
            Consumer<SessionId> wake) {
        this.schedules = schedules;
        this.triggers = triggers;
        this.starter = starter;
        this.clock = clock;
        this.wake = wake;
    }

    public PostgresSchedules schedules() {
        return schedules;
    }

    public PostgresTriggers triggers() {
        return triggers;
    }

    public Starter starter() {
        return starter;
    }

    public InstantSource clock() {
        return clock;
    }

    public void wake(SessionId session) {
        wake.accept(session);
    }

    /// @return how long nothing will be due
    Duration look() {
        var now = clock.instant();
        schedules.due(now, MOST).forEach(schedule -> look(schedule.name(), schedule.agent(), now));
        triggers.due(now, MOST).forEach(due -> start(due, now));
        var next =
                Stream.of(schedules.nextDue(), triggers.nextDue())
                        .flatMap(due -> due.stream())
                        .min(Instant::compareTo);
        return next.map(at -> Duration.between(now, at)).orElse(Duration.ofDays(1));
    }

    private void look(String name, String agent, Instant now) {
        guarded(
                "schedule " + name,
                () -> schedules.look(name, now, starter.of(agent)).told().forEach(wake),
                () -> schedules.defer(name, now, now.plus(AFTER_TROUBLE)));
    }

    private void start(PostgresTriggers.Due due, Instant now) {
        guarded(
                "trigger " + due.trigger().name(),
                () -> triggers.start(due, now, starter.of(due.trigger().agent())).forEach(wake),
                () -> triggers.defer(due, now.plus(AFTER_TROUBLE)));
    }

    /// One that cannot be looked at is put off, so that others are: they would all stand behind it.
    /// A database that is away is no fault of its own.
    private static void guarded(String what, Runnable look, Runnable putOff) {
        try {
            look.run();
        } catch (RuntimeException e) {
            if (e instanceof Unavailable away && away.mayPass()) {
                throw e;
            }
            LOG.warn("{} cannot be looked at now; again in {}", what, AFTER_TROUBLE, e);
            putOff.run();
        }
    }
}
