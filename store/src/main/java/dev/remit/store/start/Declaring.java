package dev.remit.store.start;

import dev.remit.core.identity.Principal;
import dev.remit.core.start.Starts;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Takes over what the file of an agent or workflow says about when it is started, in the
/// transaction that makes its version current.
public final class Declaring {
    private Declaring() {}

    /// What is not in the file any more is gone; what has not changed goes on as it was.
    public static void declare(
            Connection connection, String agent, Starts starts, Principal by, Instant now)
            throws SQLException {
        schedules(connection, agent, starts.schedules(), by, now);
        triggers(connection, agent, starts.triggers(), by, now);
    }

    private static void schedules(
            Connection connection,
            String agent,
            Map<String, JsonNode> written,
            Principal by,
            Instant now)
            throws SQLException {
        remove(connection, "schedule", agent, written);
        var changing = new Changing(connection, by, now);
        for (var entry : new TreeMap<>(written).entrySet()) {
            changing.put(agent + "." + entry.getKey(), agent, true, entry.getValue());
        }
    }

    private static void triggers(
            Connection connection,
            String agent,
            Map<String, JsonNode> written,
            Principal by,
            Instant now)
            throws SQLException {
        remove(connection, "event_trigger", agent, written);
        for (var entry : new TreeMap<>(written).entrySet()) {
            TriggerRows.write(
                    connection,
                    agent + "." + entry.getKey(),
                    agent,
                    true,
                    entry.getValue(),
                    by,
                    now);
        }
    }

    /// @param table one of two names that stand in this file
    private static void remove(
            Connection connection, String table, String agent, Map<String, JsonNode> written)
            throws SQLException {
        var kept = new ArrayList<String>();
        written.keySet().forEach(name -> kept.add(agent + "." + name));
        try (var delete =
                connection.prepareStatement(
                        "DELETE FROM "
                                + table
                                + " WHERE agent = ? AND by_folder AND NOT name = ANY(?)")) {
            new Parameters(delete).text(agent).texts(kept);
            delete.executeUpdate();
        }
    }
}
