package dev.remit.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/// Makes lanes step for some time and measures it.
final class Load {
    private Load() {}

    /// @param nanos how long each step took, the shortest first
    record Measured(double stepsPerSecond, List<Long> nanos) {
        /// How long the steps took, in microseconds.
        ///
        /// @param share of them that was no slower
        double micros(double share) {
            return nanos.get((int) Math.round(share * (nanos.size() - 1))) / 1000.0;
        }
    }

    /// All lanes at once, each in a thread of its own.
    static Measured run(List<? extends Lane> lanes, double seconds) throws Exception {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(threads(lanes))) {
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            var running = new ArrayList<Future<List<Long>>>();
            for (var lane : lanes) {
                running.add(threads.submit(stepping(lane, end)));
            }
            var all = new ArrayList<Long>();
            for (var lane : running) {
                all.addAll(lane.get());
            }
            double took = (System.nanoTime() - start) / 1e9;
            all.sort(null);
            return new Measured(all.size() / took, all);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a step failed", e.getCause());
        }
    }

    /// Virtual threads for Remit, as its server has them; platform threads for plain JDBC, whose
    /// usual loop has those.
    private static ThreadFactory threads(List<? extends Lane> lanes) {
        return lanes.getFirst() instanceof LogLane
                ? Thread.ofVirtual().factory()
                : Thread.ofPlatform().factory();
    }

    private static Callable<List<Long>> stepping(Lane lane, long end) {
        return () -> {
            var times = new ArrayList<Long>();
            for (long before = System.nanoTime(); before < end; ) {
                lane.step();
                long after = System.nanoTime();
                times.add(after - before);
                before = after;
            }
            return times;
        };
    }
}
