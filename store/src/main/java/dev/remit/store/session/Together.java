package dev.remit.store.session;

import static java.util.Objects.requireNonNull;

import dev.remit.store.database.Database;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What many threads want written, written together by leader and followers: whoever finds a writer
/// free takes all that is queued and writes it for everybody; whoever comes meanwhile queues for
/// the next. So one alone waits for nobody, and many share a commit. Another writer joins in when
/// as many wait as are being written.
///
/// A thread that is interrupted while it leads may break its connection; those that it led for get
/// [#lost] then.
///
/// @param <Q> what one thread wants written
/// @param <A> what became of it
abstract class Together<Q, A> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Together.class);
    private static final int LARGEST_BATCH = 128;
    private static final long LARGEST_BATCH_BYTES = 8 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter<Q, A>> queue = new ArrayDeque<>();
    private final Deque<Writer> free = new ArrayDeque<>();
    private final List<Writer> writers = new ArrayList<>();
    private int underWay;

    Together(Database database, Node node, int writers) {
        for (int i = 0; i < writers; i++) {
            this.writers.add(new Writer(database, node));
        }
        free.addAll(this.writers);
    }

    /// Two of the same key are never in one batch.
    abstract Object key(Q wanted);

    /// Bytes that go over the wire, about.
    abstract long size(Q wanted);

    /// Writes all or none, in one commit.
    ///
    /// @return what became of each, in their order
    abstract List<A> writeAll(Writer writer, List<Q> batch) throws SQLException;

    /// Writes one. Whatever it throws is thrown to who wanted it.
    abstract A writeOne(Writer writer, Q wanted);

    /// The connection was lost on the way, or the leader failed: nobody knows whether it is
    /// written. Whatever it throws is thrown to who wanted it.
    abstract A lost(String why);

    /// There is no connection, and nothing was written. Likewise.
    abstract A unreachable(SQLException why);

    /// One who waits for its answer, or is given a writer to lead with.
    private static final class Waiter<Q, A> {
        final Q wanted;
        final Thread thread = Thread.currentThread();
        volatile @Nullable A answer;
        volatile @Nullable RuntimeException failure;
        volatile @Nullable Writer writer;

        Waiter(Q wanted) {
            this.wanted = wanted;
        }

        boolean isDone() {
            return answer != null || failure != null;
        }

        void wake() {
            LockSupport.unpark(thread);
        }
    }

    /// Makes an answer, or an exception instead.
    private interface Ending<A> {
        A answer();
    }

    private static <Q, A> void end(Waiter<Q, A> waiter, Ending<A> ending) {
        try {
            waiter.answer = ending.answer();
        } catch (RuntimeException e) {
            waiter.failure = e;
        }
    }

    A ask(Q wanted) {
        var me = new Waiter<Q, A>(wanted);
        lock.lock();
        try {
            queue.add(me);
            if (!free.isEmpty() && isWorthwhile()) {
                me.writer = free.pop();
            }
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (!me.isDone()) {
            var writer = me.writer;
            if (writer == null) {
                LockSupport.park(this);
            } else {
                lead(writer);
                me.writer = null;
            }
            interrupted |= Thread.interrupted();
        }
        var unused = me.writer;
        if (unused != null) {
            passOn(unused, 0); // somebody else wrote it meanwhile
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        var failure = me.failure;
        if (failure != null) {
            throw failure;
        }
        return requireNonNull(me.answer);
    }

    private void lead(Writer writer) {
        var batch = take();
        try {
            write(writer, batch);
        } finally {
            for (var waiter : batch) {
                if (!waiter.isDone()) {
                    end(waiter, () -> lost("it ended with an error"));
                }
                waiter.wake();
            }
            passOn(writer, batch.size());
        }
    }

    /// Whether what is queued is to be written now. While others are written, it waits for them, or
    /// until it is as many: a commit costs what many appends cost, whoever shares it.
    private boolean isWorthwhile() {
        return free.size() == writers.size() || queue.size() >= underWay;
    }

    /// The oldest in the queue, each key once.
    private List<Waiter<Q, A>> take() {
        lock.lock();
        try {
            var batch = new ArrayList<Waiter<Q, A>>();
            var keys = new HashSet<Object>();
            long bytes = 0;
            for (var waiting = queue.iterator();
                    waiting.hasNext()
                            && batch.size() < LARGEST_BATCH
                            && bytes < LARGEST_BATCH_BYTES; ) {
                var waiter = waiting.next();
                if (keys.add(key(waiter.wanted))) {
                    waiting.remove();
                    batch.add(waiter);
                    bytes += size(waiter.wanted);
                }
            }
            underWay += batch.size();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void passOn(Writer writer, int written) {
        lock.lock();
        try {
            underWay -= written;
            free.push(writer);
            if (!isWorthwhile()) {
                return;
            }
            for (var next : queue) {
                if (next.writer == null) {
                    next.writer = free.pop();
                    next.wake();
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(Writer writer, List<Waiter<Q, A>> batch) {
        if (batch.size() > 1 && writeTogether(writer, batch)) {
            return;
        }
        for (var waiter : batch) {
            if (!waiter.isDone()) {
                end(waiter, () -> writeOne(writer, waiter.wanted));
            }
        }
    }

    /// @return false if nothing was written, so that each may be tried by itself
    private boolean writeTogether(Writer writer, List<Waiter<Q, A>> batch) {
        try {
            writer.connection();
        } catch (SQLException e) {
            LOG.warn("no connection to write with: {}", e.getMessage());
            writer.drop();
            batch.forEach(w -> end(w, () -> unreachable(e)));
            return true;
        }
        try {
            var answers = writeAll(writer, batch.stream().map(w -> w.wanted).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer = answers.get(i);
            }
            return true;
        } catch (SQLException e) {
            if (SqlFailure.of(e) == SqlFailure.LOST) {
                writer.drop();
                batch.forEach(w -> end(w, () -> lost(String.valueOf(e.getMessage()))));
                return true;
            }
            LOG.debug("a batch of {} is written one by one", batch.size(), e);
            return false;
        }
    }

    /// Writers that write nothing right now.
    final int idle() {
        lock.lock();
        try {
            return free.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        writers.forEach(Writer::close);
    }
}
