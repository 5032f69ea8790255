package dev.remit.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.gateway.route.TargetHealth.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final World world = new World();
    private final TargetHealth target = world.health.of("p", "m");

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            world.fail("m", null);
        }
    }

    private Duration cooldown() {
        var left = target.closedIn();
        assertThat(left).isNotNull();
        return left;
    }

    @Test
    void failures_in_a_row_open_it_a_success_between_them_does_not() {
        fail(4);
        world.call("m", Duration.ofMillis(5));
        fail(4);
        assertThat(target.state()).isEqualTo(State.CLOSED);
        fail(1);
        assertThat(target.state()).isEqualTo(State.OPEN);
        assertThat(target.begin()).isEmpty();
        assertThat(target.inFlight()).isZero();
    }

    @Test
    void half_of_the_last_calls_failing_opens_it_too() {
        for (int i = 0; i < 9; i++) {
            fail(1);
            world.call("m", Duration.ofMillis(5));
        }
        assertThat(target.state()).isEqualTo(State.CLOSED);
        fail(1);
        world.call("m", Duration.ofMillis(5));
        fail(1);
        assertThat(target.state()).isEqualTo(State.OPEN);
    }

    @Test
    void one_probe_decides_and_success_closes_it() {
        fail(5);
        assertThat(cooldown()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1200));
        world.pass(cooldown());
        assertThat(target.isToBeHad()).isTrue();
        try (var probe = target.begin().orElseThrow()) {
            assertThat(target.state()).isEqualTo(State.HALF_OPEN);
            assertThat(target.isToBeHad()).isFalse();
            assertThat(target.begin()).isEmpty();
            probe.succeeded();
        }
        assertThat(target.state()).isEqualTo(State.CLOSED);
        fail(4);
        assertThat(target.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void a_probe_that_fails_doubles_the_cooldown_up_to_a_bound() {
        fail(5);
        var before = Duration.ZERO;
        for (int i = 0; i < 12; i++) {
            var now = cooldown();
            var least = Duration.ofSeconds(Math.min(120, 1L << i));
            assertThat(now).isBetween(least, least.multipliedBy(6).dividedBy(5));
            before = now;
            world.pass(now);
            fail(1);
            assertThat(target.state()).isEqualTo(State.OPEN);
        }
        assertThat(before).isLessThan(Duration.ofSeconds(145));
    }

    @Test
    void a_probe_that_is_given_up_leaves_room_for_another_one() {
        fail(5);
        world.pass(cooldown());
        target.begin().orElseThrow().close();
        assertThat(target.state()).isEqualTo(State.HALF_OPEN);
        assertThat(target.isToBeHad()).isTrue();
        try (var probe = target.begin().orElseThrow()) {
            probe.succeeded();
        }
        assertThat(target.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void what_the_vendor_asks_for_is_waited_for_up_to_a_bound() {
        world.fail("m", Duration.ofSeconds(40));
        assertThat(target.state()).isEqualTo(State.OPEN);
        assertThat(cooldown()).isEqualTo(Duration.ofSeconds(40));
        world.pass(Duration.ofSeconds(40));
        world.fail("m", Duration.ofDays(1));
        assertThat(cooldown()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void calls_that_began_before_it_opened_neither_close_it_nor_shorten_its_cooldown() {
        var early = target.begin().orElseThrow();
        var other = target.begin().orElseThrow();
        world.fail("m", Duration.ofSeconds(40));
        early.succeeded();
        early.close();
        assertThat(target.state()).isEqualTo(State.OPEN);
        other.failed(Duration.ofSeconds(60));
        other.close();
        assertThat(cooldown()).isEqualTo(Duration.ofSeconds(60));
        assertThat(target.inFlight()).isZero();
    }

    @Test
    void a_call_that_is_only_closed_says_nothing_about_the_target() {
        for (int i = 0; i < 100; i++) {
            target.begin().orElseThrow().close();
        }
        assertThat(target.state()).isEqualTo(State.CLOSED);
        assertThat(target.seen().calls()).isEqualTo(100);
        assertThat(target.seen().failures()).isZero();
        assertThat(target.firstToken()).isZero();
    }

    @Test
    void the_average_follows_what_is_seen() {
        for (int i = 0; i < 100; i++) {
            world.call("m", Duration.ofMillis(200));
        }
        assertThat(target.firstToken()).isBetween(Duration.ofMillis(195), Duration.ofMillis(205));
        for (int i = 0; i < 100; i++) {
            world.call("m", Duration.ofMillis(20));
        }
        assertThat(target.firstToken()).isBetween(Duration.ofMillis(15), Duration.ofMillis(25));
    }

    @Test
    void of_two_hundred_callers_at_once_one_is_the_probe() throws Exception {
        fail(5);
        world.pass(cooldown());
        var let = new AtomicInteger();
        var attempts = new ArrayList<java.util.concurrent.Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                attempts.add(
                        threads.submit(() -> {
                            if (target.begin().isPresent()) { // and never ends
                                let.incrementAndGet();
                            }
                        }));
            }
            for (var attempt : attempts) {
                attempt.get();
            }
        }
        assertThat(let).hasValue(1);
        world.pass(Duration.ofMinutes(10)); // a probe that says nothing is given up
        assertThat(target.begin()).isPresent();
    }

    @Test
    void all_targets_can_be_seen_and_no_more_than_there_is_room_for() {
        world.fail("m", Duration.ofSeconds(1_000));
        var busy = world.health.of("p", "busy").begin().orElseThrow();
        for (int i = 0; i < 5_000; i++) {
            world.pass(Duration.ofMillis(1));
            world.call("model-" + i, Duration.ofMillis(1));
        }
        var seen = world.health.all();
        assertThat(seen).hasSizeLessThanOrEqualTo(100);
        assertThat(seen).extracting(TargetHealth.Seen::model).contains("m", "busy", "model-4999");
        assertThat(
                        seen.stream()
                                .filter(s -> s.model().equals("m"))
                                .findFirst()
                                .orElseThrow()
                                .state())
                .isEqualTo(State.OPEN);
        busy.close();
    }
}
