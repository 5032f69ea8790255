package dev.remit.store.identity;

import static java.util.Objects.requireNonNull;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Principal;
import dev.remit.core.json.Hash;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keys as rows.
final class KeyRows {
    private static final String SELECT =
            """
            SELECT id, place, hash, name, principal_kind, principal_name, team, agent, routes,
                   permissions, requests, tokens, at_once, expires_at, created_at, created_by,
                   last_used, revoked_at, revoked_by
            FROM access_key
            """;

    private KeyRows() {}

    /// A row in full.
    record Row(StoredKey stored, Hash hash) {}

    static void insert(Connection connection, Key key, byte[] hash, String by) throws SQLException {
        Sql.update(
                connection,
                """
                INSERT INTO access_key
                    (id, hash, name, principal_kind, principal_name, team, agent, routes,
                     permissions, requests, tokens, at_once, expires_at, created_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                key.id(),
                hash,
                key.name(),
                word(key.principal().kind()),
                key.principal().name(),
                key.team(),
                key.agent(),
                key.routes().stream().sorted().toArray(String[]::new),
                key.permissions().stream()
                        .map(Permission::toString)
                        .sorted()
                        .toArray(String[]::new),
                key.limits().requests(),
                key.limits().tokens(),
                key.limits().atOnce(),
                key.expires(),
                by);
    }

    static Optional<Row> find(Connection connection, String id) throws SQLException {
        return Sql.first(connection, KeyRows::row, SELECT + "WHERE id = ?", id);
    }

    /// Live keys in the order of their ids.
    static List<Row> live(Connection connection, String after, int limit) throws SQLException {
        return Sql.list(
                connection,
                KeyRows::row,
                SELECT + "WHERE revoked_at IS NULL AND id > ? ORDER BY id LIMIT ?",
                after,
                limit);
    }

    static List<StoredKey> list(Connection connection, PostgresKeys.Filter filter, int limit)
            throws SQLException {
        return Sql.list(
                connection,
                row -> row(row).stored(),
                SELECT
                        + """
                        WHERE (?::text IS NULL OR team = ?)
                          AND (?::text IS NULL OR agent = ?)
                          AND (? OR revoked_at IS NULL)
                          AND place < ?
                        ORDER BY place DESC LIMIT ?
                        """,
                filter.team(),
                filter.team(),
                filter.agent(),
                filter.agent(),
                filter.revoked(),
                filter.before() == null ? Long.MAX_VALUE : filter.before(),
                limit);
    }

    private static Row row(ResultSet row) throws SQLException {
        var key =
                new Key(
                        row.getString("id"),
                        row.getString("name"),
                        principal(row.getString("principal_kind"), row.getString("principal_name")),
                        absent(row, "team"),
                        absent(row, "agent"),
                        texts(row, "routes"),
                        permissions(texts(row, "permissions")),
                        new Key.Limits(
                                row.getLong("requests"),
                                row.getLong("tokens"),
                                row.getInt("at_once")),
                        Sql.instant(row, "expires_at"));
        return new Row(
                new StoredKey(
                        key,
                        row.getLong("place"),
                        requireNonNull(Sql.instant(row, "created_at")),
                        row.getString("created_by"),
                        Sql.instant(row, "last_used"),
                        Sql.instant(row, "revoked_at"),
                        absent(row, "revoked_by")),
                new Hash(HexFormat.of().formatHex(row.getBytes("hash"))));
    }

    private static @Nullable String absent(ResultSet row, String column) throws SQLException {
        return row.getString(column);
    }

    private static Set<String> texts(ResultSet row, String column) throws SQLException {
        return new LinkedHashSet<>(Arrays.asList((String[]) row.getArray(column).getArray()));
    }

    /// One that this version does not know is not given to anybody.
    private static Set<Permission> permissions(Set<String> words) {
        var known = new LinkedHashSet<Permission>();
        words.forEach(word -> Permission.find(word).ifPresent(known::add));
        return known;
    }

    static Principal principal(String kind, String name) {
        return new Principal(Principal.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), name);
    }

    static String word(Principal.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
