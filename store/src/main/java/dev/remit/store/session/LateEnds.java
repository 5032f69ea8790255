package dev.remit.store.session;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.tool.Ended;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends that a driver could not append, in the table `kept`. While the database is away this node
/// remembers them, so that nobody has to be asked about an action whose end it knows.
final class LateEnds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LateEnds.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int MOST = 1_000;

    private final Database database;
    private final ConcurrentHashMap<Name, Ended> remembered = new ConcurrentHashMap<>();
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile boolean closed;

    private record Name(SessionId session, ActionId action, int attempt) {}

    LateEnds(Database database) {
        this.database = database;
    }

    /// @throws DatabaseException if it can be neither written nor remembered
    void keep(SessionId session, ActionId action, int attempt, Ended end) {
        var name = new Name(session, action, attempt);
        try {
            write(name, end);
        } catch (DatabaseException e) {
            if (!e.mayPass() || closed || remembered.size() >= MOST) {
                throw e;
            }
            remembered.put(name, end);
            LOG.info("the end of {} in {} is written later: {}", action, session, e.getMessage());
            startWriting();
        }
    }

    Optional<Ended> find(SessionId session, ActionId action, int attempt) {
        var end = remembered.get(new Name(session, action, attempt));
        return end != null
                ? Optional.of(end)
                : database.with(connection -> Kept.find(connection, session, action, attempt));
    }

    private void write(Name name, Ended end) {
        database.with(connection -> {
            Kept.keep(connection, name.session(), name.action(), name.attempt(), end);
            return true;
        });
    }

    private void startWriting() {
        if (writing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("late ends").start(this::writeAll);
        }
    }

    private void writeAll() {
        try {
            while (!closed && !remembered.isEmpty()) {
                Thread.sleep(PAUSE);
                writeOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            writing.set(false);
        }
        if (!closed && !remembered.isEmpty()) {
            startWriting(); // one came between the last look and the end
        }
    }

    private void writeOnce() {
        for (var entry : remembered.entrySet()) {
            try {
                write(entry.getKey(), entry.getValue());
            } catch (DatabaseException e) {
                if (e.mayPass()) {
                    return;
                }
                LOG.warn("the end of {} is lost: {}", entry.getKey(), e.getMessage());
            }
            remembered.remove(entry.getKey());
        }
    }

    /// Tries a last time.
    @Override
    public void close() {
        closed = true;
        writeOnce();
        remembered.keySet().forEach(name -> LOG.warn("the end of {} is lost", name));
    }
}
