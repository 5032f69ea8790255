package dev.remit.store.start;

import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.start.Overlap;
import dev.remit.core.start.ScheduleSpec;
import dev.remit.store.session.Within;
import dev.remit.store.start.Fire.Kind;
import dev.remit.store.start.Fire.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One look at one schedule, by a transaction that holds its row.
final class Firing {
    private static final Logger LOG = LoggerFactory.getLogger(Firing.class);

    /// Most times that one look decides about; the next look goes on.
    private static final int MOST = 100;

    /// How soon it is looked again while fires wait for their turn.
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Connection connection;
    private final Within sessions;
    private final Schedule schedule;
    private final ScheduleSpec spec;
    private final Instant now;
    private final Opener opener;
    private final List<SessionId> told = new ArrayList<>();
    private int open;
    private int buffered;

    /// Those of them that are no backfill: a backfill is not to take their places.
    private int inLine;

    Firing(Connection connection, Within sessions, Schedule schedule, Instant now, Opener opener)
            throws SQLException {
        this.connection = connection;
        this.sessions = sessions;
        this.schedule = schedule;
        this.spec = schedule.spec();
        this.now = now;
        this.opener = opener;
        ScheduleRows.settle(connection, schedule.id());
        this.open = ScheduleRows.open(connection, schedule.id()).size();
        for (var fire : ScheduleRows.buffered(connection, schedule.id())) {
            count(fire, 1);
        }
    }

    private void count(Fire waiting, int more) {
        buffered += more;
        inLine += waiting.kind() == Kind.BACKFILL ? 0 : more;
    }

    /// The sessions that were opened or told something.
    List<SessionId> told() {
        return told;
    }

    /// Decides about every time that has come, and starts what waits for its turn.
    void look() throws SQLException {
        ScheduleRows.forget(connection, schedule.id(), now);
        if (schedule.pause() != null) {
            ScheduleRows.look(connection, schedule.id(), schedule.nextAt(), null);
            return;
        }
        if (spec.overlap() != Overlap.CANCEL) {
            startBuffered(); // else they would be in the way of times that come now
        }
        var next = times(missed(schedule.nextAt()));
        startBuffered();
        ScheduleRows.look(connection, schedule.id(), next, due(next));
    }

    private @Nullable Instant times(@Nullable Instant first) throws SQLException {
        var next = first;
        for (int i = 0; i < MOST && next != null; i++) {
            if (spec.due(schedule.name(), next).isAfter(now)) {
                break;
            }
            decide(next);
            next = spec.when().next(next).orElse(null);
        }
        return next;
    }

    /// Nobody was there when these were due, and it is too late for them now.
    private @Nullable Instant missed(@Nullable Instant first) throws SQLException {
        var oldest = now.minus(spec.catchUp());
        if (first == null || !isLate(first, oldest)) {
            return first;
        }
        var passed = new Passed(connection, schedule, now);
        var count = passed.count(time -> isLate(time, oldest));
        var why =
                "no node was there in time; the last of them was "
                        + count.last()
                        + ", and what is later than "
                        + spec.catchUp()
                        + " is not caught up with";
        passed.list(count, State.MISSED, "missed", why);
        LOG.warn(
                "schedule {} missed {} times from {} to {}",
                schedule.name(),
                count.times(),
                first,
                count.last());
        var next = count.next();
        return next != null && isLate(next, oldest)
                ? spec.when().next(oldest.minus(spec.jitter()).minusNanos(1)).orElse(null)
                : next;
    }

    private boolean isLate(Instant nominal, Instant oldest) {
        return spec.due(schedule.name(), nominal).isBefore(oldest);
    }

    private void decide(Instant nominal) throws SQLException {
        var id = nominal.toString();
        if (ScheduleRows.fire(connection, schedule.id(), id).isPresent()) {
            return; // a backfill was there before
        }
        put(fire(id, Kind.TIME, nominal, null), spec.overlap());
    }

    private Fire fire(String id, Kind kind, Instant nominal, @Nullable Principal by) {
        return new Fire(
                id,
                kind,
                nominal,
                State.BUFFERED,
                now,
                null,
                1,
                by == null ? null : by.toString(),
                null);
    }

    /// A start that somebody asks for now.
    ///
    /// @return what became of it; what became of it before, if it was asked for already
    Fire trigger(String id, Principal by, @Nullable Overlap overlap) throws SQLException {
        var before = ScheduleRows.fire(connection, schedule.id(), id);
        return before.isPresent()
                ? before.get()
                : put(fire(id, Kind.TRIGGER, now, by), overlap == null ? spec.overlap() : overlap);
    }

    private Fire put(Fire fire, Overlap overlap) throws SQLException {
        var decided = byOverlap(fire, overlap);
        ScheduleRows.put(connection, schedule.id(), decided);
        if (decided.state() == State.BUFFERED) {
            count(decided, 1);
        }
        return decided;
    }

