package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.Opening;
import java.sql.Connection;
import java.sql.SQLException;

/// Opening and telling sessions as part of somebody else's transaction. Whoever does it says so to
/// the dispatcher once the transaction is committed; else the sweep finds it.
public final class Within {
    private final Inbox inbox;

    Within(Node node) {
        this.inbox = new Inbox(node);
    }

    /// As [dev.remit.core.session.SessionLog#open].
    public Accepted open(Connection connection, Opening opening) throws SQLException {
        return Openings.open(connection, opening);
    }

    /// @return false if there is no such session, or it is closed
    public boolean send(Connection connection, SessionId to, Mail mail) throws SQLException {
        return inbox.put(connection, to, mail) != Inbox.Put.REFUSED;
    }
}
