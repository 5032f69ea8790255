package dev.remit.store.start;

import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.start.StartReader;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The tables of triggers, of the events that wait, and of what became of them.
final class TriggerRows {
    private static final Duration KEPT = Duration.ofDays(90);

    private static final String COLUMNS =
            """
            SELECT name, id, agent, by_folder, event, spec, changed_at, changed_by
            FROM event_trigger
            """;

    private TriggerRows() {}

    static List<Trigger> list(Connection connection, String where, Object... values)
            throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + where)) {
            var parameters = new Parameters(select);
            for (var value : values) {
                parameters.set(value);
            }
            return Parameters.list(
                    select,
                    row ->
                            new Trigger(
                                    row.getString(1),
                                    row.getLong(2),
                                    row.getString(3),
                                    row.getBoolean(4),
                                    row.getString(5),
                                    Json.parse(row.getString(6)),
                                    ScheduleRows.required(row, 7),
                                    row.getString(8)));
        }
    }

    /// What has not changed is left as it is.
    static void write(
            Connection connection,
            String name,
            String agent,
            boolean byFolder,
            JsonNode written,
            Principal by,
            Instant at)
            throws SQLException {
        try (var upsert =
                connection.prepareStatement(
                        """
                        INSERT INTO event_trigger AS t (name, agent, by_folder, event, spec,
                                                        changed_at, changed_by)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (name) DO UPDATE SET
                            agent = excluded.agent, by_folder = excluded.by_folder,
                            event = excluded.event, spec = excluded.spec,
                            changed_at = excluded.changed_at, changed_by = excluded.changed_by
                        WHERE t.spec <> excluded.spec OR t.by_folder <> excluded.by_folder
                              OR t.agent <> excluded.agent
                        """)) {
            new Parameters(upsert)
                    .text(name)
                    .text(agent)
                    .set(byFolder)
                    .text(StartReader.trigger(written).event())
                    .text(Json.write(written))
                    .set(at)
                    .text(by.toString());
            upsert.executeUpdate();
        }
    }

    // ---- events

    /// @return false if that event came before
    static boolean arrive(
            Connection connection, String name, String id, Principal from, int wanted, Instant at)
            throws SQLException {
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO incoming_event (name, id, at, principal, wanted)
                        VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                        """)) {
            new Parameters(insert).text(name).text(id).set(at).text(from.toString()).set(wanted);
            return insert.executeUpdate() == 1;
        }
    }

    static int wanted(Connection connection, String name, String id) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT wanted FROM incoming_event WHERE name = ? AND id = ?")) {
            new Parameters(select).text(name).text(id);
            return Parameters.list(select, row -> row.getInt(1)).stream().findFirst().orElse(0);
        }
    }

    /// A group of events of one key.
    record Group(long trigger, String key, Instant firstAt, long events, Instant due) {}

    /// Adds an event to its group, or begins one.
    ///
    /// @return the group, with the event
    static Group join(
            Connection connection,
            long trigger,
            String key,
            String event,
            Principal from,
            JsonNode body,
            Instant at)
            throws SQLException {
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO waiting_event (trigger, key, event, principal, at, body)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)) {
            new Parameters(insert)
                    .set(trigger)
                    .text(key)
                    .text(event)
                    .text(from.toString())
                    .set(at)
                    .text(Json.write(body));
            insert.executeUpdate();
        }
        try (var upsert =
                connection.prepareStatement(
                        """
                        INSERT INTO event_group AS g (trigger, key, first_at, events, due)
                        VALUES (?, ?, ?, 1, ?)
                        ON CONFLICT (trigger, key) DO UPDATE SET events = g.events + 1
                        RETURNING trigger, key, first_at, events, due
                        """)) {
            new Parameters(upsert).set(trigger).text(key).set(at).set(at);
            return Parameters.list(upsert, TriggerRows::group).getFirst();
        }
    }

    static Group group(ResultSet row) throws SQLException {
        return new Group(
                row.getLong(1),
                row.getString(2),
                ScheduleRows.required(row, 3),
                row.getLong(4),
                ScheduleRows.required(row, 5));
    }

    static void due(Connection connection, long trigger, String key, Instant due)
            throws SQLException {
        try (var update =
                connection.prepareStatement(
                        "UPDATE event_group SET due = ? WHERE trigger = ? AND key = ?")) {
            new Parameters(update).set(due).set(trigger).text(key);
            update.executeUpdate();
        }
    }

    static Optional<Group> lock(Connection connection, long trigger, String key, Instant due)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT trigger, key, first_at, events, due FROM event_group
                        WHERE trigger = ? AND key = ? AND due <= ? FOR UPDATE SKIP LOCKED
                        """)) {
            new Parameters(select).set(trigger).text(key).set(due);
            return Parameters.list(select, TriggerRows::group).stream().findFirst();
        }
    }

    /// An event that waits.
    record Waiting(long place, String event, String principal, Instant at, JsonNode body) {}

    /// The first ones of a group, in order.
    static List<Waiting> waiting(Connection connection, long trigger, String key, int limit)
            throws SQLException {
        return waiting(connection, trigger, key, "ORDER BY place", limit);
    }

    /// The last ones of a group, in order.
    static List<Waiting> latest(Connection connection, long trigger, String key, int limit)
            throws SQLException {
        return waiting(connection, trigger, key, "ORDER BY place DESC", limit).reversed();
    }

    private static List<Waiting> waiting(
            Connection connection, long trigger, String key, String order, int limit)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT place, event, principal, at, body FROM waiting_event
                        WHERE trigger = ? AND key = ? %s LIMIT ?
                        """
                                .formatted(order))) {
            new Parameters(select).set(trigger).text(key).set(limit);
            return Parameters.list(
                    select,
                    row ->
                            new Waiting(
                                    row.getLong(1),
                                    row.getString(2),
                                    row.getString(3),
                                    ScheduleRows.required(row, 4),
                                    Json.parse(row.getString(5))));
        }
    }

    /// Takes events out of their group.
    ///
    /// @param last place of the last of them
    /// @return how many they were
    static int take(Connection connection, Group group, long last, Instant due, Instant now)
            throws SQLException {
        int taken;
        try (var delete =
                connection.prepareStatement(
                        "DELETE FROM waiting_event WHERE trigger = ? AND key = ? AND place <= ?")) {
            new Parameters(delete).set(group.trigger()).text(group.key()).set(last);
            taken = delete.executeUpdate();
        }
        var sql =
                taken >= group.events()
                        ? "DELETE FROM event_group WHERE trigger = ? AND key = ?"
                        : """
                        UPDATE event_group SET events = events - ?, due = ?, first_at = ?
                        WHERE trigger = ? AND key = ?
                        """;
        try (var change = connection.prepareStatement(sql)) {
            var parameters = new Parameters(change);
            if (taken < group.events()) {
                parameters.set((long) taken).set(due).set(now);
            }
            parameters.set(group.trigger()).text(group.key());
            change.executeUpdate();
        }
        return taken;
    }

    // ---- starts

    static void started(Connection connection, long trigger, long place, EventStart start)
            throws SQLException {
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO event_start (trigger, place, key, state, at, events, session, why)
                        VALUES (?, ?, ?, ?, ?, ?, ?::uuid, ?) ON CONFLICT DO NOTHING
                        """)) {
            var session = start.session();
            new Parameters(insert)
                    .set(trigger)
                    .set(place)
                    .text(start.key())
                    .text(start.state())
                    .set(start.at())
                    .set(start.events())
                    .set(session == null ? null : session.uuid())
                    .text(start.why());
            insert.executeUpdate();
        }
    }

    /// Those whose sessions have ended, or are no longer kept, are over.
    static void settle(Connection connection, long trigger, String key) throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE event_start e SET state = 'ended'
                        WHERE trigger = ? AND key = ? AND state IN ('started', 'cancelling')
                          AND NOT EXISTS (SELECT FROM session s
                                          WHERE s.id = e.session AND NOT s.closed)
                        """)) {
            new Parameters(update).set(trigger).text(key);
            update.executeUpdate();
        }
    }

    /// Open sessions of a key, and whether they were told to cancel.
    record Open(SessionId session, boolean cancelling) {}

    static List<Open> open(Connection connection, long trigger, String key) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT session, state = 'cancelling' FROM event_start
                        WHERE trigger = ? AND key = ? AND state IN ('started', 'cancelling')
                        ORDER BY session
                        """)) {
            new Parameters(select).set(trigger).text(key);
            return Parameters.list(
                    select,
                    row ->
                            new Open(
                                    new SessionId(row.getObject(1, UUID.class)),
                                    row.getBoolean(2)));
        }
    }

    static void cancelling(Connection connection, long trigger, String key) throws SQLException {
        try (var update =
                connection.prepareStatement(
                        """
                        UPDATE event_start SET state = 'cancelling'
                        WHERE trigger = ? AND key = ? AND state = 'started'
                        """)) {
            new Parameters(update).set(trigger).text(key);
            update.executeUpdate();
        }
    }

    /// The times of the newest starts, the newest first.
    static List<Instant> times(Connection connection, long trigger, Instant since, int limit)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT at FROM event_start
                        WHERE trigger = ? AND at > ? AND session IS NOT NULL
                        ORDER BY at DESC LIMIT ?
                        """)) {
            new Parameters(select).set(trigger).set(since).set(limit);
            return Parameters.list(select, row -> ScheduleRows.required(row, 1));
        }
    }

    /// Holds the trigger against other starts. Not against events that come: one of them may wait
    /// for the group that the caller holds.
    static void hold(Connection connection, long trigger) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT FROM event_trigger WHERE id = ? FOR NO KEY UPDATE")) {
            new Parameters(select).set(trigger);
            select.execute();
        }
    }

    static List<EventStart> newest(Connection connection, long trigger, int limit)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT e.key,
                               CASE WHEN e.state IN ('started', 'cancelling') AND NOT EXISTS (
                                   SELECT FROM session s WHERE s.id = e.session AND NOT s.closed)
                               THEN 'ended' ELSE e.state END,
                               e.at, e.events, e.session, e.why
                        FROM event_start e WHERE trigger = ? ORDER BY at DESC, place DESC LIMIT ?
                        """)) {
            new Parameters(select).set(trigger).set(limit);
            return Parameters.list(
                    select,
                    row -> {
                        @Nullable UUID session = row.getObject(5, UUID.class);
                        return new EventStart(
                                row.getString(1),
                                row.getString(2),
                                ScheduleRows.required(row, 3),
                                row.getLong(4),
                                session == null ? null : new SessionId(session),
                                row.getString(6));
                    });
        }
    }

    static long waiting(Connection connection, long trigger) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT coalesce(sum(events), 0) FROM event_group WHERE trigger = ?")) {
            new Parameters(select).set(trigger);
            return Parameters.list(select, row -> row.getLong(1)).getFirst();
        }
    }

    static void forget(Connection connection, Instant now) throws SQLException {
        try (var events = connection.prepareStatement("DELETE FROM incoming_event WHERE at < ?");
                var starts =
                        connection.prepareStatement(
                                """
                                DELETE FROM event_start
                                WHERE at < ? AND state NOT IN ('started', 'cancelling')
                                """)) {
            new Parameters(events).set(now.minus(KEPT));
            events.executeUpdate();
            new Parameters(starts).set(now.minus(KEPT));
            starts.executeUpdate();
        }
    }
}
