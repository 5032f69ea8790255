package dev.remit.store.money;

import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reading what was said. Large parts of a content are stored by themselves, see [Parts].
final class Exchanges {
    private Exchanges() {}

    static Optional<LedgerQueries.Exchange> find(Connection connection, UUID id)
            throws SQLException {
        try (var select =
                connection.prepareStatement(
                        "SELECT day::text, request, answer FROM exchange WHERE attempt = ?")) {
            select.setObject(1, id);
            var row = select.executeQuery();
            if (!row.next()) {
                return Optional.empty();
            }
            var day = row.getString(1);
            var request = content(connection, day, row.getBytes(2));
            var answer = row.getBytes(3);
            return request == null
                    ? Optional.empty()
                    : Optional.of(
                            new LedgerQueries.Exchange(
                                    request,
                                    answer == null ? null : content(connection, day, answer)));
        }
    }

    private static @Nullable Content content(Connection connection, String day, byte[] hash)
            throws SQLException {
        var hex = HexFormat.of().formatHex(hash);
        var root = blobs(connection, day, List.of(hex)).get(hex);
        if (root == null) {
            return null;
        }
        var named = new ArrayList<String>();
        Parts.names(root, named);
        return Content.derived(Parts.join(root, blobs(connection, day, named)));
    }

    private static Map<String, JsonNode> blobs(
            Connection connection, String day, List<String> hexes) throws SQLException {
        var found = new HashMap<String, JsonNode>();
        if (hexes.isEmpty()) {
            return found;
        }
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT hash, body FROM exchange_blob
                        WHERE day = ?::date AND hash = ANY(?)
                        """)) {
            new Parameters(select)
                    .text(day)
                    .bytes(hexes.stream().map(HexFormat.of()::parseHex).toList());
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    found.put(
                            HexFormat.of().formatHex(row.getBytes(1)), Json.parse(row.getBytes(2)));
                }
            }
        }
        return found;
    }
}
