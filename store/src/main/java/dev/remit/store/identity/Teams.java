package dev.remit.store.identity;

import dev.remit.core.identity.Principal;
import java.sql.Connection;
import java.sql.SQLException;

/// Teams as rows.
final class Teams {
    private Teams() {}

    /// @return whether it is new
    static boolean enter(Connection connection, String name, Principal by) throws SQLException {
        return Sql.update(
                        connection,
                        """
                        INSERT INTO team (name, created_by) VALUES (?, ?) ON CONFLICT DO NOTHING
                        """,
                        name,
                        by.toString())
                == 1;
    }
}
