package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reading columns as the domain's values.
final class Rows {
    private Rows() {}

    static SessionId session(ResultSet row, int column) throws SQLException {
        return new SessionId(row.getObject(column, UUID.class));
    }

    static @Nullable UUID uuid(ResultSet row, int column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static Hash hash(ResultSet row, int column) throws SQLException {
        return new Hash(HexFormat.of().formatHex(row.getBytes(column)));
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
