package dev.remit.gateway.route;

import static dev.remit.gateway.route.World.asked;
import static dev.remit.gateway.route.World.route;
import static dev.remit.gateway.route.World.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.remit.core.settings.Settings.Route.Strategy;
import dev.remit.core.settings.SettingsReader;
import dev.remit.gateway.route.Plan.Skipped;
import dev.remit.gateway.route.Plan.Why;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final World world = new World();

    @Test
    void targets_are_tried_as_they_are_listed_and_lower_priorities_first() {
        var route =
                route(
                        Strategy.ORDERED,
                        false,
                        target("late", 2, 1, null),
                        target("a"),
                        target("b"),
                        target("last", 3, 1, null));
        assertThat(world.plan(route, asked())).containsExactly("a", "b", "late", "last");
    }

    @Test
    void a_target_whose_condition_does_not_hold_is_left_out() {
        var settings =
                Objects.requireNonNull(
                        SettingsReader.read(
                                        """
                                        remit: server/v1
                                        routes:
                                          r:
                                            targets:
                                              - { model: openai/small, when: "request.tools == 0 && request.tokens < 2000" }
                                              - { model: openai/legal, when: "request.team == 'legal'" }
                                              - openai/large
                                        """,
                                        path -> null)
                                .settings());
        var route = Objects.requireNonNull(settings.routes().get("r"));
        assertThat(world.plan(route, asked(1000, 0, 0))).containsExactly("small", "large");
        assertThat(world.plan(route, asked(3000, 0, 0))).containsExactly("large");
        assertThat(world.plan(route, asked(1000, 1, 0))).containsExactly("large");
        assertThat(world.router.plan(route, asked(1000, 1, 0)).skipped())
                .extracting(Skipped::why)
                .containsExactly(Why.CONDITION, Why.CONDITION);
    }

    @Test
    void a_hundred_thousand_draws_fall_as_the_weights_say() {
        var route =
                route(
                        Strategy.WEIGHTED,
                        false,
                        target("a", 1, 1, null),
                        target("b", 1, 3, null),
                        target("c", 1, 6, null));
        int draws = 100_000;
        var firsts = new HashMap<String, Integer>();
        int secondAfterC = 0;
        int bAfterC = 0;
        for (int i = 0; i < draws; i++) {
            var plan = world.plan(route, asked());
            if (Set.copyOf(plan).size() != 3) {
                throw new AssertionError("not each target once: " + plan);
            }
            firsts.merge(plan.getFirst(), 1, Integer::sum);
            if (plan.getFirst().equals("c")) {
                secondAfterC++;
                bAfterC += plan.get(1).equals("b") ? 1 : 0;
            }
        }
        assertThat(share(firsts, "a", draws)).isCloseTo(0.1, within(0.005));
        assertThat(share(firsts, "b", draws)).isCloseTo(0.3, within(0.005));
        assertThat(share(firsts, "c", draws)).isCloseTo(0.6, within(0.005));
        // The fallback is drawn by the weights of those that are left.
        assertThat((double) bAfterC / secondAfterC).isCloseTo(0.75, within(0.01));
    }

    private static double share(Map<String, Integer> counts, String name, int all) {
        return (double) counts.getOrDefault(name, 0) / all;
    }

    @Test
    void the_target_with_the_fewest_calls_under_way_comes_first_and_equals_share() {
        var route = route(Strategy.LEAST_IN_FLIGHT, false, target("a"), target("b"), target("c"));
        var one = world.health.of("p", "a").begin().orElseThrow();
        var two = world.health.of("p", "a").begin().orElseThrow();
        var three = world.health.of("p", "b").begin().orElseThrow();
        assertThat(world.plan(route, asked())).containsExactly("c", "b", "a");
        three.close();
        var firsts = new HashSet<String>();
        for (int i = 0; i < 50; i++) {
            firsts.add(world.first(route));
        }
        assertThat(firsts).containsExactlyInAnyOrder("b", "c");
        one.close();
        two.close();
        assertThat(world.health.of("p", "a").inFlight()).isZero();
    }

    @Test
    void the_power_of_two_choices_sheds_a_slow_target() {
        var route = route(Strategy.FASTEST, false, target("a"), target("b"), target("slow"));
        var firsts = new HashMap<String, Integer>();
        for (int i = 0; i < 3_000; i++) {
            var first = world.first(route);
            firsts.merge(first, 1, Integer::sum);
            world.call(first, Duration.ofMillis(first.equals("slow") ? 500 : 50));
        }
        assertThat(share(firsts, "slow", 3_000)).isLessThan(0.03);
        assertThat(share(firsts, "a", 3_000)).isBetween(0.3, 0.7);
        assertThat(share(firsts, "b", 3_000)).isBetween(0.3, 0.7);
        assertThat(world.plan(route, asked()).getLast()).isEqualTo("slow");
    }

    @Test
    void a_slow_target_that_recovers_is_found_again() {
        var route = route(Strategy.FASTEST, false, target("a"), target("b"));
        for (int i = 0; i < 20; i++) {
            world.call("a", Duration.ofMillis(50));
            world.call("b", Duration.ofSeconds(2));
        }
        assertThat(world.first(route)).isEqualTo("a");
        boolean tried = false;
        for (int i = 0; i < 100_000 && !tried; i++) {
            var first = world.first(route);
            tried = first.equals("b");
            world.call(first, Duration.ofMillis(50));
        }
        assertThat(tried).isTrue();
    }

    @Test
    void a_target_that_stopped_answering_is_shed_before_its_average_tells() {
        var route = route(Strategy.FASTEST, false, target("a"), target("b"));
        world.call("a", Duration.ofMillis(40));
        world.call("b", Duration.ofMillis(50));
        var hanging = world.health.of("p", "a").begin().orElseThrow();
        assertThat(world.first(route)).isEqualTo("b");
        hanging.close();
        assertThat(world.first(route)).isEqualTo("a");
    }

    @Test
    void the_cheapest_that_fits_comes_first() {
        world.prices.putAll(Map.of("dear", 30L, "cheap", 1L, "middle", 10L));
        world.windows.put("cheap", 4_000L);
        var route =
                route(
                        Strategy.CHEAPEST,
                        false,
                        target("dear"),
                        target("unpriced"),
                        target("cheap"),
                        target("middle"));
        assertThat(world.plan(route, asked(1_000, 0, 0)))
                .containsExactly("cheap", "middle", "dear", "unpriced");
        assertThat(world.plan(route, asked(3_950, 0, 0)))
                .containsExactly("middle", "dear", "unpriced", "cheap");
    }

    @Test
    void what_does_not_fit_goes_to_larger_windows_even_of_another_priority() {
        world.windows.putAll(Map.of("small", 8_000L, "medium", 32_000L, "large", 200_000L));
        var route =
                route(
                        Strategy.ORDERED,
                        false,
                        target("small"),
                        target("medium"),
                        target("large", 2, 1, null));
        assertThat(world.plan(route, asked(1_000, 0, 0)))
                .containsExactly("small", "medium", "large");
        assertThat(world.plan(route, asked(10_000, 0, 0)))
                .containsExactly("medium", "large", "small");
        assertThat(world.plan(route, asked(500_000, 0, 0)))
                .containsExactly("large", "medium", "small");
        // The estimate was wrong and the vendor says so: only those that may take more.
        var plan = world.router.plan(route, asked(1_000, 0, 0));
        assertThat(World.models(plan.larger(plan.candidates().getFirst())))
                .containsExactly("medium", "large");
        assertThat(plan.larger(plan.candidates().getLast())).isEmpty();
    }

    @Test
    void a_broken_target_is_left_out_until_its_cooldown_is_over() {
        var route = route(Strategy.ORDERED, false, target("a"), target("b"));
        world.fail("a", Duration.ofSeconds(30));
        assertThat(world.plan(route, asked())).containsExactly("b");
        var plan = world.router.plan(route, asked());
        assertThat(plan.skipped()).extracting(Skipped::why).containsExactly(Why.BROKEN);
        assertThat(plan.retryAfter()).isEqualTo(Duration.ofSeconds(30));
        world.pass(Duration.ofSeconds(31));
        assertThat(world.plan(route, asked())).containsExactly("a", "b");
    }

    @Test
    void when_all_are_broken_the_plan_says_when_to_come_again() {
        var route = route(Strategy.ORDERED, false, target("a"), target("b"));
        world.fail("a", Duration.ofSeconds(30));
        world.fail("b", Duration.ofSeconds(20));
        var plan = world.router.plan(route, asked());
        assertThat(plan.candidates()).isEmpty();
        assertThat(plan.retryAfter()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void that_vendors_have_had_too_many_calls_is_told_apart_from_their_failing() {
        var route = route(Strategy.ORDERED, false, target("a"), target("b"));
        world.limit("a", Duration.ofSeconds(30));
        world.limit("b", Duration.ofSeconds(20));
        var plan = world.router.plan(route, asked());
        assertThat(plan.skipped())
                .extracting(Skipped::why)
                .containsExactly(Why.LIMITED, Why.LIMITED);
        assertThat(plan.isLimited()).isTrue();
        assertThat(plan.retryAfter()).isEqualTo(Duration.ofSeconds(20));
        world.pass(Duration.ofSeconds(25));
        world.fail("b", Duration.ofSeconds(30));
        assertThat(world.router.plan(route, asked()).isLimited()).isFalse();
    }

    @Test
    void a_conversation_goes_where_its_prefix_is_warm_until_the_cache_forgets_it() {
        var route = route(Strategy.ORDERED, true, target("a"), target("b"), target("c"));
        var asked = asked(1_000, 0, 77);
        assertThat(world.plan(route, asked)).containsExactly("a", "b", "c");
        world.router.served(route, asked, target("b"));
        var plan = world.router.plan(route, asked);
        assertThat(World.models(plan.candidates())).containsExactly("b", "a", "c");
        assertThat(plan.candidates())
                .extracting(Plan.Candidate::warm)
                .containsExactly(true, false, false);
        assertThat(world.plan(route, asked(1_000, 0, 78))).containsExactly("a", "b", "c");
        world.pass(Duration.ofMinutes(4));
        world.router.served(route, asked, target("b")); // each use renews it
        world.pass(Duration.ofMinutes(4));
        assertThat(world.plan(route, asked)).startsWith("b");
        world.pass(Duration.ofMinutes(1));
        assertThat(world.plan(route, asked)).containsExactly("a", "b", "c");
        assertThat(world.affinity.size()).isZero();
    }

    @Test
    void a_warm_target_that_is_broken_or_too_small_or_of_a_later_priority_does_not_come_first() {
        var later = target("later", 2, 1, null);
        var route = route(Strategy.WEIGHTED, true, target("a"), target("b"), later);
        var asked = asked(1_000, 0, 77);
        world.router.served(route, asked, later);
        assertThat(world.plan(route, asked).getLast()).isEqualTo("later");
        world.router.served(route, asked, target("b"));
        for (int i = 0; i < 20; i++) {
            assertThat(world.plan(route, asked)).startsWith("b");
        }
        world.windows.put("b", 500L);
        assertThat(world.plan(route, asked)).containsExactly("a", "later", "b");
        world.windows.clear();
        world.fail("b", Duration.ofSeconds(5));
        assertThat(world.plan(route, asked)).containsExactly("a", "later");
    }

    @Test
    void without_affinity_nothing_is_remembered() {
        var route = route(Strategy.ORDERED, false, target("a"), target("b"));
        world.router.served(route, asked(1_000, 0, 77), target("b"));
        assertThat(world.affinity.size()).isZero();
        assertThat(world.plan(route, asked(1_000, 0, 77))).containsExactly("a", "b");
    }

    @Test
    void no_more_conversations_are_remembered_than_there_is_room_for() {
        var route = route(Strategy.ORDERED, true, target("a"), target("b"));
        for (long prefix = 1; prefix <= 10_000; prefix++) {
            world.router.served(route, asked(1_000, 0, prefix), target("b"));
        }
        assertThat(world.affinity.size()).isLessThanOrEqualTo(320);
        assertThat(world.plan(route, asked(1_000, 0, 10_000))).startsWith("b");
        assertThat(world.plan(route, asked(1_000, 0, 1))).startsWith("a");
    }
}
