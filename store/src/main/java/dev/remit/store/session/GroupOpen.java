package dev.remit.store.session;

import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog.Begun;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseException;
import java.sql.SQLException;
import java.util.List;

/// Openings that share a commit.
final class GroupOpen extends Together<GroupOpen.Wanted, Begun> {
    private static final int WRITERS = 1;

    private final Database database;

    GroupOpen(Database database, Node node) {
        super(database, node, WRITERS);
        this.database = database;
    }

    /// @param opening without a parent
    /// @param first its first event, as it is written
    /// @param drive whether this node would drive it at once
    record Wanted(Opening opening, LogCodec.Encoded first, boolean drive) {
        static Wanted of(Opening opening, boolean drive) {
            return new Wanted(opening, LogCodec.encode(opening.opened()), drive);
        }
    }

    @Override
    Object key(Wanted wanted) {
        return wanted.opening().id();
    }

    @Override
    long size(Wanted wanted) {
        return wanted.first().bytes();
    }

    @Override
    List<Begun> writeAll(Writer writer, List<Wanted> batch) throws SQLException {
        return BatchOpen.execute(writer, batch);
    }

    @Override
    Begun writeOne(Writer writer, Wanted wanted) {
        try {
            return BatchOpen.execute(writer, List.of(wanted)).getFirst();
        } catch (SQLException e) {
            if (SqlFailure.of(e) == SqlFailure.LOST) {
                writer.drop();
            }
            throw database.trouble(e);
        }
    }

    @Override
    Begun lost(String why) {
        throw new DatabaseException(
                DatabaseException.Kind.NOT_REACHABLE,
                "the connection to the database was lost while a session was opened: " + why);
    }

    @Override
    Begun unreachable(SQLException why) {
        throw database.trouble(why);
    }
}
