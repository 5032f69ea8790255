package dev.remit.store.session;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.session.Event;
import dev.remit.core.session.Outcome;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.store.database.Database;
import dev.remit.store.session.SessionSummary.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Lists of sessions, newest first.
public final class SessionQueries {
    private static final String COLUMNS =
            """
            SELECT id, definition, definition_version, closed, waiting, head, parent, parent_action,
                   opened_at, updated_at, stop_reason, outcome, why, usage, cost_micros,
                   owner IS NULL AND ready_at IS NULL AS idle
            FROM session
            """;

    private static final int MOST_FORKS = 100;

    private final Database database;

    SessionQueries(Database database) {
        this.database = database;
    }

    /// Which sessions; an absent field leaves none out.
    ///
    /// @param parent only its children; absent: only sessions without a parent
    /// @param before only sessions older than this one: the last of the page before
    public record Filter(
            @Nullable Status status,
            @Nullable String definition,
            @Nullable SessionId parent,
            @Nullable SessionId before) {
        public static final Filter ALL = new Filter(null, null, null, null);
    }

    public List<SessionSummary> list(Filter filter, int limit) {
        var sql = new StringBuilder(COLUMNS);
        sql.append(filter.parent() == null ? "WHERE parent IS NULL" : "WHERE parent = ?");
        var status = filter.status();
        if (status != null) {
            sql.append(
                    switch (status) {
                        case CLOSED -> " AND closed";
                        case IDLE -> " AND NOT closed AND owner IS NULL AND ready_at IS NULL";
                        case RUNNING ->
                                " AND NOT closed AND (owner IS NOT NULL OR ready_at IS NOT NULL)";
                    });
        }
        sql.append(filter.definition() == null ? "" : " AND definition = ?");
        sql.append(filter.before() == null ? "" : " AND id < ?");
        sql.append(" ORDER BY id DESC LIMIT ?");
        return database.with(connection -> {
            try (var select = connection.prepareStatement(sql.toString())) {
                var parameters = new Parameters(select);
                var parent = filter.parent();
                if (parent != null) {
                    parameters.set(parent.uuid());
                }
                if (filter.definition() != null) {
                    parameters.text(filter.definition());
                }
                var before = filter.before();
                if (before != null) {
                    parameters.set(before.uuid());
                }
                parameters.set(limit);
                return Parameters.list(select, SessionQueries::summary);
            }
        });
    }

    /// Sessions that wait for people to answer, newest first.
    ///
    /// @param before only older ones; absent: from the newest on
    public List<SessionId> asking(@Nullable SessionId before, int limit) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT id FROM session
                            WHERE NOT closed AND waiting LIKE '{"for":"approval"%'
                              AND (?::uuid IS NULL OR id < ?::uuid)
                            ORDER BY id DESC LIMIT ?
                            """)) {
                var last = before == null ? null : before.uuid();
                new Parameters(select).set(last).set(last).set(limit);
                return Parameters.list(select, row -> Rows.session(row, 1));
            }
        });
    }

    /// A session and all that works for it and is not closed, however deep, in the order of ids.
    public List<SessionId> family(SessionId root, int limit) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            WITH RECURSIVE family AS (
                                SELECT id FROM session WHERE id = ?
                                UNION ALL
                                SELECT s.id FROM session s JOIN family f ON s.parent = f.id
                                WHERE NOT s.closed)
                            SELECT id FROM family ORDER BY id LIMIT ?
                            """)) {
                new Parameters(select).set(root.uuid()).set(limit);
                return Parameters.list(select, row -> Rows.session(row, 1));
            }
        });
    }

    public Optional<SessionSummary> find(SessionId id) {
        return database.with(connection -> {
            try (var select = connection.prepareStatement(COLUMNS + "WHERE id = ?")) {
                select.setObject(1, id.uuid());
                return Parameters.list(select, SessionQueries::summary).stream().findFirst();
            }
        });
    }

    /// Open sessions of an agent or workflow that do not go by a version, the oldest first.
    public List<SessionId> open(String definition, DefinitionRef but, int limit) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT id FROM session
                            WHERE definition = ? AND definition_version <> ? AND NOT closed
                            ORDER BY id LIMIT ?
                            """)) {
                new Parameters(select).text(definition).text(but.version().hex()).set(limit);
                return Parameters.list(select, row -> Rows.session(row, 1));
            }
        });
    }

    /// The most recent of what was made of a session, at most 100, the oldest first.
    public List<Fork> forks(SessionId origin) {
        return database.with(connection -> Forks.of(connection, origin, MOST_FORKS));
    }

    /// What a session was made of; absent if it began by itself.
    public Optional<Fork> origin(SessionId session) {
        return database.with(connection -> Forks.origin(connection, session)).stream().findFirst();
    }

    /// Sessions that wait for a person to look, in the order of their ids, the oldest first.
    ///
    /// @param definition only those of one agent or workflow; absent: all
    /// @param after id of the last of the page before
    public List<Troubled> troubled(
            @Nullable String definition, @Nullable SessionId after, int limit) {
        return database.with(connection -> Troubles.list(connection, definition, after, limit));
    }

    private static SessionSummary summary(ResultSet row) throws SQLException {
        var parent = Rows.uuid(row, 7);
        var reason = row.getString(11);
        var cost = (Long) row.getObject(15);
        boolean closed = row.getBoolean(4);
        boolean idle = row.getBoolean(16);
        return new SessionSummary(
                Rows.session(row, 1),
                new DefinitionRef(row.getString(2), new Hash(row.getString(3))),
                closed ? Status.CLOSED : idle ? Status.IDLE : Status.RUNNING,
                row.getLong(6),
                parent == null
                        ? null
                        : new Event.Parent(new SessionId(parent), new ActionId(row.getString(8))),
                Rows.instant(row, 9),
                Rows.instant(row, 10),
                idle && !closed ? read(row.getString(5), Waiting.class) : null,
                known(reason),
                read(row.getString(12), Outcome.class),
                row.getString(13),
                read(row.getString(14), Usage.class),
                cost == null ? null : new Money(cost));
    }

    /// What a newer program wrote and this one has no word for is left out of the list; the session
    /// is in it all the same.
    private static <T> @Nullable T read(@Nullable String json, Class<T> type) {
        try {
            return json == null ? null : Json.mapper().readValue(json, type);
        } catch (InvalidTypeIdException | UnrecognizedPropertyException e) {
            return null;
        }
    }

    private static @Nullable StopReason known(@Nullable String reason) {
        return Arrays.stream(StopReason.values())
                .filter(known -> known.name().equals(reason))
                .findFirst()
                .orElse(null);
    }
}
