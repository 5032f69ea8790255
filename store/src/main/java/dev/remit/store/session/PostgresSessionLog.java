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
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
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
    private final GroupOpen openings;
    private final Transactions transactions;
    private final Relays relays;
    private final LateEnds lateEnds;
    private final Heartbeat heartbeat;
    private volatile ColdLogs cold = ColdLogs.NONE;

    private PostgresSessionLog(Database database, Node node) {
        this.database = database;
        this.node = node;
        this.inbox = new Inbox(node);
        this.group = new GroupCommit(database, node);
        this.openings = new GroupOpen(database, node);
        this.transactions = new Transactions(database, node, inbox);
        this.relays = new Relays(database, node);
        this.lateEnds = new LateEnds(database);
        this.heartbeat = new Heartbeat(database, node, listeners, relays);
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
        log.relays.start();
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

    /// The nodes on this database.
    public NodeQueries nodes() {
        return new NodeQueries(database);
    }

    /// News between nodes.
    public Relays relays() {
        return relays;
    }

    @Override
    public void callOthers() {
        heartbeat.callOthers();
    }

    /// Replaces what is configured for teams: how many of their sessions may be under way at a
    /// time, on all nodes together. A team that is not named has no limit.
    public void limitTeams(Map<String, Integer> atOnce) {
        database.with(connection -> {
            Queue.limit(connection, atOnce);
            return true;
        });
    }

    @Override
    public Accepted open(Opening opening) {
        return begin(opening, false).accepted();
    }

    @Override
    public Begun begin(Opening opening, boolean drive) {
        var begun = opening.opened().parent() == null ? together(opening, drive) : alone(opening);
        if (begun.accepted() instanceof Accepted.New) {
            listeners.appended(opening.id(), 1);
            if (begun.mine() == null) {
                listeners.ready(opening.id());
            }
        }
        return begun;
    }

    private Begun together(Opening opening, boolean drive) {
        try {
            return openings.ask(GroupOpen.Wanted.of(opening, drive));
        } catch (DatabaseException e) {
            if (e.kind() != DatabaseException.Kind.NOT_REACHABLE) {
                throw e;
            }
            // It may be open, and even this node's: then the dispatcher finds it among what it
            // holds. To open it once more does no harm.
            var again = alone(opening);
            return again.accepted() instanceof Accepted.Existing known
                            && known.id().equals(opening.id())
                    ? new Begun(new Accepted.New(opening.id()), null)
                    : again;
        }
    }

    private Begun alone(Opening opening) {
        return new Begun(database.with(connection -> Openings.open(connection, opening)), null);
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
        // A lost answer does no harm: a node may claim again what it owns itself.
        return write(
                TRIES, "session " + id + " cannot be claimed", writer -> Claims.claim(writer, id));
    }

    /// @param tries more than one for what does no harm if it is done again
    private <T> T write(int tries, String trouble, Transactions.Work<T> work) {
        SQLException last = null;
        for (int i = 0; i < tries; i++) {
            try {
                return transactions.with(writer -> {
                    try {
                        return work.on(writer);
                    } catch (SQLException e) {
                        if (SqlFailure.of(e) == SqlFailure.LOST) {
                            writer.drop();
                        }
                        throw e;
                    }
                });
            } catch (SQLException e) {
                last = e;
                if (i < tries - 1) {
                    pause(i);
                }
            }
        }
        throw new DatabaseException(DatabaseException.Kind.NOT_REACHABLE, trouble, last);
    }

    @Override
    public void release(Fence fence) {
        if (database.with(connection -> Claims.release(connection, fence))) {
            heartbeat.callOthers();
        }
    }

    @Override
    public Optional<Ended> ended(SessionId id, ActionId action) {
        return database.with(connection -> Events.ended(connection, id, action));
    }

    /// From now on sessions that are in no table are looked for there.
    public void archive(ColdLogs logs) {
        cold = logs;
    }

    @Override
    public Loaded load(SessionId id) {
        try {
            var loaded = database.with(connection -> States.load(connection, id));
            // rows that went while they were read leave a log that ends too early
            return loaded.state().isClosed() || !cold.holds(id) ? loaded : folded(id);
        } catch (NoSuchElementException e) {
            if (cold.holds(id)) {
                return folded(id);
            }
            throw e;
        }
    }

    private Loaded folded(SessionId id) {
        State state = null;
        for (var event : cold.events(id).orElseThrow()) {
            state = state == null ? State.first(event) : state.apply(event);
        }
        if (state == null) {
            throw new NoSuchElementException("there is no session " + id);
        }
        return new Loaded(state, 0, 0);
    }

    @Override
    public Answer append(Append append) {
        if (!append.fence().incarnation().equals(node.incarnation().toString())) {
            return new Answer.Stale(); // claimed by an earlier run of this node
        }
        var request = Request.of(append);
        boolean plain =
                (append.then() instanceof Then.Keep || append.then() instanceof Then.End)
                        && append.outbox().isEmpty();
        for (int i = 0; ; i++) {
            // A row that stays busy is waited for by a statement of its own.
            var done =
                    plain && i < TRIES / 2
                            ? new Transactions.Done(group.ask(request), List.of())
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
                if (append.then() instanceof Then.Yield) {
                    heartbeat.callOthers();
                }
            }
            case Answer.RulesChanged changed -> node.learnRules(changed.rules());
            case Answer.Stale s -> {}
            case Answer.Busy b -> {}
            case Answer.MailCame c -> {}
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
    public Outlook outlook() {
        return database.with(Schedule::outlook);
    }

    /// If the answer is lost on the way, the sessions are this node's all the same: [#held].
    @Override
    public List<Claim.Claimed> take(Instant now, int most, Set<SessionId> without) {
        return write(
                1, "the queue cannot be read", writer -> Queue.take(writer, now, most, without));
    }

    @Override
    public List<SessionId> held() {
        return database.with(connection -> Queue.held(connection, node));
    }

    @Override
    public boolean place(Fence fence, ActionId action, String tool, int atOnce) {
        return write(
                TRIES,
                "no place at " + tool + " can be asked for",
                writer -> Places.ask(writer, fence, action, tool, atOnce));
    }

    @Override
    public void vacate(SessionId session, List<ActionId> actions) {
        database.with(connection -> Places.leave(connection, node, session, actions))
                .forEach(listeners::ready);
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
        lateEnds.keep(id, action, attempt, end);
    }

    @Override
    public Optional<Ended> kept(SessionId id, ActionId action, int attempt) {
        return lateEnds.find(id, action, attempt);
    }

    @Override
    public long rules() {
        return node.rules();
    }

    @Override
    public boolean isAlone() {
        return heartbeat.isAlone();
    }

    @Override
    public boolean mayStart() {
        return node.mayStart();
    }

    /// Events after a place in the log, oldest first.
    public List<Recorded> events(SessionId id, long after, int limit) {
        var found =
                database.with(connection -> Events.after(connection, id, after, limit).events());
        return found.isEmpty() ? coldEvents(id, after, limit) : found;
    }

    private List<Recorded> coldEvents(SessionId id, long after, int limit) {
        var all = cold.events(id).orElse(List.of());
        int from = (int) Math.min(after, all.size());
        return all.subList(from, Math.min(from + limit, all.size()));
    }

    /// Leaves: whatever this node still owned is free for others at once, or, if the database
    /// cannot be told, when the lease is over.
    @Override
    public void close() {
        heartbeat.close();
        relays.close();
        lateEnds.close();
        try {
            node.leave(database);
        } catch (DatabaseException e) {
            LOG.warn("could not leave the database in order: {}", e.getMessage());
        }
        group.close();
        openings.close();
        transactions.close();
    }
}
