package dev.remit.store.session;

import java.sql.Connection;
import java.sql.SQLException;

/// Sessions that wait for money of budgets that others share. They ask again now and then, and at
/// once when a budget has changed.
public final class WaitingForMoney {
    /// How long such a session waits until it asks again by itself.
    private static final String AT_MOST = "interval '61 seconds'";

    private WaitingForMoney() {}

    /// Has them ask again now. To be called when all nodes know of the change: who is refused once
    /// more waits for its whole time again.
    public static void hurry(Connection connection) throws SQLException {
        try (var update = connection.createStatement()) {
            int found =
                    update.executeUpdate(
                            """
                            UPDATE session SET due = clock_timestamp()
                            WHERE due > clock_timestamp() AND due < clock_timestamp() + AT_MOST
                              AND waiting LIKE '{"for":"budget"%' AND NOT closed AND owner IS NULL
                            """
                                    .replace("AT_MOST", AT_MOST));
            if (found > 0) {
                Fencing.call(connection);
            }
        }
    }
}
