package dev.remit.store.start;

import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.store.session.Parameters;
import dev.remit.store.start.Fire.Kind;
import dev.remit.store.start.Fire.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The tables of schedules and their fires.
final class ScheduleRows {
    private static final Duration KEPT = Duration.ofDays(90);

    private static final String COLUMNS =
            """
            SELECT name, id, agent, by_folder, spec, next_at, due, paused_at, paused_by, pause_note,
                   changed_at, changed_by
            FROM schedule
            """;
    private static final String FIRES =
            """
            SELECT fire, kind, nominal, state, decided_at, session, times, by, why
            FROM schedule_fire
            """;

    private ScheduleRows() {}

    static Optional<Schedule> find(Connection connection, String name) throws SQLException {
        return list(connection, "WHERE name = ?", name).stream().findFirst();
    }

    /// @param due only if somebody has to look by then
    static Optional<Schedule> lock(Connection connection, String name, Instant due)
            throws SQLException {
        return list(connection, "WHERE name = ? AND due <= ? FOR UPDATE SKIP LOCKED", name, due)
                .stream()
                .findFirst();
    }

    static Optional<Schedule> lock(Connection connection, String name) throws SQLException {
        return list(connection, "WHERE name = ? FOR UPDATE", name).stream().findFirst();
    }

