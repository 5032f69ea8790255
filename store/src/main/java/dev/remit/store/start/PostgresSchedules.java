package dev.remit.store.start;

import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.start.Overlap;
import dev.remit.store.database.Database;
import dev.remit.store.session.Parameters;
import dev.remit.store.session.Within;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Schedules in PostgreSQL. Safe to be asked by any number of nodes at once.
public final class PostgresSchedules {
    /// Most times that one backfill names.
    public static final int MOST_BACKFILLED = 1000;

    private final Database database;
    private final Within sessions;

    public PostgresSchedules(Database database, Within sessions) {
        this.database = database;
        this.sessions = sessions;
    }

    // ---- reading

    public Optional<Schedule> find(String name) {
        return database.with(connection -> ScheduleRows.find(connection, name));
    }

    /// In the order of names.
    ///
    /// @param agent only those of one agent or workflow; absent: all
    /// @param after name of the last of the page before
    public List<Schedule> list(@Nullable String agent, @Nullable String after, int limit) {
        var from = after == null ? "" : after;
        return database.with(connection ->
                agent == null
                        ? ScheduleRows.list(
                                connection, "WHERE name > ? ORDER BY name LIMIT ?", from, limit)
                        : ScheduleRows.list(
                                connection,
                                "WHERE agent = ? AND name > ? ORDER BY name LIMIT ?",
                                agent,
                                from,
                                limit));
    }

    /// What became of its times lately, the newest first.
    public List<Fire> fires(Schedule schedule, int limit) {
        return database.with(connection -> {
            ScheduleRows.settle(connection, schedule.id());
            return ScheduleRows.newest(connection, schedule.id(), limit);
        });
    }

    /// How many times were missed lately, by the name of the schedule. One that missed none is not
    /// in it.
    public Map<String, Long> missed(Collection<Schedule> of, Instant since) {
        return database.with(connection -> ScheduleRows.missed(connection, of, since));
    }

    /// Schedules that somebody has to look at, the longest due first.
    public List<Schedule> due(Instant now, int limit) {
        return database.with(connection ->
                ScheduleRows.list(connection, "WHERE due <= ? ORDER BY due LIMIT ?", now, limit));
    }

    /// When somebody has to look next.
    public Optional<Instant> nextDue() {
        return database.with(connection -> {
            try (var select = connection.prepareStatement("SELECT min(due) FROM schedule")) {
                return Parameters.list(
                                select, row -> Optional.ofNullable(ScheduleRows.instant(row, 1)))
                        .getFirst();
            }
        });
    }

    // ---- writing

    /// Makes a schedule, or changes it. It fires for times from now on; what came before and was
    /// not started is listed.
    ///
    /// @param written checked by [dev.remit.core.start.StartReader#schedule] already
    public Schedule put(String name, String agent, JsonNode written, Principal by, Instant now) {
        return transaction(connection -> {
            new Changing(connection, by, now).put(name, agent, false, written);
            return ScheduleRows.find(connection, name).orElseThrow();
        });
    }

    /// @return false if there is none
    public boolean remove(String name) {
        return database.with(connection -> {
            try (var delete = connection.prepareStatement("DELETE FROM schedule WHERE name = ?")) {
                new Parameters(delete).text(name);
                return delete.executeUpdate() == 1;
            }
        });
    }

    /// Nothing is started while it is paused, and nothing of that time is caught up with.
    public Optional<Schedule> pause(String name, Principal by, @Nullable String note, Instant now) {
        return changed(
                name,
                (connection, schedule) -> {
                    ScheduleRows.pause(
                            connection,
                            schedule.id(),
                            new Schedule.Pause(now, by.toString(), note));
                    ScheduleRows.look(connection, schedule.id(), schedule.nextAt(), null);
                });
    }

    /// Goes on with the next time from now. The times that came meanwhile are listed.
    public Optional<Schedule> resume(String name, Instant now) {
        return changed(
                name,
                (connection, schedule) -> {
                    var pause = schedule.pause();
                    if (pause == null) {
                        return;
                    }
                    var next =
                            new Passed(connection, schedule, now)
                                    .skip(
                                            "paused",
                                            "it was paused from "
                                                    + pause.at()
                                                    + " by "
                                                    + pause.by());
                    boolean waiting = !ScheduleRows.buffered(connection, schedule.id()).isEmpty();
                    ScheduleRows.pause(connection, schedule.id(), null);
                    ScheduleRows.look(
                            connection,
                            schedule.id(),
                            next,
                            waiting ? now : next == null ? null : schedule.spec().due(name, next));
                });
    }

