package dev.remit.store.session;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Recorded;
import dev.remit.core.tool.Ended;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reading events back.
final class Events {
    private Events() {}

    /// Some events in a row, and how many bytes their bodies have.
    record Page(List<Recorded> events, long bytes) {}

    private record Row(long seq, long epoch, long at, int version, JsonNode body, int length) {}

    /// @param after seq of the event before the first
    static Page after(Connection connection, SessionId id, long after, int limit)
            throws SQLException {
        List<Row> rows;
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT seq, epoch, at, version, body FROM event
                        WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?
                        """)) {
            new Parameters(select).set(id.uuid()).set(after).set(limit);
            rows =
                    Parameters.list(
                            select,
                            row -> {
                                var body = row.getString(5);
                                return new Row(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getInt(4),
                                        Json.parse(body),
                                        body.length());
                            });
        }
        var blobs = Blobs.named(connection, id, rows.stream().map(Row::body));
        var events =
                rows.stream()
                        .map(row ->
                                new Recorded(
                                        id,
                                        row.seq(),
                                        row.epoch(),
                                        Request.instant(row.at()),
                                        LogCodec.event(row.version(), row.body(), blobs)))
                        .toList();
        return new Page(events, rows.stream().mapToLong(Row::length).sum());
    }

    /// How an action ended for good. Bodies are written with their type and action first, so only
    /// those that are meant are read.
    static Optional<Ended> ended(Connection connection, SessionId id, ActionId action)
            throws SQLException {
        var beginning =
                Json.write(Json.object().put("type", "action_ended").put("action", action.value()));
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT seq FROM event WHERE session = ? AND starts_with(body, ?)
                        ORDER BY seq DESC LIMIT 1
                        """)) {
            new Parameters(select)
                    .set(id.uuid())
                    .text(beginning.substring(0, beginning.length() - 1) + ",");
            var found = Parameters.list(select, row -> row.getLong(1));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            return after(connection, id, found.getFirst() - 1, 1).events().stream()
                    .map(Recorded::event)
                    .filter(Event.ActionEnded.class::isInstance)
                    .map(event -> ((Event.ActionEnded) event).end())
                    .findFirst();
        }
    }
}
