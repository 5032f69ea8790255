package dev.remit.store.upkeep;

import dev.remit.store.database.Database;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Partitions of events and their contents, a month each, by the time in the ids of sessions: made
/// ahead, and dropped when they are over and empty. Nothing here waits for a lock longer than a
/// moment; what cannot be done now is done the next time.
public final class Partitions {
    private static final List<String> TABLES = List.of("event", "blob");
    private static final int AHEAD = 3;
    private static final Pattern BOUNDS =
            Pattern.compile("FROM \\((?:MINVALUE|'([0-9a-f-]{36})')\\) TO \\('([0-9a-f-]{36})'\\)");

    /// Lock not available, and the same in words.
    private static final String NO_LOCK = "55P03";

    private final Database database;

    public Partitions(Database database) {
        this.database = database;
    }

    /// A partition. Ids from `from` on, and below `to`.
    public record Range(String name, Optional<UUID> from, UUID to) {}

    /// What was made and dropped.
    public record Done(List<String> made, List<String> dropped) {}

    /// Does what is due.
    public Done keep(Instant now) {
        return database.with(connection -> {
            var made = new ArrayList<String>();
            var dropped = new ArrayList<String>();
            for (var table : TABLES) {
                try {
                    make(connection, table, now, made);
                    drop(connection, table, now, dropped);
                } catch (SQLException e) {
                    if (!NO_LOCK.equals(e.getSQLState())) {
                        throw e; // else somebody holds the table: the next round looks again
                    }
                }
            }
            return new Done(List.copyOf(made), List.copyOf(dropped));
        });
    }

    /// Of a table, the oldest first; the one for all other ids is not among them.
    public List<Range> of(String table) {
        return database.with(connection -> ranges(connection, table));
    }

    private static List<Range> ranges(Connection connection, String table) throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT c.relname, pg_get_expr(c.relpartbound, c.oid)
                        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                        WHERE i.inhparent = to_regclass(?)
                        """)) {
            new Parameters(select).text("remit." + table);
            var ranges = new ArrayList<Range>();
            var row = select.executeQuery();
            while (row.next()) {
                var bounds = BOUNDS.matcher(row.getString(2));
                if (bounds.find()) {
                    ranges.add(
                            new Range(
                                    row.getString(1),
                                    Optional.ofNullable(bounds.group(1)).map(UUID::fromString),
                                    UUID.fromString(bounds.group(2))));
                }
            }
            // ids are compared as they are written, not as Java does
            ranges.sort((a, b) -> a.to().toString().compareTo(b.to().toString()));
            return ranges;
        }
    }

    private static void make(Connection connection, String table, Instant now, List<String> made)
            throws SQLException {
        var ranges = ranges(connection, table);
        if (ranges.isEmpty()) {
            return;
        }
        var last = ranges.getLast().to();
        var month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        for (int i = 0; i <= AHEAD; i++) {
            var from = first(month.plusMonths(i));
            var to = first(month.plusMonths(i + 1));
            if (from.toString().compareTo(last.toString()) < 0) {
                continue;
            }
            var name = name(table, month.plusMonths(i));
            // attached rather than made in place: that would lock writers out
            if (inLock(
                    connection,
                    "CREATE TABLE %s (LIKE %s INCLUDING ALL)".formatted(name, table),
                    "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')"
                            .formatted(table, name, from, to))) {
                made.add(name);
                last = to;
            } else {
                return;
            }
        }
    }

    private static void drop(Connection connection, String table, Instant now, List<String> dropped)
            throws SQLException {
        var present = first(YearMonth.from(now.atOffset(ZoneOffset.UTC)));
        for (var range : ranges(connection, table)) {
            if (range.to().toString().compareTo(present.toString()) > 0
                    || !isEmpty(connection, range.name())) {
                continue;
            }
            // nobody opens a session with an id of a month that is over, but somebody may restore
            // one: so it is looked at again with the lock held
            if (inLock(
                    connection,
                    "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE".formatted(table),
                    """
                    DO $$ BEGIN
                        IF EXISTS (SELECT FROM %1$s) THEN
                            RAISE EXCEPTION USING ERRCODE = '%2$s';
                        END IF;
                        DROP TABLE %1$s;
                    END $$
                    """
                            .formatted(range.name(), NO_LOCK))) {
                dropped.add(range.name());
            }
        }
    }

    private static boolean isEmpty(Connection connection, String partition) throws SQLException {
        try (var select = connection.createStatement();
                var row = select.executeQuery("SELECT EXISTS (SELECT FROM " + partition + ")")) {
            row.next();
            return !row.getBoolean(1);
        }
    }

    /// @return false if somebody else held what is needed; nothing was done then
    private static boolean inLock(Connection connection, String... statements) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '1s'");
            for (var sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
            return true;
        } catch (SQLException e) {
            connection.rollback();
            // made by another node meanwhile
            if (NO_LOCK.equals(e.getSQLState()) || "42P07".equals(e.getSQLState())) {
                return false;
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static String name(String table, YearMonth month) {
        return String.format(
                Locale.ROOT, "%s_%04d_%02d", table, month.getYear(), month.getMonthValue());
    }

    /// The least id of a session that is opened in that month.
    static UUID first(YearMonth month) {
        long millis = month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
        return new UUID(millis << 16, 0);
    }
}
