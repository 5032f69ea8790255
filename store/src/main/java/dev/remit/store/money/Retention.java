package dev.remit.store.money;

import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Forgets what was said after a while, whole days at a time, a bounded number of rows in each
/// statement. Rows of the ledger stay.
final class Retention {
    private static final int ROWS = 2000;
    private static final int STATEMENTS = 50;

    private volatile Duration keep;

    Retention(Duration keep) {
        this.keep = keep;
    }

    void keep(Duration changed) {
        keep = changed;
    }

    /// As much as is due, and no more than a bounded number at a time.
    ///
    /// @return whether all that is due is gone
    boolean clean(Connection connection) throws SQLException {
        boolean said = clean(connection, "exchange", "attempt");
        return clean(connection, "exchange_blob", "hash") && said;
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
