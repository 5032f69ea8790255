package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends that are written by themselves: those that release the claim, and those whose mail and
/// children go out in the same transaction.
final class Transactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    private static final int WRITERS = 4;
    private static final int WAIT_SECONDS = 20;

    private final BlockingQueue<Writer> free = new ArrayBlockingQueue<>(WRITERS, true);
    private final List<Writer> writers = new ArrayList<>();
    private final Inbox inbox;

    Transactions(Database database, Node node, Inbox inbox) {
        this.inbox = inbox;
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(database, node));
        }
        free.addAll(writers);
    }

    /// What a transaction did: its answer, and the sessions that have something to do now.
    record Done(Answer answer, List<SessionId> ready) {}

    /// Does something with a writer; who came first is served first.
    <T> T with(Work<T> work) throws SQLException {
        Writer writer = null;
        try {
            writer = free.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (writer == null) {
                throw new DatabaseException(
                        DatabaseException.Kind.NOT_REACHABLE,
                        "the database is busy: no writer became free within "
                                + WAIT_SECONDS
                                + " s. Look at its load.");
            }
            return work.on(writer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException(
                    DatabaseException.Kind.NOT_REACHABLE, "interrupted while waiting", e);
        } finally {
            if (writer != null) {
                free.add(writer);
            }
        }
    }

    /// Something done with a writer.
    @FunctionalInterface
    interface Work<T> {
        T on(Writer writer) throws SQLException;
    }

    Done append(Request request) {
        try {
            return with(writer ->
                    request.append().outbox().isEmpty()
                            ? new Done(direct(writer, request), List.of())
                            : withOutbox(writer, request));
        } catch (SQLException e) {
            throw new IllegalStateException("the append was refused by the database", e);
        }
    }

    /// One statement, its own transaction.
    static Answer direct(Writer writer, Request request) {
        try {
            writer.connection();
        } catch (SQLException e) {
            LOG.warn("no connection for appending: {}", e.getMessage());
            writer.drop();
            return new Answer.Busy();
        }
        try {
            return SingleAppend.execute(writer, request);
        } catch (SQLException e) {
            return failed(writer, e, true);
        }
    }

    /// The gate first and then the rows in order: so nothing here can deadlock with a change of
    /// rules, with a batch, or with another of its kind.
    private Done withOutbox(Writer writer, Request request) {
        boolean committing = false;
        Connection connection;
        try {
            connection = writer.connection();
        } catch (SQLException e) {
            LOG.warn("no connection for appending: {}", e.getMessage());
            writer.drop();
            return new Done(new Answer.Busy(), List.of());
        }
        try {
            connection.setAutoCommit(false);
            lockRows(connection, writer.gate(), request);
            var answer = SingleAppend.execute(writer, request);
            if (!(answer instanceof Answer.Appended)) {
                connection.rollback();
                connection.setAutoCommit(true);
                return new Done(answer, List.of());
            }
            var ready = new ArrayList<SessionId>();
            for (var outgoing : request.append().outbox()) {
                send(connection, outgoing, ready);
            }
            committing = true;
            connection.commit();
            connection.setAutoCommit(true);
            return new Done(answer, ready);
        } catch (SQLException e) {
            try {
                return new Done(failed(writer, e, committing), List.of());
            } finally {
                writer.drop(); // whatever state its transaction is in
            }
        }
    }

    private void send(Connection connection, Outgoing outgoing, List<SessionId> ready)
            throws SQLException {
        switch (outgoing) {
            case Outgoing.Open open -> {
                if (Openings.insert(connection, open.child())) {
                    ready.add(open.child().id());
                }
            }
            case Outgoing.Send mail -> {
                if (inbox.put(connection, mail.to(), mail.mail()) == Inbox.Put.HINT) {
                    ready.add(mail.to());
                }
            }
            case Outgoing.Became became -> became(connection, became);
        }
    }

    private static void became(Connection connection, Outgoing.Became became) throws SQLException {
        try (var update =
                connection.prepareStatement(
                        "UPDATE session SET definition_version = ? WHERE id = ?")) {
            new Parameters(update)
                    .text(became.definition().version().hex())
                    .set(became.session().uuid());
            update.executeUpdate();
        }
    }

    private static void lockRows(Connection connection, long gate, Request request)
            throws SQLException {
        var ids = new ArrayList<UUID>();
        ids.add(request.append().fence().session().uuid());
        for (var outgoing : request.append().outbox()) {
            if (outgoing instanceof Outgoing.Send send) {
                ids.add(send.to().uuid());
            }
        }
        try (var lockGate = connection.prepareStatement("SELECT FROM gate WHERE id = ? FOR SHARE");
                var lockSessions =
                        connection.prepareStatement(
                                """
                                SELECT FROM session WHERE id = ANY(?)
                                ORDER BY id FOR NO KEY UPDATE
                                """)) {
            lockGate.setLong(1, gate);
            lockGate.execute();
            new Parameters(lockSessions).uuids(ids);
            lockSessions.execute();
        }
    }

    /// @param committing whether it may have been written if the connection is lost
    private static Answer failed(Writer writer, SQLException e, boolean committing) {
        return switch (SqlFailure.of(e)) {
            case LOST -> {
                writer.drop();
                yield committing
                        ? new Answer.Unknown(String.valueOf(e.getMessage()))
                        : new Answer.Busy();
            }
            case COLLIDED -> new Answer.Busy();
            case REFUSED ->
                    throw new IllegalStateException(
                            "the append was refused by the database: " + e.getMessage(), e);
        };
    }

    @Override
    public void close() {
        writers.forEach(Writer::close);
    }
}
