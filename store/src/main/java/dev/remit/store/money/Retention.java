package dev.remit.store.money;

import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Forgets what was said after a while, whole days at a time, and much later the rows of the ledger
/// and the budgets of windows that are over; a bounded number of rows in each statement.
final class Retention {
    private static final int ROWS = 2000;
    private static final int STATEMENTS = 50;

    private volatile Duration keep;
    private volatile Duration keepRows;

    /// @param keep of what was said
    /// @param keepRows of rows and windows
    Retention(Duration keep, Duration keepRows) {
        this.keep = keep;
        this.keepRows = keepRows;
    }

    void keep(Duration said, Duration rows) {
        keep = said;
        keepRows = rows;
    }

    /// As much as is due, and no more than a bounded number at a time.
    ///
    /// @return whether all that is due is gone
    boolean clean(Connection connection) throws SQLException {
        boolean said = clean(connection, "exchange", "attempt");
        boolean blobs = clean(connection, "exchange_blob", "hash");
        boolean rows = repeat(connection, ROWS_OF_THE_LEDGER, keepRows);
        return repeat(connection, WINDOWS, keepRows) && said && blobs && rows;
    }

    /// Ids are UUIDs of version 7, which begin with their milliseconds: the index on them finds the
    /// oldest.
    private static final String ROWS_OF_THE_LEDGER =
            """
            WITH before AS MATERIALIZED (
                SELECT clock_timestamp() - ? * interval '1 second' AS at)
            DELETE FROM attempt WHERE id IN (
                SELECT id FROM attempt
                WHERE id < (SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0')
                                    || '00000000000000000000')::uuid FROM before)
                  AND at < (SELECT at FROM before)
                ORDER BY id LIMIT %d)
            """
                    .formatted(ROWS);

    /// What nodes held of them, and notices, go with them. Whatever holds no slice is settled.
    private static final String WINDOWS =
            """
            DELETE FROM budget WHERE id IN (
                SELECT id FROM budget b
                WHERE ends < clock_timestamp() - ? * interval '1 second'
                  AND NOT EXISTS (SELECT FROM slice s WHERE s.budget = b.id)
                LIMIT %d)
            """
                    .formatted(ROWS);

    private static boolean repeat(Connection connection, String sql, Duration age)
            throws SQLException {
        for (int i = 0; i < STATEMENTS; i++) {
            try (var delete = connection.prepareStatement(sql)) {
                new Parameters(delete).set(age.toSeconds());
                if (delete.executeUpdate() < ROWS) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean clean(Connection connection, String table, String key) throws SQLException {
        for (int i = 0; i < STATEMENTS; i++) {
            try (var delete =
                    connection.prepareStatement(
                            """
                            DELETE FROM %s WHERE (day, %s) IN (
                                SELECT day, %s FROM %s
                                WHERE day < (clock_timestamp() AT TIME ZONE 'UTC'
                                             - ? * interval '1 second')::date
                                LIMIT %d)
                            """
                                    .formatted(table, key, key, table, ROWS))) {
                new Parameters(delete).set(keep.toSeconds());
                if (delete.executeUpdate() < ROWS) {
                    return true;
                }
            }
        }
        return false;
    }
}
