package dev.remit.store.session;

import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection that writes to the log, with a gate of its own. Used by one thread at a time.
public final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    /// The plan of an append must not depend on how full the tables were when it was made.
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "plan_cache_mode", "force_generic_plan",
                    "enable_seqscan", "off",
                    "enable_hashjoin", "off",
                    "enable_mergejoin", "off");

    private final Database database;
    private final Node node;
    private @Nullable Connection connection;
    private long gate;

    public Writer(Database database, Node node) {
        this.database = database;
        this.node = node;
    }

    Node node() {
        return node;
    }

    /// Opens the connection if there is none.
    public Connection connection() throws SQLException {
        var open = connection;
        if (open == null) {
            open = database.connect(node.applicationName(), SETTINGS);
            connection = open;
            if (gate == 0) {
                gate = openGate(open);
            }
        }
        return open;
    }

    /// The gate's id; 0 if the node is fenced, which no gate has.
    public long gate() {
        return gate;
    }

    /// To be called when the connection failed: the next use opens a new one.
    public void drop() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("a connection that failed cannot be closed", e);
            }
        }
    }

    /// A fenced node gets no gate; the share lock lets no change of rules or fencing pass by.
    private long openGate(Connection open) throws SQLException {
        try (var insert =
                open.prepareStatement(
                        """
                        WITH me AS MATERIALIZED (
                            SELECT FROM node WHERE incarnation = ? AND NOT fenced FOR SHARE),
                        known AS MATERIALIZED (SELECT version FROM rules FOR SHARE)
                        INSERT INTO gate (incarnation, rules)
                        SELECT ?, version FROM known WHERE EXISTS (SELECT FROM me)
                        RETURNING id
                        """)) {
            new Parameters(insert).set(node.incarnation()).set(node.incarnation());
            var row = insert.executeQuery();
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Override
    public void close() {
        drop();
    }
}
