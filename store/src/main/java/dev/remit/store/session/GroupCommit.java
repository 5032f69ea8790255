package dev.remit.store.session;

import dev.remit.core.session.SessionLog.Answer;
import dev.remit.store.database.Database;
import java.sql.SQLException;
import java.util.List;

/// Appends of many sessions that share a commit.
final class GroupCommit extends Together<Request, Answer> {
    private static final int WRITERS = 2;

    GroupCommit(Database database, Node node) {
        super(database, node, WRITERS);
    }

    /// Two appends of one session in one statement would silently drop one.
    @Override
    Object key(Request wanted) {
        return wanted.append().fence().session();
    }

    @Override
    long size(Request wanted) {
        return wanted.size();
    }

    @Override
    List<Answer> writeAll(Writer writer, List<Request> batch) throws SQLException {
        return BatchAppend.execute(writer, batch);
    }

    @Override
    Answer writeOne(Writer writer, Request wanted) {
        return Transactions.direct(writer, wanted);
    }

    @Override
    Answer lost(String why) {
        return new Answer.Unknown(why);
    }

    @Override
    Answer unreachable(SQLException why) {
        return new Answer.Busy();
    }
}
