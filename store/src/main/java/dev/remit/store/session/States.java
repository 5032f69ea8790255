package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog.Fence;
import dev.remit.core.session.SessionLog.Loaded;
import dev.remit.core.session.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A session's state: its snapshot and the events since, folded. Each is read by a statement of its
/// own, after the claim: a claim that folded at once saw the new head and none of the events.
final class States {
    private static final int PAGE = 500;

    private States() {}

    private record Snapshot(State state, long bytes) {}

    static Loaded load(Connection connection, SessionId id) throws SQLException {
        var snapshot = snapshot(connection, id);
        @Nullable State state = snapshot == null ? null : snapshot.state();
        long tail = 0;
        while (true) {
            var page = Events.after(connection, id, state == null ? 0 : state.seq(), PAGE);
            for (var event : page.events()) {
                state = state == null ? State.first(event) : state.apply(event);
            }
            tail += page.bytes();
            if (page.events().size() < PAGE) {
                break;
            }
        }
        if (state == null) {
            throw new NoSuchElementException("there is no session " + id);
        }
        return new Loaded(state, snapshot == null ? 0 : snapshot.bytes(), tail);
    }

    /// A snapshot that another version of the program wrote is as good as none.
    private static @Nullable Snapshot snapshot(Connection connection, SessionId id)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT body FROM snapshot WHERE session = ? AND version = ?")) {
            new Parameters(select).set(id.uuid()).set(LogCodec.STATE_VERSION);
            var row = select.executeQuery();
            if (!row.next()) {
                return null;
            }
            var text = row.getString(1);
            var body = Json.parse(text);
            var blobs = Blobs.fetch(connection, id, LogCodec.blobs(body));
            return new Snapshot(LogCodec.state(body, blobs::get), text.length());
        }
    }

    /// Stores it unless a newer one is there, or whoever made it is not the session's writer.
    static long keep(Connection connection, Fence fence, State state) throws SQLException {
        var encoded = LogCodec.encode(state);
        Blobs.storeMissing(connection, fence.session(), encoded);
        try (var upsert =
                connection.prepareStatement(
                        """
                        INSERT INTO snapshot (session, seq, version, body)
                        SELECT id, ?, ?, ? FROM session
                        WHERE id = ? AND epoch = ? AND owner = ?::uuid AND head >= ?
                        ON CONFLICT (session) DO UPDATE
                        SET seq = excluded.seq, version = excluded.version, body = excluded.body
                        WHERE snapshot.seq < excluded.seq OR snapshot.version <> excluded.version
                        """)) {
            new Parameters(upsert)
                    .set(state.seq())
                    .set(LogCodec.STATE_VERSION)
                    .text(encoded.body())
                    .set(fence.session().uuid())
                    .set(fence.epoch())
                    .set(UUID.fromString(fence.incarnation()))
                    .set(state.seq());
            upsert.executeUpdate();
        }
        return encoded.body().length();
    }
}
