package dev.remit.store.session;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.session.SessionLog.Failure;
import dev.remit.core.session.Waiting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which sessions wait for a person to look.
final class Troubles {
    private static final int LATELY = 1000;

    private static final String LIST =
            """
            SELECT s.id, s.definition, s.definition_version, s.waiting, s.updated_at,
                   (SELECT count(*) FROM event e
                    WHERE e.session = s.id AND e.seq > s.head - ?
                      AND e.body LIKE '{"type":"idled","waiting":{"for":"trouble"%'),
                   f.at, f.node, f.what, f.times
            FROM session s LEFT JOIN driver_failure f ON f.session = s.id
            WHERE s.waiting LIKE '{"for":"trouble"%'
              AND s.owner IS NULL AND s.ready_at IS NULL AND NOT s.closed
              AND (?::text IS NULL OR s.definition = ?)
              AND (?::uuid IS NULL OR s.id > ?)
            ORDER BY s.id LIMIT ?
            """;

    private Troubles() {}

    static List<Troubled> list(
            Connection connection,
            @Nullable String definition,
            @Nullable SessionId after,
            int limit)
            throws SQLException {
        var last = after == null ? null : after.uuid();
        try (var select = connection.prepareStatement(LIST)) {
            new Parameters(select)
                    .set(LATELY)
                    .text(definition)
                    .text(definition)
                    .set(last)
                    .set(last)
                    .set(limit);
            return Parameters.list(select, Troubles::troubled);
        }
    }

    private static Troubled troubled(ResultSet row) throws SQLException {
        var what = row.getString(9);
        return new Troubled(
                Rows.session(row, 1),
                new DefinitionRef(row.getString(2), new Hash(row.getString(3))),
                (Waiting.Trouble) Json.mapper().readValue(row.getString(4), Waiting.class),
                Rows.instant(row, 5),
                row.getInt(6),
                what == null
                        ? null
                        : new Failure(
                                Rows.instant(row, 7), row.getString(8), what, row.getInt(10)));
    }
}
