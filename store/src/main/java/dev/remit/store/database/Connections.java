package dev.remit.store.database;

import dev.remit.store.database.DatabaseException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.util.PSQLException;

/// How connections are opened, and what it means if they are not.
final class Connections {
    /// Dead clients are noticed within seconds and leave no transaction open.
    private static final String SESSION =
            "-c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2"
                    + " -c idle_in_transaction_session_timeout=1s -c lock_timeout=10s"
                    + " -c TimeZone=UTC";

    /// What an operator may set otherwise, such as `?loginTimeout=30` for a machine that is slow.
    private static final Set<String> TIMEOUTS =
            Set.of("connectTimeout", "loginTimeout", "socketTimeout");

    private Connections() {}

    /// Properties of the JDBC driver for Remit's tables.
    static Properties properties(DatabaseAddress address, Map<String, String> settings) {
        var options = new StringBuilder(SESSION);
        settings.forEach(
                (name, value) -> options.append(" -c ").append(name).append('=').append(value));
        var properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("options", options.toString());
        properties.setProperty("currentSchema", Database.SCHEMA);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("prepareThreshold", "2");
        address.options().forEach(properties::putIfAbsent);
        TIMEOUTS.forEach(name -> {
            var chosen = address.options().get(name);
            if (chosen != null) {
                properties.setProperty(name, chosen);
            }
        });
        return properties;
    }

    static Connection open(DatabaseAddress address) throws SQLException {
        return open(address, properties(address, Map.of()));
    }

    static Connection open(DatabaseAddress address, Properties properties) throws SQLException {
        var connection = new Driver().connect(address.jdbcUrl(), properties);
        if (connection == null) {
            throw new SQLException("not an address of PostgreSQL: " + address);
        }
        return connection;
    }

    static boolean isWrongPassword(SQLException e) {
        var state = state(e);
        return state.equals("28P01") || state.equals("28000");
    }

    static boolean isStarting(SQLException e) {
        return state(e).equals("57P03");
    }

    /// Serialization failure, deadlock, a lock that was not to be had, or a transaction that this
    /// machine was too slow for: nothing was done, and the same may work now.
    static boolean isCollision(SQLException e) {
        return Set.of("40001", "40P01", "55P03", "25P03").contains(state(e));
    }

    /// Says what a failure means and what to do.
    static DatabaseException trouble(SQLException e, DatabaseAddress address) {
        var said = said(e);
        if (isRefusal(e)) {
            return new DatabaseException(
                    Kind.REFUSED,
                    "the database at %s refused a statement (%s): %s"
                            .formatted(address, state(e), said),
                    e);
        }
        if (isWrongPassword(e) || said.contains("password")) {
            return new DatabaseException(
                    Kind.WRONG_PASSWORD,
                    "the database at %s does not let user '%s' in with the password given. Correct it in"
                                    .formatted(address, address.user())
                            + " REMIT_DATABASE_URL. ("
                            + said
                            + ")",
                    e);
        }
        return switch (state(e)) {
            case "3D000" ->
                    new DatabaseException(
                            Kind.NO_SUCH_DATABASE,
                            "the server at %s has no database '%s'. Create it (CREATE DATABASE), or correct"
                                            .formatted(address, address.database())
                                    + " REMIT_DATABASE_URL.",
                            e);
            default ->
                    new DatabaseException(
                            Kind.NOT_REACHABLE,
                            "no database can be reached at %s: %s. Check that it runs, that host and port in"
                                            .formatted(address, said)
                                    + " REMIT_DATABASE_URL are right, and that no firewall is between.",
                            e);
        };
    }

    /// The server understood and said no; the connection is as good as before.
    private static boolean isRefusal(SQLException e) {
        var error = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        return error != null && "ERROR".equals(error.getSeverity());
    }

    private static String state(SQLException e) {
        var state = e.getSQLState();
        return state == null ? "" : state;
    }

    /// What the server or the driver said, on one line.
    static String said(SQLException e) {
        var message = e instanceof PSQLException p ? server(p) : null;
        return String.valueOf(message != null ? message : e.getMessage()).replaceAll("\\s+", " ");
    }

    private static @Nullable String server(PSQLException e) {
        var error = e.getServerErrorMessage();
        return error == null ? null : error.getMessage();
    }
}
