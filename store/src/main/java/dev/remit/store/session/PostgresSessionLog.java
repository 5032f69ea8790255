package dev.remit.store.session;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.State;
import dev.remit.core.tool.Ended;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of sessions in PostgreSQL, as one node sees it. `docs/durability.md` says how it keeps
/// what it promises.
public final class PostgresSessionLog implements SessionLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSessionLog.class);

    /// How often a collision is met with another try before the caller hears of it.
    private static final int TRIES = 20;

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Database database;
    private final Node node;
    private final Listeners listeners = new Listeners();
    private final Inbox inbox;
    private final GroupCommit group;
    private final Transactions transactions;
    private final Heartbeat heartbeat;

    private PostgresSessionLog(Database database, Node node) {
        this.database = database;
        this.node = node;
        this.inbox = new Inbox(node);
        this.group = new GroupCommit(database, node);
        this.transactions = new Transactions(database, node, inbox);
        this.heartbeat = new Heartbeat(database, node, listeners);
    }

    /// Enters the database as a new run of the node of that name.
    ///
    /// @param exclusive the caller holds a lock that only one process at a time can hold for this
    ///   name: earlier runs of it are dead and their sessions are free at once. Otherwise they are
    ///   when their lease is over.
    public static PostgresSessionLog join(Database database, String name, boolean exclusive) {
        return join(database, name, exclusive, Node.LEASE);
    }

    static PostgresSessionLog join(
            Database database, String name, boolean exclusive, Duration lease) {
        var node = new Node(name, lease);
        node.join(database, exclusive);
        var log = new PostgresSessionLog(database, node);
        log.heartbeat.start();
        return log;
    }

    public Node node() {
        return node;
    }

    /// Tells a listener of what this process does to the log, until the result is closed.
    public AutoCloseable listen(LogListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Opening and telling sessions in the transactions of others.
    public Within within() {
        return new Within(node);
    }

    /// What can be read about sessions from outside.
    public SessionQueries queries() {
        return new SessionQueries(database);
    }

    @Override
    public Accepted open(Opening opening) {
        var accepted = database.with(connection -> Openings.open(connection, opening));
        if (accepted instanceof Accepted.New) {
            listeners.appended(opening.id(), 1);
            listeners.ready(opening.id());
        }
        return accepted;
    }

    @Override
    public Accepted fork(Forking forking) {
        var accepted = database.with(connection -> Forks.fork(connection, inbox, forking));
        if (accepted instanceof Accepted.New) {
            listeners.appended(forking.id(), forking.at() + 1);
            listeners.ready(forking.id());
            if (forking.forked().rewind()) {
                listeners.ready(forking.from());
            }
        }
        return accepted;
    }

    @Override
    public Claim claim(SessionId id) {
        SQLException last = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                return transactions.with(writer -> {
                    try {
                        return Claims.claim(writer, id);
                    } catch (SQLException e) {
                        if (SqlFailure.of(e) == SqlFailure.LOST) {
                            writer.drop();
                        }
                        throw e;
                    }
                });
            } catch (SQLException e) {
                // A lost answer does no harm: a node may claim again what it owns itself.
                last = e;
                pause(i);
            }
        }
        throw new DatabaseException(
                DatabaseException.Kind.NOT_REACHABLE, "session " + id + " cannot be claimed", last);
    }

    @Override
    public void release(Fence fence) {
        database.with(connection -> Claims.release(connection, fence));
    }

    @Override
    public Optional<Ended> ended(SessionId id, ActionId action) {
        return database.with(connection -> Events.ended(connection, id, action));
    }

    @Override
    public Loaded load(SessionId id) {
        return database.with(connection -> States.load(connection, id));
    }

    @Override
    public Answer append(Append append) {
        if (!append.fence().incarnation().equals(node.incarnation().toString())) {
            return new Answer.Stale(); // claimed by an earlier run of this node
        }
        var request = Request.of(append);
        boolean plain = append.then() instanceof Then.Keep && append.outbox().isEmpty();
        for (int i = 0; ; i++) {
            // A row that stays busy is waited for by a statement of its own.
            var done =
                    plain && i < TRIES / 2
                            ? new Transactions.Done(group.append(request), List.of())
                            : transactions.append(request);
            if (!(done.answer() instanceof Answer.Busy) || i == TRIES) {
                tell(append, done);
                return done.answer();
            }
            pause(i);
        }
    }

    private void tell(Append append, Transactions.Done done) {
        switch (done.answer()) {
            case Answer.Appended appended -> {
                listeners.appended(append.fence().session(), appended.head());
                done.ready().forEach(listeners::ready);
            }
            case Answer.RulesChanged changed -> node.learnRules(changed.rules());
            case Answer.Stale s -> {}
            case Answer.Busy b -> {}
            case Answer.Unknown u -> {}
        }
    }

    private static void pause(int attempt) {
        LockSupport.parkNanos(PAUSE.toNanos() * (attempt + 1));
    }

    @Override
    public long snapshot(Fence fence, State state) {
        return database.with(connection -> States.keep(connection, fence, state));
    }

    @Override
    public boolean send(SessionId to, Mail mail) {
        var put = database.with(connection -> inbox.put(connection, to, mail));
        if (put == Inbox.Put.HINT) {
            listeners.ready(to);
        }
        return put != Inbox.Put.REFUSED;
    }

    @Override
    public List<Delivered> mail(SessionId id, long after) {
        return database.with(connection -> inbox.after(connection, id, after));
    }

    @Override
    public List<SessionId> ready(Instant now, int limit) {
        return database.with(connection -> Schedule.ready(connection, now, limit));
    }

    @Override
    public Optional<Instant> nextDue() {
        return database.with(Schedule::nextDue);
    }

    @Override
    public void failed(SessionId id, String what) {
        database.with(connection -> {
            Failures.keep(connection, node, id, what);
            return true;
        });
    }

    @Override
    public Optional<Failure> failure(SessionId id) {
        return database.with(connection -> Failures.find(connection, id));
    }

    @Override
    public void keep(SessionId id, ActionId action, int attempt, Ended end) {
        database.with(connection -> {
            Kept.keep(connection, id, action, attempt, end);
            return true;
        });
    }

    @Override
    public Optional<Ended> kept(SessionId id, ActionId action, int attempt) {
        return database.with(connection -> Kept.find(connection, id, action, attempt));
    }

    @Override
    public long rules() {
        return node.rules();
    }

    @Override
    public boolean mayStart() {
        return node.mayStart();
    }

    /// Events after a place in the log, oldest first.
    public List<Recorded> events(SessionId id, long after, int limit) {
        return database.with(connection -> Events.after(connection, id, after, limit).events());
    }

    /// Leaves: whatever this node still owned is free for others at once, or, if the database
    /// cannot be told, when the lease is over.
    @Override
    public void close() {
        heartbeat.close();
        try {
            node.leave(database);
        } catch (DatabaseException e) {
            LOG.warn("could not leave the database in order: {}", e.getMessage());
        }
        group.close();
        transactions.close();
    }
}
