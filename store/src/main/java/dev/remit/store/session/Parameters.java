package dev.remit.store.session;

import dev.remit.core.json.Hash;
import dev.remit.core.session.LogCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Fills in a statement from left to right.
public final class Parameters {
    private final PreparedStatement statement;
    private int last;

    public Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    public Parameters set(@Nullable Object value) throws SQLException {
        statement.setObject(++last, value instanceof Instant instant ? utc(instant) : value);
        return this;
    }

    public Parameters text(@Nullable String value) throws SQLException {
        statement.setString(++last, value);
        return this;
    }

    /// @param type of the elements, in PostgreSQL's words
    public Parameters array(String type, @Nullable Object[] values) throws SQLException {
        statement.setArray(++last, connection().createArrayOf(type, values));
        return this;
    }

    public Parameters longs(long[] values) throws SQLException {
        statement.setArray(++last, arrayOf("int8", values));
        return this;
    }

    public Parameters texts(Collection<String> values) throws SQLException {
        return array("text", values.toArray(String[]::new));
    }

    public Parameters uuids(Collection<UUID> values) throws SQLException {
        return array("uuid", values.toArray(UUID[]::new));
    }

    public Parameters hashes(Collection<Hash> values) throws SQLException {
        return array("bytea", each(values, Hash::bytes));
    }

    public Parameters bytes(Collection<byte[]> values) throws SQLException {
        return array("bytea", values.toArray(byte[][]::new));
    }

    /// Two arrays: the hashes and the contents.
    Parameters blobs(LogCodec.Encoded encoded) throws SQLException {
        return hashes(encoded.blobs().keySet()).bytes(encoded.blobs().values());
    }

    private java.sql.Array arrayOf(String type, Object values) throws SQLException {
        return connection().unwrap(org.postgresql.PGConnection.class).createArrayOf(type, values);
    }

    private Connection connection() throws SQLException {
        return statement.getConnection();
    }

    private static byte[][] each(Collection<Hash> hashes, Function<Hash, byte[]> bytes) {
        return hashes.stream().map(bytes).toArray(byte[][]::new);
    }

    public static OffsetDateTime utc(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    public static <T> List<T> list(PreparedStatement statement, RowReader<T> reader)
            throws SQLException {
        var all = new java.util.ArrayList<T>();
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                all.add(reader.read(rows));
            }
        }
        return all;
    }

    /// Makes a value of the row it stands at.
    @FunctionalInterface
    public interface RowReader<T> {
        T read(java.sql.ResultSet row) throws SQLException;
    }
}
