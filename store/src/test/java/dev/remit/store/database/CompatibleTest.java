package dev.remit.store.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.store.TestDatabases;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Old programs work on the tables of newer ones, and start again on them: each migration leaves
/// everything that the one before it had, and asks nothing of programs that do not know it.
class CompatibleTest {
    /// The first version whose programs start beside newer ones.
    private static final MigrationVersion FIRST = MigrationVersion.fromVersion("12");

    /// What a migration may change all the same, by the words of [Shape#brokenBy], and why no older
    /// program stumbles over it: a constraint that lets more pass, a function that does the same
    /// faster.
    private static final Map<String, String> LOOKED_AT = Map.of();

    /// A database for changes that are taken back.
    private static DatabaseAddress scratch;

    @BeforeAll
    static void migrate() {
        scratch = address();
        flyway(scratch, FIRST).migrate();
    }

    private static Flyway flyway(DatabaseAddress address, MigrationVersion target) {
        return Flyway.configure(Database.class.getClassLoader())
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .schemas(Database.SCHEMA)
                .locations("classpath:dev/remit/store/migrations")
                .target(target)
                .load();
    }

    private static DatabaseAddress address() {
        return TestDatabases.server()
                .database("compatible_" + UUID.randomUUID().toString().replace("-", ""));
    }

    private static Shape shape(DatabaseAddress address) throws SQLException {
        try (var connection = Connections.open(address)) {
            return Shape.of(connection);
        }
    }

    @Test
    void no_migration_takes_anything_from_programs_before_it_or_asks_more_of_them()
            throws SQLException {
        var address = address();
        var versions = new TreeMap<MigrationVersion, Boolean>();
        for (var known : flyway(address, MigrationVersion.LATEST).info().all()) {
            versions.put(Objects.requireNonNull(known.getVersion()), Newer.since(known) != null);
        }
        flyway(address, FIRST).migrate();
        var before = shape(address);
        assertThat(before.facts()).as("there is something to keep").hasSizeGreaterThan(200);
        for (var version : versions.tailMap(FIRST, false).entrySet()) {
            flyway(address, version.getKey()).migrate();
            var after = shape(address);
            if (!version.getValue()) {
                assertThat(before.brokenBy(after))
                        .as(
                                "programs that run while V%s is applied would break; a change that"
                                        + " they cannot work with comes when none of them is left,"
                                        + " and says so in its name: see Newer",
                                version.getKey())
                        .filteredOn(broken -> !LOOKED_AT.containsKey(broken))
                        .isEmpty();
            }
            before = after;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ALTER TABLE attempt DROP COLUMN tool|column attempt: tool: was text, is gone
                    ALTER TABLE session RENAME COLUMN head TO top|column session: head: was bigint NOT NULL, is gone
                    ALTER TABLE node ADD COLUMN zone text NOT NULL|column node: zone: new, text NOT NULL
                    ALTER TABLE node ALTER COLUMN version SET NOT NULL|column node: version: was text, is text NOT NULL
                    ALTER TABLE node ADD CONSTRAINT few CHECK (places < 9)|constraint node: few: new, CHECK ((places < 9))
                    CREATE UNIQUE INDEX once ON place (session)|unique index place: once: new, CREATE UNIQUE INDEX once ON remit.place USING btree (session)
                    CREATE TABLE zone (node uuid REFERENCES node)|reference to node on delete a zone: zone_node_fkey: new, FOREIGN KEY (node) REFERENCES node(incarnation)
                    DROP FUNCTION take_sessions|function take_sessions(my_gate bigint, me uuid, moment timestamp with time zone, most integer): was *
                    """)
    void what_an_older_program_would_stumble_over_is_found(String change, String found)
            throws SQLException {
        var broken = brokenBy(change);
        assertThat(broken).isNotEmpty();
        assertThat(broken.getFirst()).startsWith(found.replace("*", ""));
    }

    @Test
    void what_asks_nothing_of_older_programs_is_let_through() throws SQLException {
        assertThat(
                        brokenBy(
                                """
                                ALTER TABLE node ADD COLUMN zone text, ADD COLUMN rack int NOT NULL DEFAULT 0;
                                CREATE TABLE zone (node uuid REFERENCES node ON DELETE CASCADE);
                                CREATE UNIQUE INDEX zone_node ON zone (node);
                                CREATE INDEX node_zone ON node (zone);
                                CREATE FUNCTION zones() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM zone';
                                """))
                .isEmpty();
    }

    private static List<String> brokenBy(String change) throws SQLException {
        try (var connection = Connections.open(scratch)) {
            connection.setAutoCommit(false);
            var before = Shape.of(connection);
            try (var statement = connection.createStatement()) {
                statement.execute("SET LOCAL search_path = remit");
                statement.execute(change);
            }
            var broken = before.brokenBy(Shape.of(connection));
            connection.rollback();
            return broken;
        }
    }

    @Test
    void a_program_starts_on_tables_that_a_newer_one_has_added_to() throws SQLException {
        var address = address();
        Database.open(address).close();
        execute(address, "ALTER TABLE node ADD COLUMN zone text");
        applied(address, "1000", "nodes have zones");
        try (var database = Database.open(address)) {
            assertThat(
                            (boolean)
                                    database.with(connection -> {
                                        try (var select = connection.createStatement()) {
                                            return select.executeQuery("SELECT zone FROM node")
                                                    .isBeforeFirst();
                                        }
                                    }))
                    .isFalse();
        }
    }

    @Test
    void how_much_newer_a_program_must_be_stands_in_the_name_of_a_migration() throws SQLException {
        var address = address();
        Database.open(address).close();
        applied(address, "1000", "since 11 old gate goes");
        Database.open(address).close(); // 12 and more are known here
        applied(address, "1001", "since 999 drop old gate");
        assertThat(catchThrowableOfType(DatabaseException.class, () -> Database.open(address)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(DatabaseException.Kind.NEWER_SCHEMA))
                .hasMessageContaining("1001")
                .hasMessageContaining("999 at least")
                .hasMessageContaining("Start a newer Remit");
    }

    /// As if a newer program had brought it.
    private static void applied(DatabaseAddress address, String version, String name)
            throws SQLException {
        execute(
                address,
                """
                INSERT INTO flyway_schema_history
                SELECT %1$s, '%1$s', '%2$s', type, 'V%1$s__x.sql', checksum, installed_by,
                       installed_on, execution_time, success
                FROM flyway_schema_history WHERE version = '1'
                """
                        .formatted(version, name));
    }

    private static void execute(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = Connections.open(address);
                var statement = connection.createStatement()) {
            statement.execute("SET search_path = remit");
            statement.execute(sql);
        }
    }
}
