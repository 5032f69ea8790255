package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What many threads want written, by two writers.
@Timeout(60)
class TogetherTest {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final CopyOnWriteArrayList<Thread> threads = new CopyOnWriteArrayList<>();
    private final ThreadFactory remembering =
            work -> {
                var thread = Thread.ofPlatform().unstarted(work);
                threads.add(thread);
                return thread;
            };
    private final ExecutorService pool = Executors.newThreadPerTaskExecutor(remembering);
    private Database database;
    private Node node;

    @BeforeEach
    void open() {
        database = TestDatabases.fresh();
        node = new Node("writer", LEASE);
        node.join(database, true);
    }

    @AfterEach
    void close() {
        pool.close();
        node.leave(database);
        database.close();
    }

    /// Answers what it is asked, plus one.
    private class Sums extends Together<Integer, Integer> {
        final CopyOnWriteArrayList<Integer> batches = new CopyOnWriteArrayList<>();
        final AtomicInteger written = new AtomicInteger();

        Sums() {
            super(database, node, 2);
        }

        /// What a batch does while it is written.
        void dwell() {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
        }

        @Override
        Object key(Integer wanted) {
            return wanted;
        }

        @Override
        long size(Integer wanted) {
            return 1;
        }

        @Override
        List<Integer> writeAll(Writer writer, List<Integer> batch) throws SQLException {
            batches.add(batch.size());
            dwell();
            written.addAndGet(batch.size());
            return batch.stream().map(n -> n + 1).toList();
        }

        @Override
        Integer writeOne(Writer writer, Integer wanted) {
            batches.add(1);
            dwell();
            written.incrementAndGet();
            return wanted + 1;
        }

        @Override
        Integer lost(String why) {
            throw new IllegalStateException(why);
        }

        @Override
        Integer unreachable(SQLException why) {
            throw new IllegalStateException(why);
        }
    }

    /// Batches that end one by one, when the test says so.
    private final class Held extends Sums {
        private final List<Semaphore> ends =
                List.of(new Semaphore(0), new Semaphore(0), new Semaphore(0), new Semaphore(9));
        private final AtomicInteger next = new AtomicInteger();

        @Override
        void dwell() {
            ends.get(Math.min(next.getAndIncrement(), ends.size() - 1)).acquireUninterruptibly();
        }
    }

    @Test
    void everybody_is_answered_once_and_no_writer_is_lost_however_many_ask() throws Exception {
        try (var sums = new Sums()) {
            int asking = 100;
            int times = 400;
            var all = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < asking; i++) {
                int first = i * times;
                all.add(() -> {
                    for (int n = first; n < first + times; n++) {
                        assertThat(sums.ask(n)).isEqualTo(n + 1);
                    }
                    return true;
                });
            }
            for (var one : pool.invokeAll(all)) {
                assertThat(one.get()).isTrue();
            }
            assertThat(sums.written).hasValue(asking * times);
            assertThat(sums.idle()).isEqualTo(2);
        }
    }

    @Test
    void while_many_are_written_a_few_wait_for_more_to_come() throws Exception {
        try (var sums = new Held()) {
            ask(sums, 1, 1); // the first writer
            await(() -> sums.batches.size() == 1);
            ask(sums, 2, 1); // as many as are under way: the second writer
            await(() -> sums.batches.size() == 2);
            ask(sums, 10, 7); // whom nobody can write
            sums.ends.get(0).release();
            await(() -> sums.batches.size() == 3);
            sums.ends.get(1).release();
            await(() -> sums.idle() == 1);
            ask(sums, 20, 6);
            assertThat(sums.batches).as("six wait").containsExactly(1, 1, 7);
            ask(sums, 30, 1);
            await(() -> sums.batches.size() == 4);
            assertThat(sums.batches).containsExactly(1, 1, 7, 7);
            sums.ends.get(2).release();
            await(() -> sums.idle() == 2);
            assertThat(sums.written).hasValue(16);
        }
    }

    @Test
    void those_who_wait_for_more_are_written_when_the_others_are() throws Exception {
        try (var sums = new Held()) {
            ask(sums, 1, 1);
            await(() -> sums.batches.size() == 1);
            ask(sums, 2, 1);
            await(() -> sums.batches.size() == 2);
            ask(sums, 10, 7);
            sums.ends.get(0).release();
            await(() -> sums.batches.size() == 3);
            sums.ends.get(1).release();
            await(() -> sums.idle() == 1);
            ask(sums, 20, 1);
            sums.ends.get(2).release();
            await(() -> sums.written.get() == 10);
            assertThat(sums.batches).containsExactly(1, 1, 7, 1);
        }
    }

    /// Until they lead or wait.
    private void ask(Sums sums, int from, int count) throws InterruptedException {
        for (int n = from; n < from + count; n++) {
            int wanted = n;
            pool.submit(() -> sums.ask(wanted));
        }
        await(() ->
                threads.stream()
                        .allMatch(thread ->
                                thread.getState() == Thread.State.WAITING
                                        || thread.getState() == Thread.State.TERMINATED));
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