    private Fire byOverlap(Fire fire, Overlap overlap) throws SQLException {
        if (overlap == Overlap.ALLOW || (open == 0 && buffered == 0)) {
            return start(fire);
        }
        return switch (overlap) {
            case SKIP, ALLOW ->
                    over(
                            fire,
                            State.SKIPPED,
                            open > 0
                                    ? "an earlier session is still open"
                                    : "earlier times wait for their turn");
            case BUFFER_ONE ->
                    inLine == 0
                            ? fire
                            : over(fire, State.SKIPPED, "an earlier time waits for its turn");
            case BUFFER_ALL ->
                    inLine < spec.buffer()
                            ? fire
                            : over(
                                    fire,
                                    State.SKIPPED,
                                    spec.buffer() + " earlier times wait for their turn");
            case CANCEL -> {
                cancelOpen(fire);
                yield fire;
            }
        };
    }

    /// What is open is told to cancel; what waited for its turn never gets it.
    private void cancelOpen(Fire fire) throws SQLException {
        for (var waiting : ScheduleRows.buffered(connection, schedule.id())) {
            if (waiting.kind() != Kind.BACKFILL) {
                ScheduleRows.become(
                        connection,
                        schedule.id(),
                        over(waiting, State.SKIPPED, "a later time took its place"));
                count(waiting, -1);
            }
        }
        for (var earlier : ScheduleRows.open(connection, schedule.id())) {
            var session = earlier.session();
            if (session != null && earlier.why() == null) { // told once, however long it takes
                cancel(earlier, session, "the time " + fire.nominal() + " takes its place");
            }
        }
    }

    private void cancel(Fire earlier, SessionId session, String why) throws SQLException {
        var by = new Principal(Principal.Kind.SCHEDULE, schedule.name());
        sessions.send(connection, session, new Mail.Cancel(by, why));
        told.add(session);
        ScheduleRows.become(
                connection,
                schedule.id(),
                new Fire(
                        earlier.id(),
                        earlier.kind(),
                        earlier.nominal(),
                        earlier.state(),
                        earlier.decidedAt(),
                        session,
                        earlier.times(),
                        earlier.by(),
                        "told to cancel: " + why));
    }

    private Fire over(Fire fire, State state, String why) {
        return new Fire(
                fire.id(),
                fire.kind(),
                fire.nominal(),
                state,
                now,
                fire.session(),
                fire.times(),
                fire.by(),
                why);
    }

    /// One after the other, in the order of their times; all at once where they may overlap.
    private void startBuffered() throws SQLException {
        for (var fire : ScheduleRows.buffered(connection, schedule.id())) {
            if (open > 0 && spec.overlap() != Overlap.ALLOW) {
                return;
            }
            ScheduleRows.become(connection, schedule.id(), start(fire));
            count(fire, -1);
        }
    }

    private Fire start(Fire fire) throws SQLException {
        try {
            var opening = opener.open(wish(fire));
            var id =
                    switch (sessions.open(connection, opening)) {
                        case Accepted.New opened -> opened.id();
                        case Accepted.Existing existing -> existing.id();
                        case Accepted.Conflict conflict -> conflict.id();
                    };
            told.add(id);
            open++;
            LOG.info("schedule {} starts session {} for {}", schedule.name(), id, fire.nominal());
            return new Fire(
                    fire.id(),
                    fire.kind(),
                    fire.nominal(),
                    State.STARTED,
                    now,
                    id,
                    1,
                    fire.by(),
                    null);
        } catch (Opener.Refused e) {
            LOG.warn("schedule {} could not start: {}", schedule.name(), e.getMessage());
            return over(fire, State.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private Opener.Wish wish(Fire fire) {
        var cause = new ArrayList<Principal>();
        cause.add(new Principal(Principal.Kind.SCHEDULE, schedule.name()));
        var by = fire.by();
        if (by != null) {
            int colon = by.indexOf(':');
            cause.add(
                    new Principal(
                            Principal.Kind.valueOf(
                                    by.substring(0, colon).toUpperCase(java.util.Locale.ROOT)),
                            by.substring(colon + 1)));
        }
        var key =
                new IdempotencyKey(
                        "schedule:" + schedule.name() + "#" + schedule.id(),
                        fire.id(),
                        Hash.of(Json.canonical(spec.input())).hex());
        return new Opener.Wish(spec.input(), cause, spec.models(), key, now);
    }

    private @Nullable Instant due(@Nullable Instant next) {
        if (schedule.pause() != null) {
            return null;
        }
        var due = next == null ? null : spec.due(schedule.name(), next);
        var soon = now.plus(SOON);
        return buffered > 0 && (due == null || soon.isBefore(due)) ? soon : due;
    }

    /// Looks again soon, for what waits for its turn.
    void lookSoon() throws SQLException {
        if (buffered > 0) {
            ScheduleRows.look(connection, schedule.id(), schedule.nextAt(), due(schedule.nextAt()));
        }
    }
}
