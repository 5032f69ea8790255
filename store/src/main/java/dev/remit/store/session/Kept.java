package dev.remit.store.session;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.tool.Ended;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;

/// Ends of actions from drivers that may no longer append. Insert-only and not fenced: what is
/// known once is never lost because of who knew it. Stored as the event that it would have been.
final class Kept {
    private Kept() {}

    static void keep(Connection connection, SessionId id, ActionId action, int attempt, Ended end)
            throws SQLException {
        var encoded = LogCodec.encode(new Event.ActionEnded(action, attempt, end, null));
        Blobs.storeMissing(connection, id, encoded);
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO kept (session, action, attempt, version, body)
                        VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                        """)) {
            new Parameters(insert)
                    .set(id.uuid())
                    .text(action.value())
                    .set(attempt)
                    .set(LogCodec.VERSION)
                    .text(encoded.body());
            insert.executeUpdate();
        }
    }

    static Optional<Ended> find(Connection connection, SessionId id, ActionId action, int attempt)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT version, body FROM kept
                        WHERE session = ? AND action = ? AND attempt = ?
                        """)) {
            new Parameters(select).set(id.uuid()).text(action.value()).set(attempt);
            var row = select.executeQuery();
            if (!row.next()) {
                return Optional.empty();
            }
            var body = Json.parse(row.getString(2));
            var blobs = Blobs.named(connection, id, Stream.of(body));
            var event = (Event.ActionEnded) LogCodec.event(row.getInt(1), body, blobs);
            return Optional.of(event.end());
        }
    }
}
