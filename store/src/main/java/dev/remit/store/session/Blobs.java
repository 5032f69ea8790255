package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.session.LogCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Large contents of a session, by their hashes.
final class Blobs {
    private Blobs() {}

    /// What the bodies name, fetched at once.
    static Function<Hash, byte @Nullable []> named(
            Connection connection, SessionId session, Stream<JsonNode> bodies) throws SQLException {
        var hashes = new LinkedHashSet<Hash>();
        bodies.forEach(body -> hashes.addAll(LogCodec.blobs(body)));
        return fetch(connection, session, hashes)::get;
    }

    static Map<Hash, byte[]> fetch(
            Connection connection, SessionId session, Collection<Hash> hashes) throws SQLException {
        var found = new HashMap<Hash, byte[]>();
        if (!hashes.isEmpty()) {
            try (var select =
                    connection.prepareStatement(
                            "SELECT hash, body FROM blob WHERE session = ? AND hash = ANY(?)")) {
                new Parameters(select).set(session.uuid()).hashes(hashes);
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        found.put(Rows.hash(row, 1), row.getBytes(2));
                    }
                }
            }
        }
        return found;
    }

    /// Stores those that are not there yet, without sending those that are.
    static void storeMissing(Connection connection, SessionId session, LogCodec.Encoded encoded)
            throws SQLException {
        var missing = new HashMap<>(encoded.blobs());
        if (missing.isEmpty()) {
            return;
        }
        try (var select =
                connection.prepareStatement(
                        "SELECT hash FROM blob WHERE session = ? AND hash = ANY(?)")) {
            new Parameters(select).set(session.uuid()).hashes(missing.keySet());
            Parameters.list(select, row -> Rows.hash(row, 1)).forEach(missing::remove);
        }
        if (missing.isEmpty()) {
            return;
        }
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO blob (session, hash, body)
                        SELECT ?, b.hash, b.body FROM unnest(?::bytea[], ?::bytea[]) b(hash, body)
                        ORDER BY b.hash ON CONFLICT DO NOTHING
                        """)) {
            new Parameters(insert)
                    .set(session.uuid())
                    .hashes(missing.keySet())
                    .bytes(missing.values());
            insert.executeUpdate();
        }
    }
}
