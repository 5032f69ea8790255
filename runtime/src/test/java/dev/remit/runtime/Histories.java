package dev.remit.runtime;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Many histories of the simulated world, one after the other on each processor, until so many
/// steps were taken or one of them has failed. A failing one is made as small as it goes.
final class Histories {
    private static final int MOST_SESSIONS = 8;
    private static final int FEWEST_STEPS = 100;
    private static final int MOST_STEPS = 3_000;
    private static final long SAYS_EVERY_NANOS = 5_000_000_000L;

    private final long first;
    private final long wanted;
    private final PrintStream out;
    private final AtomicLong seeds = new AtomicLong();
    private final AtomicLong steps = new AtomicLong();
    private final long began = System.nanoTime();
    private final AtomicLong said = new AtomicLong(System.nanoTime());
    private volatile @Nullable Failed failed;

    /// One history: everything in it follows from these.
    record History(long seed, int sessions, int steps) {
        /// Of a seed: small and large ones in turn.
        static History of(long seed) {
            var random = new Random(seed * 31);
            return new History(
                    seed,
                    1 + random.nextInt(MOST_SESSIONS),
                    FEWEST_STEPS + random.nextInt(MOST_STEPS));
        }

        /// @return how many steps it took
        long play() {
            var world = new World(seed);
            world.live(sessions, steps);
            return world.steps();
        }

        @Nullable Throwable failure() {
            try {
                play();
                return null;
            } catch (AssertionError | RuntimeException e) {
                return e;
            }
        }

        @Override
        public String toString() {
            return "seed " + seed + " with " + sessions + " sessions and " + steps + " steps";
        }
    }

    /// @param history the smallest one found
    record Failed(History history, Throwable why) {}

    /// @param out is told how far it is
    Histories(long first, long wanted, PrintStream out) {
        this.first = first;
        this.wanted = wanted;
        this.out = out;
    }

    /// @return what failed, as small as it goes; absent if nothing did
    @Nullable Failed play() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofPlatform().name("world-" + i).start(this::work));
        }
        for (var thread : threads) {
            thread.join();
        }
        say();
        var found = failed;
        return found == null ? null : smaller(found);
    }

    private void work() {
        while (failed == null && steps.get() < wanted) {
            var history = History.of(first + seeds.getAndIncrement());
            try {
                steps.addAndGet(history.play());
            } catch (AssertionError | RuntimeException e) {
                failed = new Failed(history, e);
            }
            long last = said.get();
            if (System.nanoTime() - last > SAYS_EVERY_NANOS
                    && said.compareAndSet(last, System.nanoTime())) {
                say();
            }
        }
    }

    private void say() {
        double seconds = (System.nanoTime() - began) / 1e9;
        out.printf(
                "world: %,d steps in %,d histories, %,.0f a second, at seed %d%n",
                steps.get(), seeds.get(), steps.get() / seconds, first + seeds.get() - 1);
        out.flush();
    }

    /// Fewer sessions, then fewer steps, as long as it still fails.
    private Failed smaller(Failed found) {
        out.println("world: " + found.history() + " fails; making it smaller");
        var best = found;
        for (int sessions = 1; sessions < found.history().sessions(); sessions++) {
            var less = new History(best.history().seed(), sessions, best.history().steps());
            var why = less.failure();
            if (why != null) {
                best = new Failed(less, why);
                break;
            }
        }
        for (int cut = best.history().steps() / 2; cut > 0; cut /= 2) {
            var less =
                    new History(
                            best.history().seed(),
                            best.history().sessions(),
                            best.history().steps() - cut);
            var why = less.steps() > 0 ? less.failure() : null;
            if (why != null) {
                best = new Failed(less, why);
            }
        }
        return best;
    }
}