    static List<Schedule> list(Connection connection, String where, Object... values)
            throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + where)) {
            var parameters = new Parameters(select);
            for (var value : values) {
                parameters.set(value);
            }
            return Parameters.list(select, ScheduleRows::schedule);
        }
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        var pausedAt = instant(row, 8);
        return new Schedule(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                row.getBoolean(4),
                Json.parse(row.getString(5)),
                instant(row, 6),
                instant(row, 7),
                pausedAt == null
                        ? null
                        : new Schedule.Pause(pausedAt, row.getString(9), row.getString(10)),
                required(row, 11),
                row.getString(12));
    }

    static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static Instant required(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /// Writes it, keeping whether it is paused.
    static void write(
            Connection connection,
            String name,
            String agent,
            boolean byFolder,
            JsonNode written,
            @Nullable Instant nextAt,
            @Nullable Instant due,
            Principal by,
            Instant at)
            throws SQLException {
        try (var upsert =
                connection.prepareStatement(
                        """
                        INSERT INTO schedule (name, agent, by_folder, spec, next_at, due,
                                              changed_at, changed_by)
                        VALUES (?, ?, ?, ?, ?::timestamptz, ?::timestamptz, ?, ?)
                        ON CONFLICT (name) DO UPDATE SET
                            agent = excluded.agent, by_folder = excluded.by_folder,
                            spec = excluded.spec, next_at = excluded.next_at, due = excluded.due,
                            changed_at = excluded.changed_at, changed_by = excluded.changed_by
                        """)) {
            new Parameters(upsert)
                    .text(name)
                    .text(agent)
                    .set(byFolder)
                    .text(Json.write(written))
                    .set(utc(nextAt))
                    .set(utc(due))
                    .set(at)
                    .text(by.toString());
            upsert.executeUpdate();
        }
    }

    static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : Parameters.utc(instant);
    }

    static void look(
            Connection connection, long id, @Nullable Instant nextAt, @Nullable Instant due)
            throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE schedule SET next_at = ?::timestamptz, due = ?::timestamptz
                        WHERE id = ?
                        """)) {
            new Parameters(update).set(utc(nextAt)).set(utc(due)).set(id);
            update.executeUpdate();
        }
    }

    static void pause(Connection connection, long id, Schedule.@Nullable Pause pause)
            throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE schedule
                        SET paused_at = ?::timestamptz, paused_by = ?, pause_note = ? WHERE id = ?
                        """)) {
            new Parameters(update)
                    .set(pause == null ? null : utc(pause.at()))
                    .text(pause == null ? null : pause.by())
                    .text(pause == null ? null : pause.note())
                    .set(id);
            update.executeUpdate();
        }
    }

    // ---- fires

    /// Writes down what became of a time.
    ///
    /// @return false if something has become of it before
    static boolean put(Connection connection, long schedule, Fire fire) throws SQLException {
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO schedule_fire (schedule, fire, kind, nominal, state, decided_at,
                                                   session, times, by, why)
                        VALUES (?, ?, ?, ?, ?, ?, ?::uuid, ?, ?, ?) ON CONFLICT DO NOTHING
                        """)) {
            var session = fire.session();
            new Parameters(insert)
                    .set(schedule)
                    .text(fire.id())
                    .text(fire.kind().word())
                    .set(fire.nominal())
                    .text(fire.state().word())
                    .set(fire.decidedAt())
                    .set(session == null ? null : session.uuid())
                    .set(fire.times())
                    .text(fire.by())
                    .text(fire.why());
            return insert.executeUpdate() == 1;
        }
    }

    static void become(Connection connection, long schedule, Fire fire) throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE schedule_fire
                        SET state = ?, kind = ?, decided_at = ?, session = ?::uuid, why = ?, by = ?
                        WHERE schedule = ? AND fire = ?
                        """)) {
            var session = fire.session();
            new Parameters(update)
                    .text(fire.state().word())
                    .text(fire.kind().word())
                    .set(fire.decidedAt())
                    .set(session == null ? null : session.uuid())
                    .text(fire.why())
                    .text(fire.by())
                    .set(schedule)
                    .text(fire.id());
            update.executeUpdate();
        }
    }

    static Optional<Fire> fire(Connection connection, long schedule, String id)
            throws SQLException {
        return fires(connection, "WHERE schedule = ? AND fire = ?", schedule, id).stream()
                .findFirst();
    }

    static List<Fire> newest(Connection connection, long schedule, int limit) throws SQLException {
        return fires(
                connection,
                "WHERE schedule = ? ORDER BY decided_at DESC, nominal DESC LIMIT ?",
                schedule,
                limit);
    }

    /// Those that wait for their turn, the oldest time first; backfills stand behind times that
    /// came by themselves.
    static List<Fire> buffered(Connection connection, long schedule) throws SQLException {
        return fires(
                connection,
                """
                WHERE schedule = ? AND state = 'buffered'
                ORDER BY kind = 'backfill', nominal, fire
                """,
                schedule);
    }

    private static List<Fire> fires(Connection connection, String where, Object... values)
            throws SQLException {
        try (var select = connection.prepareStatement(FIRES + where)) {
            var parameters = new Parameters(select);
            for (var value : values) {
                parameters.set(value);
            }
            return Parameters.list(select, ScheduleRows::read);
        }
    }

    private static Fire read(ResultSet row) throws SQLException {
        var session = row.getObject(6, UUID.class);
        return new Fire(
                row.getString(1),
                Kind.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                required(row, 3),
                State.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                required(row, 5),
                session == null ? null : new SessionId(session),
                row.getLong(7),
                row.getString(8),
                row.getString(9));
    }

    /// Those whose sessions have ended, or are no longer kept, are over.
    static void settle(Connection connection, long schedule) throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE schedule_fire f SET state = 'ended'
                        WHERE schedule = ? AND state = 'started'
                          AND NOT EXISTS (SELECT FROM session s
                                          WHERE s.id = f.session AND NOT s.closed)
                        """)) {
            new Parameters(update).set(schedule);
            update.executeUpdate();
        }
    }

    /// Those whose sessions are open, the oldest first.
    static List<Fire> open(Connection connection, long schedule) throws SQLException {
        return fires(
                connection, "WHERE schedule = ? AND state = 'started' ORDER BY session", schedule);
    }

    /// The times that something became of, each by itself.
    static Set<Instant> decided(
            Connection connection, long schedule, @Nullable Instant from, Instant to)
            throws SQLException {
        if (from == null) {
            return Set.of();
        }
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT fire, nominal FROM schedule_fire
                        WHERE schedule = ? AND nominal >= ? AND nominal <= ? AND kind <> 'trigger'
                        """)) {
            new Parameters(select).set(schedule).set(from).set(to);
            var decided = new HashSet<Instant>();
            Parameters.list(
                    select,
                    row -> {
                        var nominal = required(row, 2);
                        return row.getString(1).equals(nominal.toString()) && decided.add(nominal);
                    });
            return decided;
        }
    }

    /// The database gives up a transaction that says nothing for a second.
    static void stillHere(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT 1")) {
            select.execute();
        }
    }

    static Map<String, Long> missed(Connection connection, Collection<Schedule> of, Instant since)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT s.name, sum(f.times)
                        FROM schedule s JOIN schedule_fire f ON f.schedule = s.id
                        WHERE s.name = ANY(?) AND f.state = 'missed' AND f.decided_at > ?
                        GROUP BY s.name
                        """)) {
            new Parameters(select).texts(of.stream().map(Schedule::name).toList()).set(since);
            var missed = new HashMap<String, Long>();
            Parameters.list(select, row -> missed.put(row.getString(1), row.getLong(2)));
            return missed;
        }
    }

    static void forget(Connection connection, long schedule, Instant now) throws SQLException {
        try (var delete =
                connection.prepareStatement(
                        """
                        DELETE FROM schedule_fire WHERE schedule = ? AND decided_at < ?
                          AND state NOT IN ('started', 'buffered')
                        """)) {
            new Parameters(delete).set(schedule).set(now.minus(KEPT));
            delete.executeUpdate();
        }
    }
}
