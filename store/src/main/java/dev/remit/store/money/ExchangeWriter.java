package dev.remit.store.money;

import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.money.Attempt.Exchanged;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseException;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cleans, takes apart and writes what was said, on a thread of its own: behind the rows, which do
/// not wait for it. A bounded number of bytes waits here; then callers wait.
final class ExchangeWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeWriter.class);
    private static final int LARGEST_BATCH = 1000;
    private static final long LARGEST_BATCH_BYTES = 4 << 20;
    private static final int KILOBYTE = 1024;

    /// How long what is said waits for more, so that they share a statement.
    private static final long LINGER = Duration.ofMillis(25).toNanos();

    private static final int TRIES = 30;

    private final Database database;
    private final BlockingQueue<Said> queue = new LinkedBlockingQueue<>();
    private final Semaphore room;
    private final int kilobytes;
    private final Thread thread;
    private volatile boolean closing;

    private record Said(UUID id, Exchanged exchanged, int weight) {}

    /// A request and an answer, as hashes of what is in the parts.
    private record Written(UUID id, Hash request, @Nullable Hash answer) {}

    /// @param bytes that may wait
    ExchangeWriter(Database database, long bytes) {
        this.database = database;
        this.kilobytes = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes / KILOBYTE));
        this.room = new Semaphore(kilobytes);
        this.thread = Thread.ofPlatform().daemon().name("remit-exchanges").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void add(UUID id, Exchanged exchanged) {
        if (closing) {
            LOG.warn("what was said in {} came after the end and is not kept", id);
            return;
        }
        int weight = Math.min(kilobytes, exchanged.bytes() / KILOBYTE + 1);
        room.acquireUninterruptibly(weight);
        queue.add(new Said(id, exchanged, weight));
    }

    private void run() {
        while (true) {
            try {
                var first = queue.poll(50, TimeUnit.MILLISECONDS);
                if (first != null) {
                    if (queue.size() < LARGEST_BATCH && !closing) {
                        LockSupport.parkNanos(LINGER);
                    }
                    write(first);
                } else if (closing) {
                    return;
                }
            } catch (InterruptedException e) {
                LOG.debug("woken", e);
            }
        }
    }

    private void write(Said first) {
        var batch = new ArrayList<Said>();
        long bytes = 0;
        for (var said = first; said != null; said = queue.poll()) {
            batch.add(said);
            bytes += said.exchanged().bytes();
            if (batch.size() == LARGEST_BATCH || bytes > LARGEST_BATCH_BYTES) {
                break;
            }
        }
        // in order, so that two who write the same contents wait and do not deadlock
        var parts = new TreeMap<Hash, byte[]>(Comparator.comparing(Hash::hex));
        var written = new ArrayList<Written>();
        for (var said : batch) {
            try {
                written.add(resolve(said, parts));
            } catch (RuntimeException e) {
                LOG.error("what was said in {} cannot be written down", said.id(), e);
            }
        }
        store(written, parts);
        room.release(batch.stream().mapToInt(Said::weight).sum());
    }

    private static Written resolve(Said said, SortedMap<Hash, byte[]> parts) {
        var answer = said.exchanged().answer();
        return new Written(
                said.id(),
                put(said.exchanged().request().get(), parts),
                answer == null ? null : put(answer.get(), parts));
    }

    private static Hash put(Content content, SortedMap<Hash, byte[]> parts) {
        return Parts.put(Parts.split(content.value(), parts), parts);
    }

    /// Tries for a while.
    private void store(List<Written> written, SortedMap<Hash, byte[]> parts) {
        if (written.isEmpty()) {
            return;
        }
        for (int i = 1; ; i++) {
            try {
                database.<Boolean>with(connection -> insert(connection, written, parts));
                return;
            } catch (DatabaseException e) {
                if (e.kind() == DatabaseException.Kind.REFUSED
                        || i == TRIES
                        || (closing && i > 3)) {
                    LOG.error("what was said in {} attempts is lost", written.size(), e);
                    return;
                }
                LockSupport.parkNanos(Duration.ofMillis(100L * Math.min(i, 10)).toNanos());
            }
        }
    }

    private static boolean insert(
            Connection connection, List<Written> written, SortedMap<Hash, byte[]> parts)
            throws SQLException {
        try (var insert =
                connection.prepareStatement(
                        """
                        WITH today AS MATERIALIZED (
                            SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS day),
                        stored AS (
                            INSERT INTO exchange_blob (day, hash, body)
                            SELECT day, b.hash, b.body
                            FROM today, unnest(?::bytea[], ?::bytea[]) b(hash, body)
                            ON CONFLICT DO NOTHING)
                        INSERT INTO exchange (attempt, day, request, answer)
                        SELECT e.attempt, day, e.request, nullif(e.answer, ''::bytea)
                        FROM today,
                             unnest(?::uuid[], ?::bytea[], ?::bytea[]) e(attempt, request, answer)
                        ON CONFLICT DO NOTHING
                        """)) {
            new Parameters(insert)
                    .hashes(parts.keySet())
                    .bytes(parts.values())
                    .uuids(written.stream().map(Written::id).toList())
                    .hashes(written.stream().map(Written::request).toList())
                    .bytes(written.stream().map(ExchangeWriter::bytes).toList());
            insert.executeUpdate();
            return true;
        }
    }

    private static byte[] bytes(Written written) {
        var answer = written.answer();
        return answer == null ? new byte[0] : answer.bytes();
    }

    @Override
    public void close() {
        closing = true;
        try {
            if (!thread.join(Duration.ofSeconds(15))) {
                LOG.error("what was said could not all be written before the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
