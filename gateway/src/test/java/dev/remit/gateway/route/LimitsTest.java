package dev.remit.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.identity.Key;
import dev.remit.gateway.route.Entry.Cause;
import dev.remit.gateway.route.Entry.Full;
import dev.remit.gateway.route.Limited.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Whose ME = new Whose("growth", "k");

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Limits limits = new Limits(50, 10_000, nanos::get);

    private static Limited key(String name, long requests, long tokens, int atOnce) {
        return new Limited(Kind.KEY, name, new Key.Limits(requests, tokens, atOnce));
    }

    private static Limited provider(int atOnce) {
        return new Limited(Kind.PROVIDER, "p", new Key.Limits(0, 0, atOnce));
    }

    private Entry enter(Limited thing, long tokens) {
        return limits.enter(List.of(thing), ME, tokens);
    }

    private Pass pass(Limited thing, long tokens) {
        return (Pass) enter(thing, tokens);
    }

    private Full full(Limited thing, long tokens) {
        return (Full) enter(thing, tokens);
    }

    private Limits.Seen seen(Limited thing) {
        return limits.all().stream().filter(s -> s.of().equals(thing)).findFirst().orElseThrow();
    }

    @Test
    void so_many_requests_a_minute_and_then_as_they_flow_in() {
        for (long limit : List.of(1L, 7L, 60L, 997L)) {
            var key = key("k" + limit, limit, 0, 0);
            for (long i = 0; i < limit; i++) {
                pass(key, 10).close();
            }
            var full = full(key, 10);
            assertThat(full.cause()).isEqualTo(Cause.REQUESTS);
            assertThat(full.requests().limit()).isEqualTo(limit);
            assertThat(full.requests().remaining()).isZero();
            var wait = full.retryAfter();
            assertThat(wait).isNotNull();
            assertThat(wait.toNanos()).isLessThanOrEqualTo(60_000_000_000L / limit + 1);
            nanos.addAndGet(wait.toNanos() - 2);
            assertThat(full(key, 10).cause()).isEqualTo(Cause.REQUESTS);
            nanos.addAndGet(2);
            pass(key, 10).close();
            assertThat(full(key, 10).cause()).isEqualTo(Cause.REQUESTS);
        }
    }

    @Test
    void tokens_are_reserved_by_estimate_and_put_right_by_the_truth() {
        var key = key("k", 0, 1_000, 0);
        try (var pass = pass(key, 600)) {
            assertThat(pass.tokens()).isEqualTo(new Headroom(1_000, 400, Duration.ofSeconds(36)));
            assertThat(full(key, 500).cause()).isEqualTo(Cause.TOKENS);
            pass.settle(100);
            pass.settle(0); // once is enough
            assertThat(pass.tokens().remaining()).isEqualTo(900);
        }
        try (var pass = pass(key, 900)) {
            pass.settle(1_900); // the estimate was too low: in debt
        }
        assertThat(full(key, 1).tokens().remaining()).isZero();
        assertThat(full(key, 100).retryAfter()).isEqualTo(Duration.ofSeconds(66));
        nanos.addAndGet(Duration.ofSeconds(66).toNanos());
        pass(key, 100).close();
    }

    @Test
    void without_the_truth_the_estimate_stays() {
        var key = key("k", 0, 1_000, 0);
        pass(key, 600).close();
        assertThat(seen(key).tokens().remaining()).isEqualTo(400);
    }

    @Test
    void a_call_larger_than_the_limit_of_a_minute_never_fits_and_is_told_so() {
        var full = full(key("k", 0, 1_000, 0), 1_001);
        assertThat(full.cause()).isEqualTo(Cause.TOO_LARGE);
        assertThat(full.retryAfter()).isNull();
    }

    @Test
    void a_refused_call_takes_nothing_from_anything() {
        var key = key("k", 10, 1_000, 5);
        var target = new Limited(Kind.TARGET, "t", new Key.Limits(10, 0, 0));
        var busy = pass(provider(1), 0);
        var full = (Full) limits.enter(List.of(key, target, provider(1)), ME, 100);
        assertThat(full.cause()).isEqualTo(Cause.AT_ONCE);
        assertThat(full.at()).isEqualTo(provider(1));
        assertThat(seen(key).requests().remaining()).isEqualTo(10);
        assertThat(seen(key).tokens().remaining()).isEqualTo(1_000);
        assertThat(seen(key).inside()).isZero();
        assertThat(seen(target).requests().remaining()).isEqualTo(10);
        busy.close();
        ((Pass) limits.enter(List.of(key, target, provider(1)), ME, 100)).close();
        assertThat(seen(key).tokens().remaining()).isEqualTo(900);
    }

    @Test
    void what_has_no_limits_is_not_even_remembered() {
        pass(key("k", 0, 0, 0), 1_000_000).close();
        assertThat(limits.all()).isEmpty();
    }

    @Test
    void changed_limits_hold_at_once() {
        pass(key("k", 1, 0, 0), 1).close();
        assertThat(enter(key("k", 1, 0, 0), 1)).isInstanceOf(Full.class);
        pass(key("k", 2, 0, 0), 1).close();
    }

    @Test
    void two_hundred_threads_never_get_more_than_the_limits() throws Exception {
        var key = key("k", 500, 20_000, 16);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var calls = new AtomicLong();
        var tokens = new AtomicLong();
        var passed = new AtomicLong(); // nanoseconds of the settable clock
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 200; t++) {
            var random = new Random(t);
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int i = 0; i < 50; i++) {
                                    long amount = 1 + random.nextInt(200);
                                    try {
                                        var entry = limits.enter(List.of(key), ME, amount, LONG);
                                        if (entry instanceof Pass pass) {
                                            most.accumulateAndGet(
                                                    inside.incrementAndGet(), Math::max);
                                            calls.incrementAndGet();
                                            long truth = random.nextInt((int) amount + 1);
                                            tokens.addAndGet(truth);
                                            Thread.yield();
                                            pass.settle(truth);
                                            inside.decrementAndGet();
                                            pass.close();
                                        }
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                    passed.addAndGet(3_000_000);
                                    nanos.addAndGet(3_000_000);
                                }
                            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        double minutes = passed.get() / 60e9;
        assertThat(most.get()).isBetween(1, 16);
        assertThat((double) calls.get()).isLessThanOrEqualTo(500 * (1 + minutes) + 1e-3);
        assertThat((double) tokens.get()).isLessThanOrEqualTo(20_000 * (1 + minutes) + 1e-3);
        assertThat(calls.get()).isGreaterThan(100);
        assertThat(seen(key).inside()).isZero();
        assertThat(seen(key).waiting()).isZero();
    }

    @Test
    void turns_go_round_between_teams_and_keys_and_nobody_starves() throws Exception {
        var provider = provider(1);
        var busy = pass(provider, 0);
        var order = new ConcurrentLinkedQueue<String>();
        var threads = new ArrayList<Thread>();
        // One team floods the queue before the others come.
        for (var who : List.of(new Whose("loud", "a"), new Whose("loud", "b"))) {
            for (int i = 0; i < 50; i++) {
                threads.add(waiting(provider, who, order));
            }
        }
        for (int i = 0; i < 3; i++) {
            threads.add(waiting(provider, new Whose("quiet", "c"), order));
            threads.add(waiting(provider, new Whose("", "d"), order));
        }
        busy.close();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(order).hasSize(106);
        var served = List.copyOf(order);
        var first = served.subList(0, 9);
        assertThat(first.stream().filter(w -> w.startsWith("quiet"))).hasSize(3);
        assertThat(first.stream().filter(w -> w.startsWith("/"))).hasSize(3);
        var loud = served.stream().filter(w -> w.startsWith("loud")).toList();
        for (int i = 0; i < 100; i++) {
            assertThat(loud.get(i)).startsWith(i % 2 == 0 ? "loud/a" : "loud/b");
        }
        for (var key : List.of("loud/a", "loud/b", "quiet/c", "/d")) {
            var own = served.stream().filter(w -> w.startsWith(key + " ")).toList();
            assertThat(own)
                    .isSortedAccordingTo(java.util.Comparator.comparingInt(LimitsTest::number));
        }
    }

    private static int number(String waiter) {
        return Integer.parseInt(waiter.substring(waiter.indexOf(' ') + 1));
    }

    /// Starts somebody who waits, and returns when they stand in the queue.
    private Thread waiting(Limited thing, Whose who, ConcurrentLinkedQueue<String> order) {
        int before = seen(thing).waiting();
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try (var pass = (Pass) limits.enter(List.of(thing), who, 0, LONG)) {
                                order.add(who.team() + "/" + who.key() + " " + before);
                                pass.settle(0);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        while (seen(thing).waiting() == before) {
            Thread.onSpinWait();
        }
        return thread;
    }

    @Test
    void whoever_waits_too_long_goes_away_and_leaves_nothing_behind() throws Exception {
        var provider = provider(1);
        var busy = pass(provider, 0);
        var full = (Full) limits.enter(List.of(provider), ME, 0, Duration.ofMillis(1));
        assertThat(full.cause()).isEqualTo(Cause.AT_ONCE);
        assertThat(seen(provider).waiting()).isZero();
        busy.close();
        assertThat(seen(provider).inside()).isZero();
        pass(provider, 0).close();
    }

    @Test
    void a_waiting_call_is_cancelled_by_an_interrupt() throws Exception {
        var key = key("k", 10, 0, 0);
        var provider = provider(1);
        var busy = pass(provider, 0);
        var interrupted = new CountDownLatch(1);
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                limits.enter(List.of(key, provider), ME, 0, LONG);
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        });
        while (seen(provider).waiting() == 0) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        thread.join();
        assertThat(interrupted.getCount()).isZero();
        assertThat(seen(provider).waiting()).isZero();
        assertThat(seen(key).inside()).isZero();
        assertThat(seen(key).requests().remaining()).isEqualTo(10);
        busy.close();
        pass(provider, 0).close();
    }

    @Test
    void no_place_is_lost_however_waiting_ends() throws Exception {
        var provider = provider(4);
        var random = new Random(3);
        var entered = new AtomicInteger();
        var most = new AtomicInteger();
        var inside = new AtomicInteger();
        for (int round = 0; round < 20; round++) {
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 60; i++) {
                var patience = Duration.ofNanos(random.nextInt(2_000_000));
                var who = new Whose("t" + random.nextInt(3), "k" + random.nextInt(3));
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        if (limits.enter(List.of(provider), who, 0, patience)
                                                instanceof Pass pass) {
                                            most.accumulateAndGet(
                                                    inside.incrementAndGet(), Math::max);
                                            entered.incrementAndGet();
                                            Thread.yield();
                                            inside.decrementAndGet();
                                            pass.close();
                                        }
                                    } catch (InterruptedException e) {
                                        // as it was told
                                    }
                                }));
            }
            for (var thread : threads) {
                if (random.nextInt(4) == 0) {
                    thread.interrupt();
                }
            }
            for (var thread : threads) {
                thread.join();
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(4);
        assertThat(entered.get()).isPositive();
        assertThat(seen(provider).inside()).isZero();
        assertThat(seen(provider).waiting()).isZero();
        var all = new ArrayList<Pass>();
        for (int i = 0; i < 4; i++) {
            all.add(pass(provider, 0));
        }
        assertThat(full(provider, 0).cause()).isEqualTo(Cause.AT_ONCE);
        all.forEach(Pass::close);
    }

    @Test
    void closing_twice_gives_back_one_place() {
        var provider = provider(1);
        var pass = pass(provider, 0);
        pass.close();
        pass.close();
        assertThat(seen(provider).inside()).isZero();
        var next = pass(provider, 0);
        assertThat(enter(provider, 0)).isInstanceOf(Full.class);
        next.close();
    }

    @Test
    void a_full_queue_makes_room_for_who_waits_less() {
        var queue = new FairQueue<String>(4);
        var loud = new Whose("loud", "a");
        for (var i : List.of("1", "2", "3", "4")) {
            assertThat(queue.add(loud, "loud" + i)).isNull();
        }
        assertThat(queue.add(loud, "loud5")).isEqualTo("loud5");
        assertThat(queue.add(new Whose("loud", "b"), "other")).isEqualTo("loud4");
        var quiet = new Whose("quiet", "c");
        assertThat(queue.add(quiet, "quiet1")).isEqualTo("loud3");
        assertThat(queue.add(quiet, "quiet2")).isEqualTo("loud2");
        assertThat(queue.add(quiet, "quiet3")).isEqualTo("quiet3"); // both have their half
        assertThat(queue.size()).isEqualTo(4);
        assertThat(queue.poll()).isEqualTo("loud1");
        assertThat(queue.poll()).isEqualTo("quiet1");
        assertThat(queue.remove(loud, "loud9")).isFalse();
        assertThat(queue.remove(quiet, "quiet2")).isTrue();
        assertThat(queue.poll()).isEqualTo("other");
        assertThat(queue.poll()).isNull();
        assertThat(queue.size()).isZero();
    }

    @Test
    void whatever_is_put_in_comes_out_once_in_turn() {
        var random = new Random(11);
        for (int round = 0; round < 200; round++) {
            var queue = new FairQueue<Integer>(30);
            var expected = new HashMap<Whose, List<Integer>>();
            int size = 0;
            for (int i = 0; i < 200; i++) {
                var who = new Whose("t" + random.nextInt(4), "k" + random.nextInt(3));
                switch (random.nextInt(3)) {
                    case 0, 1 -> {
                        expected.computeIfAbsent(who, w -> new ArrayList<>()).add(i);
                        var left = queue.add(who, i);
                        size++;
                        if (left != null) {
                            size--;
                            expected.values().forEach(list -> list.remove(left));
                        }
                    }
                    default -> {
                        var next = queue.poll();
                        if (next != null) {
                            size--;
                            // the first of its key
                            assertThat(expected.values().stream().filter(l -> l.indexOf(next) == 0))
                                    .hasSize(1);
                            expected.values().forEach(list -> list.remove(next));
                        }
                    }
                }
                assertThat(queue.size()).isEqualTo(size).isLessThanOrEqualTo(30);
            }
        }
    }

    @Test
    void idle_things_are_forgotten_and_limits_hold_for_the_others() {
        var spent = key("spent", 1, 0, 0);
        pass(spent, 0).close();
        for (int i = 0; i < 1_000; i++) {
            pass(key("k" + i, 0, 0, 1), 0).close();
        }
        assertThat(limits.all()).hasSizeLessThanOrEqualTo(52);
        assertThat(enter(spent, 0)).isInstanceOf(Full.class);
    }

    @Test
    void a_thread_that_was_interrupted_before_is_not_let_in() {
        Thread.currentThread().interrupt();
        assertThat(full(provider(1), 0).cause()).isEqualTo(Cause.CANCELLED);
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> limits.enter(List.of(provider(1)), ME, 0, LONG))
                .isInstanceOf(InterruptedException.class);
    }
}
