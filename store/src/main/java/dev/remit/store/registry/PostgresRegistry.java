package dev.remit.store.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.Principal;
import dev.remit.core.json.Hash;
import dev.remit.core.start.Starts;
import dev.remit.store.database.Database;
import dev.remit.store.start.Declaring;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Keeps what was applied, version by version. It stores files and does not read them.
public final class PostgresRegistry {
    private static final String COLUMNS =
            """
            SELECT v.name, v.version, v.place, v.kind, v.description, v.part_of, v.applied_at,
                   v.applied_by, d.name IS NOT NULL
            FROM definition_version v
            """;
    private static final String CURRENT =
            COLUMNS + "JOIN definition d ON d.name = v.name AND d.version = v.version ";
    private static final String ALL =
            COLUMNS + "LEFT JOIN definition d ON d.name = v.name AND d.version = v.version ";

    private final Database database;

    public PostgresRegistry(Database database) {
        this.database = database;
    }

    /// What applying did to one definition.
    ///
    /// @param changed false if that version was current already
    public record Applied(Application application, boolean changed) {}

    /// Applies definitions that belong together: all of them or none.
    public List<Applied> apply(List<Application> applications, Principal by, Instant at) {
        return apply(applications, Map.of(), by, at);
    }

    /// With what starts them by itself, in the same transaction.
    ///
    /// @param starts by the name of the definition; for others nothing changes
    public List<Applied> apply(
            List<Application> applications, Map<String, Starts> starts, Principal by, Instant at) {
        return database.with(connection -> {
            connection.setAutoCommit(false);
            try {
                storeContents(connection, applications);
                var applied = new ArrayList<Applied>();
                // in the order of names, so that two at once wait and do not deadlock
                for (var application :
                        applications.stream()
                                .sorted(Comparator.comparing(a -> a.definition().name()))
                                .toList()) {
                    applied.add(apply(connection, application, by, at));
                }
                for (var entry : new TreeMap<>(starts).entrySet()) {
                    Declaring.declare(connection, entry.getKey(), entry.getValue(), by, at);
                }
                connection.commit();
                return applied;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    /// The versions that new sessions get, in the order of names.
    ///
    /// @param after name of the last of the page before
    public List<DefinitionVersion> list(@Nullable String after, int limit) {
        return select(
                CURRENT + "WHERE v.name > ? ORDER BY v.name LIMIT ?",
                after == null ? "" : after,
                limit);
    }

    /// The version of that name that new sessions get.
    public Optional<DefinitionVersion> current(String name) {
        return select(CURRENT + "WHERE v.name = ?", name).stream().findFirst();
    }

    public Optional<DefinitionVersion> find(DefinitionRef ref) {
        return select(ALL + "WHERE v.name = ? AND v.version = ?", ref.name(), ref.version().hex())
                .stream()
                .findFirst();
    }

    /// All versions of that name, the newest first.
    ///
    /// @param before place of the last of the page before
    public List<DefinitionVersion> versions(String name, @Nullable Long before, int limit) {
        return select(
                ALL + "WHERE v.name = ? AND v.place < ? ORDER BY v.place DESC LIMIT ?",
                name,
                before == null ? Long.MAX_VALUE : before,
                limit);
    }

    /// The files of a version: text by path, in the order of paths.
    ///
    /// @throws NoSuchElementException if that version was never applied here
    public Map<String, String> files(DefinitionRef ref) {
        if (find(ref).isEmpty()) {
            throw new NoSuchElementException(ref + " was never applied here");
        }
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT f.path, c.body
                            FROM definition_file f JOIN definition_content c USING (hash)
                            WHERE f.name = ? AND f.version = ? ORDER BY f.path
                            """)) {
                select.setString(1, ref.name());
                select.setString(2, ref.version().hex());
                var files = new LinkedHashMap<String, String>();
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        files.put(row.getString(1), new String(row.getBytes(2), UTF_8));
                    }
                }
                return files;
            }
        });
    }

    private static void storeContents(Connection connection, List<Application> applications)
            throws SQLException {
        var contents = new TreeMap<String, byte[]>();
        for (var application : applications) {
            for (var text : application.files().values()) {
                contents.put(Hash.of(text).hex(), text.getBytes(UTF_8));
            }
        }
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO definition_content (hash, body)
                        SELECT decode(c.hash, 'hex'), c.body
                        FROM unnest(?::text[], ?::bytea[]) c(hash, body) ORDER BY c.hash
                        ON CONFLICT DO NOTHING
                        """)) {
            insert.setArray(1, connection.createArrayOf("text", contents.keySet().toArray()));
            insert.setArray(
                    2, connection.createArrayOf("bytea", contents.values().toArray(byte[][]::new)));
            insert.executeUpdate();
        }
    }

    private static Applied apply(
            Connection connection, Application application, Principal by, Instant at)
            throws SQLException {
        var name = application.definition().name();
        var version = application.definition().version().hex();
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO definition_version
                            (name, version, kind, description, part_of, applied_at, applied_by)
                        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                        """)) {
            insert.setString(1, name);
            insert.setString(2, version);
            insert.setString(3, application.kind().name().toLowerCase(Locale.ROOT));
            insert.setString(4, application.description());
            insert.setString(5, application.partOf());
            insert.setObject(6, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            insert.setString(7, by.toString());
            if (insert.executeUpdate() == 1) {
                storeFiles(connection, application);
            }
        }
        try (var point =
                connection.prepareStatement(
                        """
                        INSERT INTO definition (name, version) VALUES (?, ?)
                        ON CONFLICT (name) DO UPDATE SET version = excluded.version
                        WHERE definition.version <> excluded.version
                        """)) {
            point.setString(1, name);
            point.setString(2, version);
            return new Applied(application, point.executeUpdate() == 1);
        }
    }

    private static void storeFiles(Connection connection, Application application)
            throws SQLException {
        var paths = new ArrayList<String>();
        var hashes = new ArrayList<byte[]>();
        application
                .files()
                .forEach((path, text) -> {
                    paths.add(path);
                    hashes.add(Hash.of(text).bytes());
                });
        try (var insert =
                connection.prepareStatement(
                        """
                        INSERT INTO definition_file (name, version, path, hash)
                        SELECT ?, ?, f.path, f.hash FROM unnest(?::text[], ?::bytea[]) f(path, hash)
                        """)) {
            insert.setString(1, application.definition().name());
            insert.setString(2, application.definition().version().hex());
            insert.setArray(3, connection.createArrayOf("text", paths.toArray()));
            insert.setArray(4, connection.createArrayOf("bytea", hashes.toArray(byte[][]::new)));
            insert.executeUpdate();
        }
    }

    private List<DefinitionVersion> select(String sql, Object... parameters) {
        return database.with(connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    select.setObject(i + 1, parameters[i]);
                }
                var versions = new ArrayList<DefinitionVersion>();
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        versions.add(version(row));
                    }
                }
                return versions;
            }
        });
    }

    private static DefinitionVersion version(ResultSet row) throws SQLException {
        return new DefinitionVersion(
                new DefinitionRef(row.getString(1), new Hash(row.getString(2))),
                row.getLong(3),
                Application.Kind.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                row.getString(5),
                row.getString(6),
                row.getObject(7, OffsetDateTime.class).toInstant(),
                row.getString(8),
                row.getBoolean(9));
    }
}
