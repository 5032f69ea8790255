package dev.remit.store.identity;

import dev.remit.core.identity.Principal;
import java.sql.Connection;
import java.sql.SQLException;

/// Principals as rows.
final class Principals {
    private Principals() {}

    /// @return whether it is new
    static boolean enter(Connection connection, Principal principal, Principal by)
            throws SQLException {
        return Sql.update(
                        connection,
                        """
                        INSERT INTO principal (kind, name, created_by) VALUES (?, ?, ?)
                        ON CONFLICT DO NOTHING
                        """,
                        KeyRows.word(principal.kind()),
                        principal.name(),
                        by.toString())
                == 1;
    }
}