    /// Something done to one schedule, whose row is held.
    private interface Change {
        void to(Connection connection, Schedule schedule) throws SQLException;
    }

    private Optional<Schedule> changed(String name, Change change) {
        return transaction(connection -> {
            var schedule = ScheduleRows.lock(connection, name);
            if (schedule.isPresent()) {
                change.to(connection, schedule.get());
            }
            return ScheduleRows.find(connection, name);
        });
    }

    // ---- firing

    /// What a look did.
    ///
    /// @param told sessions that were opened, or told something
    public record Looked(List<SessionId> told) {}

    /// Decides about the times of a schedule that have come. Does nothing if another node is at it,
    /// or has been.
    public Looked look(String name, Instant now, Opener opener) {
        return transaction(connection -> {
            var schedule = ScheduleRows.lock(connection, name, now);
            if (schedule.isEmpty()) {
                return new Looked(List.of());
            }
            var firing = new Firing(connection, sessions, schedule.get(), now, opener);
            firing.look();
            return new Looked(List.copyOf(firing.told()));
        });
    }

    /// Nobody looks at it before then: a look at it fails, and others are not to wait for that.
    ///
    /// @param now if it is still due
    public void defer(String name, Instant now, Instant until) {
        database.with(connection -> {
            try (var update =
                    connection.prepareStatement(
                            "UPDATE schedule SET due = ? WHERE name = ? AND due <= ?")) {
                new Parameters(update).set(until).text(name).set(now);
                return update.executeUpdate();
            }
        });
    }

    /// @param fire what became of it
    public record Triggered(Fire fire, List<SessionId> told) {}

    /// Starts it now, whatever its times are, and whether it is paused or not.
    ///
    /// @param id names this request: the same one starts once
    /// @param overlap absent: as the schedule has it
    public Optional<Triggered> trigger(
            String name,
            String id,
            Principal by,
            @Nullable Overlap overlap,
            Instant now,
            Opener opener) {
        return transaction(connection -> {
            var schedule = ScheduleRows.lock(connection, name);
            if (schedule.isEmpty()) {
                return Optional.empty();
            }
            var firing = new Firing(connection, sessions, schedule.get(), now, opener);
            var fire = firing.trigger("trigger " + id, by, overlap);
            firing.lookSoon();
            return Optional.of(new Triggered(fire, List.copyOf(firing.told())));
        });
    }

    /// What a backfill will do.
    ///
    /// @param wanted times that wait for their turn now
    /// @param done times that were started before, and are left alone
    public record Backfilled(List<Instant> wanted, List<Instant> done) {}

    /// Lets the times of a span wait for their turn, but for those that were started before.
    ///
    /// @param times its nominal times in that span
    public Optional<Backfilled> backfill(
            String name, List<Instant> times, Principal by, Instant now) {
        return transaction(connection -> {
            var schedule = ScheduleRows.lock(connection, name);
            if (schedule.isEmpty()) {
                return Optional.empty();
            }
            var wanted = new ArrayList<Instant>();
            var done = new ArrayList<Instant>();
            for (var time : times) {
                (backfill(connection, schedule.get(), time, by, now) ? wanted : done).add(time);
            }
            if (!wanted.isEmpty()) {
                ScheduleRows.look(connection, schedule.get().id(), schedule.get().nextAt(), now);
            }
            return Optional.of(new Backfilled(List.copyOf(wanted), List.copyOf(done)));
        });
    }

    private static boolean backfill(
            Connection connection, Schedule schedule, Instant time, Principal by, Instant now)
            throws SQLException {
        var fire =
                new Fire(
                        time.toString(),
                        Fire.Kind.BACKFILL,
                        time,
                        Fire.State.BUFFERED,
                        now,
                        null,
                        1,
                        by.toString(),
                        null);
        if (ScheduleRows.put(connection, schedule.id(), fire)) {
            return true;
        }
        var before = ScheduleRows.fire(connection, schedule.id(), fire.id()).orElseThrow();
        return switch (before.state()) {
            case STARTED, ENDED, BUFFERED -> false;
            case SKIPPED, MISSED, FAILED -> {
                ScheduleRows.become(connection, schedule.id(), fire);
                yield true;
            }
        };
    }

    private <T> T transaction(Database.Work<T> work) {
        return database.with(connection -> Transaction.of(connection, work));
    }
}
