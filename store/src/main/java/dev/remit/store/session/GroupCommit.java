package dev.remit.store.session;

import static java.util.Objects.requireNonNull;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Answer;
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

/// Appends of many sessions, written together by leader and followers: whoever finds a writer free
/// takes all that is queued and writes it for everybody; whoever comes meanwhile queues for the
/// next. So one session alone waits for nobody, and many share a commit.
///
/// A thread that is interrupted while it leads may break its connection; those that it led for get
/// [Answer.Unknown] then.
final class GroupCommit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int WRITERS = 2;
    private static final int LARGEST_BATCH = 128;
    private static final long LARGEST_BATCH_BYTES = 8 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> queue = new ArrayDeque<>();
    private final Deque<Writer> free = new ArrayDeque<>();
    private final List<Writer> writers = new ArrayList<>();

    GroupCommit(Database database, Node node) {
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(database, node));
        }
        free.addAll(writers);
    }

    /// One who waits for its answer, or is given a writer to lead with.
    private static final class Waiter {
        final Request request;
        final Thread thread = Thread.currentThread();
        volatile @Nullable Answer answer;
        volatile @Nullable RuntimeException failure;
        volatile @Nullable Writer writer;

        Waiter(Request request) {
            this.request = request;
        }

        SessionId session() {
            return request.append().fence().session();
        }

        boolean isDone() {
            return answer != null || failure != null;
        }

        void wake() {
            LockSupport.unpark(thread);
        }
    }

    Answer append(Request request) {
        var me = new Waiter(request);
        lock.lock();
        try {
            queue.add(me);
            if (!free.isEmpty()) {
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
                    waiter.answer = new Answer.Unknown("the append ended with an error");
                }
                waiter.wake();
            }
            passOn(writer);
        }
    }

    /// The oldest in the queue, each session once: two appends of one session in one statement
    /// would silently drop one.
    private List<Waiter> take() {
        lock.lock();
        try {
            var batch = new ArrayList<Waiter>();
            var sessions = new HashSet<SessionId>();
            long bytes = 0;
            for (var waiting = queue.iterator();
                    waiting.hasNext()
                            && batch.size() < LARGEST_BATCH
                            && bytes < LARGEST_BATCH_BYTES; ) {
                var waiter = waiting.next();
                if (sessions.add(waiter.session())) {
                    waiting.remove();
                    batch.add(waiter);
                    bytes += waiter.request.size();
                }
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void passOn(Writer writer) {
        lock.lock();
        try {
            for (var next : queue) {
                if (next.writer == null) {
                    next.writer = writer;
                    next.wake();
                    return;
                }
            }
            free.push(writer);
        } finally {
            lock.unlock();
        }
    }

    private static void write(Writer writer, List<Waiter> batch) {
        if (batch.size() > 1 && writeTogether(writer, batch)) {
            return;
        }
        for (var waiter : batch) {
            if (!waiter.isDone()) {
                writeAlone(writer, waiter);
            }
        }
    }

    /// @return false if nothing was written, so that each may be tried by itself
    private static boolean writeTogether(Writer writer, List<Waiter> batch) {
        try {
            writer.connection();
        } catch (SQLException e) {
            notReachable(writer, batch, e);
            return true;
        }
        try {
            var answers = BatchAppend.execute(writer, batch.stream().map(w -> w.request).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer = answers.get(i);
            }
            return true;
        } catch (SQLException e) {
            if (SqlFailure.of(e) == SqlFailure.LOST) {
                writer.drop();
                batch.forEach(w -> w.answer = new Answer.Unknown(String.valueOf(e.getMessage())));
                return true;
            }
            LOG.debug("a batch of {} is written one by one", batch.size(), e);
            return false;
        }
    }

    private static void writeAlone(Writer writer, Waiter waiter) {
        try {
            waiter.answer = Transactions.direct(writer, waiter.request);
        } catch (RuntimeException e) {
            waiter.failure = e;
        }
    }

    private static void notReachable(Writer writer, List<Waiter> batch, SQLException e) {
        LOG.warn("no connection for appending: {}", e.getMessage());
        writer.drop();
        batch.forEach(w -> w.answer = new Answer.Busy());
    }

    @Override
    public void close() {
        writers.forEach(Writer::close);
    }
}
