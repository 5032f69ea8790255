package dev.remit.store.session;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;

/// What a failed statement means for what it should have written.
public enum SqlFailure {
    /// It may have been written, or may yet be: the connection went away.
    LOST,
    /// Nothing was written: it collided with another; the same may work now.
    COLLIDED,
    /// Nothing was written, and trying again will not help.
    REFUSED;

    /// Serialization failure, deadlock, lock not available.
    private static final Set<String> COLLISIONS = Set.of("40001", "40P01", "55P03");

    public static SqlFailure of(SQLException e) {
        var error = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        if (error == null || !"ERROR".equals(error.getSeverity())) {
            return LOST;
        }
        return COLLISIONS.contains(e.getSQLState()) ? COLLIDED : REFUSED;
    }
}
