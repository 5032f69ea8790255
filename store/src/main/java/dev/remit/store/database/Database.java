package dev.remit.store.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import dev.remit.store.database.DatabaseException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// A PostgreSQL, at least of version 15, that holds Remit's tables in a schema of their own.
public final class Database implements AutoCloseable {
    static final String SCHEMA = "remit";

    private static final int OLDEST = 15;
    private static final int POOL = 8;
    private static final int ATTEMPTS = 5;
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);

    /// A migration holds its transaction open while it reads the next script, and may find the
    /// machine busy meanwhile.
    private static final Map<String, String> UNHURRIED =
            Map.of("idle_in_transaction_session_timeout", "60s");

    private static final Duration WAITS = Duration.ofSeconds(20);

    private final DatabaseAddress address;
    private final HikariDataSource pool;
    private final Semaphore turns = new Semaphore(POOL, true);

    private Database(DatabaseAddress address, HikariDataSource pool) {
        this.address = address;
        this.pool = pool;
    }

    /// Connects, refuses a server that is too old or would forget what it acknowledged, and brings
    /// the tables up to date. Tables that a newer program changed are worked on as they are, unless
    /// that program said that this one cannot: see [Newer].
    ///
    /// @throws DatabaseException whose message says what to do
    public static Database open(DatabaseAddress address) {
        check(address);
        migrate(address);
        var config = new HikariConfig();
        config.setPoolName("remit");
        config.setDataSource(source(address, Map.of()));
        config.setMaximumPoolSize(POOL);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(WAITS.toMillis());
        config.setInitializationFailTimeout(-1);
        return new Database(address, new HikariDataSource(config));
    }

    public DatabaseAddress address() {
        return address;
    }

    /// Does something with a connection of the pool, each statement its own transaction. Whoever
    /// came first is served first. Work that collides with another's is done again, so it must be
    /// such that doing it again does no harm.
    ///
    /// @throws DatabaseException of kind `NOT_REACHABLE` or `REFUSED`
    public <T> T with(Work<T> work) {
        boolean served = false;
        try {
            served = turns.tryAcquire(WAITS.toMillis(), TimeUnit.MILLISECONDS);
            if (!served) {
                throw new DatabaseException(
                        Kind.NOT_REACHABLE,
                        "the database is busy: no connection became free within "
                                + WAITS.toSeconds()
                                + " s. Try again; if it stays so, look at the load of the database.");
            }
            return repeat(work);
        } catch (SQLException e) {
            throw Connections.trouble(e, address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException(Kind.NOT_REACHABLE, "interrupted while waiting", e);
        } finally {
            if (served) {
                turns.release();
            }
        }
    }

    private <T> T repeat(Work<T> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (var connection = pool.getConnection()) {
                return work.on(connection);
            } catch (SQLException e) {
                if (!Connections.isCollision(e) || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /// What a failure of a connection of one's own means, and what to do.
    public DatabaseException trouble(SQLException e) {
        return Connections.trouble(e, address);
    }

    /// Something done with a connection.
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /// A connection outside of the pool, for whoever keeps one.
    ///
    /// @param settings of the server for this connection, such as `plan_cache_mode`
    public Connection connect(String applicationName, Map<String, String> settings)
            throws SQLException {
        var properties = Connections.properties(address, settings);
        properties.setProperty("ApplicationName", applicationName);
        return Connections.open(address, properties);
    }

    @Override
    public void close() {
        pool.close();
    }

    private static DataSource source(DatabaseAddress address, Map<String, String> settings) {
        return new DriverDataSource(
                address.jdbcUrl(),
                "org.postgresql.Driver",
                Connections.properties(address, settings),
                address.user(),
                address.password());
    }

    private static void check(DatabaseAddress address) {
        try (var connection = connectPatiently(address)) {
            var server = connection.getMetaData();
            int version = server.getDatabaseMajorVersion();
            if (version < OLDEST) {
                throw new DatabaseException(
                        Kind.WRONG_SERVER_VERSION,
                        "the server at %s is PostgreSQL %s; Remit needs version %d or newer. Upgrade it, or"
                                        .formatted(
                                                address, server.getDatabaseProductVersion(), OLDEST)
                                + " unset REMIT_DATABASE_URL to use the embedded one.");
            }
            refuse(connection, address, "synchronous_commit", "off", "local");
            refuse(connection, address, "fsync", "off");
            refuse(connection, address, "transaction_read_only", "on");
        } catch (SQLException e) {
            throw Connections.trouble(e, address);
        }
    }

    private static void refuse(
            Connection connection, DatabaseAddress address, String setting, String... unsafe)
            throws SQLException {
        var value = show(connection, setting);
        if (Arrays.asList(unsafe).contains(value)) {
            throw new DatabaseException(
                    Kind.UNSAFE_SETTINGS,
                    "the database at %s has %s = %s, so it could lose what it acknowledged, or not be written"
                                    .formatted(address, setting, value)
                            + " at all. Change that for this server, database and user (ALTER SYSTEM, ALTER"
                            + " DATABASE, ALTER ROLE), or name the primary.");
        }
    }

    private static Connection connectPatiently(DatabaseAddress address) throws SQLException {
        long end = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (true) {
            try {
                return Connections.open(address);
            } catch (SQLException e) {
                if (!Connections.isStarting(e) || System.nanoTime() > end) {
                    throw e;
                }
                try {
                    Thread.sleep(100);
                } catch (InterruptedException interrupt) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT current_setting(?)")) {
            statement.setString(1, setting);
            var row = statement.executeQuery();
            row.next();
            return row.getString(1);
        }
    }

    private static void migrate(DatabaseAddress address) {
        try {
            var flyway =
                    Flyway.configure(Database.class.getClassLoader())
                            .dataSource(source(address, UNHURRIED))
                            .schemas(SCHEMA)
                            .locations("classpath:dev/remit/store/migrations")
                            .outOfOrder(true) // each stands for itself
                            .load();
            Newer.check(flyway.info(), address);
            flyway.migrate();
        } catch (FlywayException e) {
            throw new DatabaseException(
                    Kind.MIGRATION_FAILED,
                    "the tables at %s cannot be brought up to date: %s. User '%s' must be allowed to create a"
                                    .formatted(address, e.getMessage(), address.user())
                            + " schema and tables there.",
                    e);
        }
    }
}
