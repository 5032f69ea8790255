package dev.remit.store.money;

import dev.remit.store.database.Database;
import dev.remit.store.session.Node;
import dev.remit.store.session.SqlFailure;
import dev.remit.store.session.Writer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes rows behind their callers, as many as there are in one commit. Nothing is dropped: while
/// the database is away rows wait here, and when too many wait their callers wait, too.
final class LedgerWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);
    private static final int LARGEST_BATCH = 1000;

    /// How long rows wait for others to share their commit: a statement costs far more than a row
    /// in it.
    private static final long LINGER = Duration.ofMillis(25).toNanos();

    /// After so long without a row the thread sleeps until it is woken.
    private static final int IDLE_ROUNDS = 8;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /// Tries at the end, some of them a second apart.
    private static final int LAST_FAILURES = 15;

    private static final Duration CLOSES_WITHIN = Duration.ofSeconds(10);

    private final Database database;
    private final Node node;
    private final Writer writer;
    private final Runnable grown;
    private final Queue<Row> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Semaphore room;
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile boolean ended;
    private long seq;

    /// @param rows how many may wait
    /// @param grown is run when more was billed than was held
    LedgerWriter(Database database, Node node, int rows, Runnable grown) {
        this.database = database;
        this.node = node;
        this.writer = new Writer(database, node);
        this.grown = grown;
        this.room = new Semaphore(rows);
        this.thread = Thread.ofPlatform().daemon().name("remit-ledger").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Waits only while there is no room.
    void add(Row row) {
        room.acquireUninterruptibly();
        queue.add(row);
        waiting.incrementAndGet();
        if (asleep) {
            LockSupport.unpark(thread);
        }
        if (ended) {
            writeLate();
        }
    }

    private void run() {
        int idle = 0;
        while (true) {
            var rows = take();
            if (!rows.isEmpty()) {
                idle = 0;
                write(rows);
                if (waiting.get() < LARGEST_BATCH / 2 && !closing) {
                    LockSupport.parkNanos(LINGER);
                }
            } else if (closing) {
                break;
            } else if (++idle < IDLE_ROUNDS) {
                LockSupport.parkNanos(LINGER);
            } else {
                asleep = true;
                if (queue.isEmpty() && !closing) {
                    LockSupport.park(this);
                }
                asleep = false;
            }
        }
    }

    private List<Row> take() {
        var rows = new ArrayList<Row>();
        for (var row = queue.poll(); row != null; row = queue.poll()) {
            rows.add(row);
            waiting.decrementAndGet();
            if (rows.size() == LARGEST_BATCH) {
                break;
            }
        }
        return rows;
    }

    private void write(List<Row> rows) {
        Deque<List<Row>> parts = new ArrayDeque<>();
        parts.push(rows);
        while (!parts.isEmpty()) {
            var part = parts.pop();
            if (!writePart(part)) {
                split(part, parts);
            }
        }
        room.release(rows.size());
    }

    /// The database would not have one of them: it is found by halving, and loses its texts.
    private static void split(List<Row> part, Deque<List<Row>> parts) {
        if (part.size() == 1) {
            var row = part.getFirst();
            LOG.error(
                    "a row of the ledger is written without its texts: {} {}",
                    row.id(),
                    row.attempt().target());
            parts.push(List.of(row.withoutTexts()));
        } else {
            int half = part.size() / 2;
            parts.push(part.subList(half, part.size()));
            parts.push(part.subList(0, half));
        }
    }

    /// Tries until it is written.
    ///
    /// @return false if nothing was, for these rows cannot be written as they are
    private boolean writePart(List<Row> rows) {
        var batch = new RowBatch(seq + 1, rows);
        batch.makeGood();
        for (int failures = 0; ; ) {
            try {
                if (node.isFenced()) {
                    late(batch);
                } else if (batch.write(writer, node.incarnation()) == RowBatch.Outcome.FENCED) {
                    late(batch);
                }
                seq++;
                if (batch.done()) {
                    grown.run();
                }
                return true;
            } catch (SQLException | RuntimeException e) {
                if (isFault(e) && !rows.getFirst().bare()) {
                    batch.undo();
                    return false;
                }
                failures++;
                if (closing && failures > LAST_FAILURES) {
                    giveUp(rows, e);
                    return true;
                }
                pause(failures, e);
            }
        }
    }

    private void late(RowBatch batch) {
        database.<Boolean>with(connection -> {
            LateRows.write(connection, batch, node.incarnation());
            return true;
        });
    }

    /// Whether the values themselves are refused: data exceptions and violated constraints.
    private static boolean isFault(Exception e) {
        var cause = e instanceof RuntimeException ? e.getCause() : e;
        if (cause instanceof PSQLException refused
                && SqlFailure.of(refused) == SqlFailure.REFUSED
                && refused.getSQLState() != null) {
            return refused.getSQLState().startsWith("22") || refused.getSQLState().startsWith("23");
        }
        return e instanceof ArithmeticException;
    }

    private void pause(int failures, Exception e) {
        if (!(e instanceof SQLException sql) || SqlFailure.of(sql) != SqlFailure.COLLIDED) {
            writer.drop();
            if (failures == 1 || failures % 10 == 0) {
                LOG.warn("the ledger cannot be written, and is kept: {}", e.getMessage());
            }
        }
        long pause = Math.min(LONGEST_PAUSE.toMillis(), 5L << Math.min(failures, 10));
        LockSupport.parkNanos(Duration.ofMillis(pause).toNanos());
    }

    /// The process ends and the database is away. What the rows cost stays with the slices, which
    /// are forfeited: it is spent, and unattributed.
    private static void giveUp(List<Row> rows, Exception e) {
        LOG.error(
                "{} rows of the ledger cannot be written before the end; they cost {} micro-units",
                rows.size(),
                rows.stream().mapToLong(Row::cost).sum(),
                e);
    }

    /// One that came after the end is written by whoever brings it.
    private synchronized void writeLate() {
        var rows = take();
        if (!rows.isEmpty()) {
            var batch = new RowBatch(seq + 1, rows);
            late(batch);
            seq++;
            batch.done();
            room.release(rows.size());
        }
    }

    /// Writes what waits.
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(CLOSES_WITHIN.plusSeconds(5))) {
                LOG.error("the ledger could not be written before the end: {} rows", waiting.get());
            }
            ended = true;
            writeLate();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            writer.drop();
        }
    }
}
