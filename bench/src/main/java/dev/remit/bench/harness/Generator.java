package dev.remit.bench.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/// Makes load, and tells how it went.
public final class Generator {
    private Generator() {}

    /// What was seen.
    ///
    /// @param total of each good answer, in nanoseconds, sorted
    /// @param first until the first byte of the body, sorted
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Seen(double seconds, long[] total, long[] first, long failed) {
        public double perSecond() {
            return total.length / seconds;
        }

        public static double quantileMicros(long[] sorted, double share) {
            return sorted.length == 0
                    ? Double.NaN
                    : sorted[(int) Math.round(share * (sorted.length - 1))] / 1000.0;
        }
    }

    /// So many connections, each sending its next request when the last one was answered.
    public static Seen closed(int port, byte[] request, int connections, Duration time)
            throws InterruptedException, IOException {
        return run(
                connections,
                c -> {
                    long end = System.nanoTime() + time.toNanos();
                    return one(port, request, end, 0, 0);
                });
    }

    /// One connection that sends at fixed times, whatever the answers.
    public static Seen paced(int port, byte[] request, double perSecond, Duration time)
            throws InterruptedException, IOException {
        return streams(port, request, 1, Duration.ofNanos((long) (1e9 / perSecond)), time);
    }

    /// So many connections, each sending at fixed times; their beginnings are spread.
    public static Seen streams(
            int port, byte[] request, int connections, Duration every, Duration time)
            throws InterruptedException, IOException {
        return run(
                connections,
                c -> {
                    long end = System.nanoTime() + time.toNanos();
                    long offset = every.toNanos() * c / connections;
                    return one(port, request, end, every.toNanos(), offset);
                });
    }

    private static Counted one(int port, byte[] request, long end, long every, long offset)
            throws IOException {
        var counted = new Counted();
        LockSupport.parkNanos(offset);
        try (var wire = new Wire(port, request)) {
            long next = System.nanoTime();
            while (System.nanoTime() < end) {
                var answer = wire.call();
                if (answer.status() == 200) {
                    counted.add(answer.totalNanos(), answer.firstNanos());
                } else {
                    counted.failed++;
                }
                if (every > 0) {
                    next += every;
                    for (long left; (left = next - System.nanoTime()) > 0; ) {
                        LockSupport.parkNanos(left);
                    }
                }
            }
        }
        return counted;
    }

    /// What one connection does.
    private interface Work {
        Counted run(int connection) throws IOException;
    }

    private static Seen run(int connections, Work work) throws InterruptedException, IOException {
        long start = System.nanoTime();
        List<Future<Counted>> running = new ArrayList<>();
        var total = new Counted();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < connections; c++) {
                int connection = c;
                Callable<Counted> one = () -> work.run(connection);
                running.add(threads.submit(one));
            }
            for (var one : running) {
                total.add(one.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("a connection failed: " + e.getCause(), e.getCause());
        }
        return total.seen((System.nanoTime() - start) / 1e9);
    }

    private static final class Counted {
        private long[] total = new long[4096];
        private long[] first = new long[4096];
        private int count;
        private long failed;

        void add(long totalNanos, long firstNanos) {
            if (count == total.length) {
                total = Arrays.copyOf(total, 2 * count);
                first = Arrays.copyOf(first, 2 * count);
            }
            total[count] = totalNanos;
            first[count++] = firstNanos;
        }

        void add(Counted other) {
            for (int i = 0; i < other.count; i++) {
                add(other.total[i], other.first[i]);
            }
            failed += other.failed;
        }

        Seen seen(double seconds) {
            var totals = Arrays.copyOf(total, count);
            var firsts = Arrays.copyOf(first, count);
            Arrays.sort(totals);
            Arrays.sort(firsts);
            return new Seen(seconds, totals, firsts, failed);
        }
    }
}
