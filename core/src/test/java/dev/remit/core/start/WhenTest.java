package dev.remit.core.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// When schedules fire: by real time zones, over years.
class WhenTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static When at(String cron, ZoneId zone) {
        return new When.Calendar(List.of(Cron.parse(cron)), zone);
    }

    private static List<String> walls(When when, String after, int count, ZoneId zone) {
        return when.next(Instant.parse(after), count).stream()
                .map(t -> ZonedDateTime.ofInstant(t, zone))
                .map(t -> t.toLocalDateTime() + " " + t.getOffset())
                .toList();
    }

    // Berlin 2026: forward on March 29 at 02:00, back on October 25 at 03:00.

    @Test
    void a_time_that_clocks_skip_is_taken_when_they_have_been_put_forward() {
        assertThat(walls(at("30 2 * * *", BERLIN), "2026-03-27T12:00:00Z", 3, BERLIN))
                .containsExactly(
                        "2026-03-28T02:30 +01:00",
                        "2026-03-29T03:00 +02:00",
                        "2026-03-30T02:30 +02:00");
    }

    @Test
    void several_times_in_the_hour_that_is_skipped_fire_once() {
        assertThat(walls(at("0,20,40 2,3 * * *", BERLIN), "2026-03-29T00:00:00Z", 3, BERLIN))
                .containsExactly(
                        "2026-03-29T03:00 +02:00",
                        "2026-03-29T03:20 +02:00",
                        "2026-03-29T03:40 +02:00");
    }

    @Test
    void a_time_that_clocks_show_twice_counts_the_first_time() {
        assertThat(walls(at("30 2 * * *", BERLIN), "2026-10-24T12:00:00Z", 2, BERLIN))
                .containsExactly("2026-10-25T02:30 +02:00", "2026-10-26T02:30 +01:00");
        var newYork = ZoneId.of("America/New_York");
        assertThat(walls(at("30 1 * * *", newYork), "2026-10-31T12:00:00Z", 2, newYork))
                .containsExactly("2026-11-01T01:30 -04:00", "2026-11-02T01:30 -05:00");
    }

    @Test
    void an_expression_without_hours_goes_by_the_time_that_passes() {
        assertThat(walls(at("*/30 * * * *", BERLIN), "2026-10-24T23:59:00Z", 6, BERLIN))
                .containsExactly(
                        "2026-10-25T02:00 +02:00",
                        "2026-10-25T02:30 +02:00",
                        "2026-10-25T02:00 +01:00",
                        "2026-10-25T02:30 +01:00",
                        "2026-10-25T03:00 +01:00",
                        "2026-10-25T03:30 +01:00");
        assertThat(walls(at("*/30 * * * *", BERLIN), "2026-03-29T00:29:00Z", 3, BERLIN))
                .containsExactly(
                        "2026-03-29T01:30 +01:00",
                        "2026-03-29T03:00 +02:00",
                        "2026-03-29T03:30 +02:00");
    }

    @Test
    void a_day_that_a_place_left_out_fires_when_the_next_one_begins() {
        var apia = ZoneId.of("Pacific/Apia"); // had no 2011-12-30
        assertThat(walls(at("0 9 * * *", apia), "2011-12-29T00:00:00Z", 3, apia))
                .containsExactly(
                        "2011-12-29T09:00 -10:00",
                        "2011-12-31T00:00 +14:00",
                        "2011-12-31T09:00 +14:00");
    }

    @Test
    void every_is_counted_from_the_same_moment_everywhere() {
        var quarter = new When.Every(Duration.ofMinutes(15));
        assertThat(quarter.next(Instant.parse("2026-11-20T12:00:00Z"), 2))
                .containsExactly(
                        Instant.parse("2026-11-20T12:15:00Z"),
                        Instant.parse("2026-11-20T12:30:00Z"));
    }

    /// Against a look at every minute of ten years, whose fields are matched one by one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe", // half an hour
                "America/Sao_Paulo", // at midnight, until 2019
                "Africa/Casablanca", // four changes a year
                "Asia/Kolkata",
                "Pacific/Apia"
            })
    void next_is_what_a_look_at_every_minute_finds(String name) {
        var zone = ZoneId.of(name);
        var random = new Random(name.hashCode());
        for (int i = 0; i < 25; i++) {
            var minutes = some(random, 0, 59, 3);
            var hours = random.nextInt(4) == 0 ? all(0, 23) : some(random, 0, 23, 3);
            var days = random.nextBoolean() ? all(1, 31) : some(random, 1, 28, 2);
            boolean anyHour = hours.size() == 24;
            var cron =
                    list(minutes)
                            + " "
                            + (anyHour ? "*" : list(hours))
                            + " "
                            + (days.size() == 31 ? "*" : list(days))
                            + " * *";
            var change = zone.getRules().nextTransition(start(random));
            var around =
                    random.nextBoolean() && change != null ? change.getInstant() : start(random);
            var from = around.minus(Duration.ofHours(30 + random.nextInt(20)));
            var to = around.plus(Duration.ofHours(50));
            assertThat(until(at(cron, zone), from, to))
                    .as(cron + " in " + zone + " after " + from)
                    .containsExactlyElementsOf(
                            looked(minutes, hours, days, anyHour, zone, from, to));
        }
    }

    private static List<Instant> until(When when, Instant from, Instant to) {
        var times = new ArrayList<Instant>();
        var next = when.next(from);
        while (next.isPresent() && !next.get().isAfter(to)) {
            times.add(next.get());
            next = when.next(next.get());
        }
        return times;
    }

    private static Instant start(Random random) {
        return Instant.parse("2010-01-01T00:00:00Z")
                .plusSeconds(60L * random.nextInt(16 * 365 * 24 * 60));
    }

    private static TreeSet<Integer> some(Random random, int from, int to, int count) {
        var some = new TreeSet<Integer>();
        for (int i = 0; i < count; i++) {
            some.add(from + random.nextInt(to - from + 1));
        }
        return some;
    }

    private static TreeSet<Integer> all(int from, int to) {
        return new TreeSet<>(IntStream.rangeClosed(from, to).boxed().toList());
    }

    private static String list(TreeSet<Integer> numbers) {
        return String.join(",", numbers.stream().map(String::valueOf).toList());
    }

    /// The rules, as the documentation words them.
    private static List<Instant> looked(
            TreeSet<Integer> minutes,
            TreeSet<Integer> hours,
            TreeSet<Integer> days,
            boolean anyHour,
            ZoneId zone,
            Instant from,
            Instant to) {
        var found = new TreeSet<Instant>();
        var rules = zone.getRules();
        var wall = LocalDateTime.ofInstant(from, zone).minusHours(26).withSecond(0).withNano(0);
        var last = LocalDateTime.ofInstant(to, zone).plusHours(26);
        for (; wall.isBefore(last); wall = wall.plusMinutes(1)) {
            if (!minutes.contains(wall.getMinute())
                    || !hours.contains(wall.getHour())
                    || !days.contains(wall.getDayOfMonth())) {
                continue;
            }
            var offsets = rules.getValidOffsets(wall);
            if (offsets.isEmpty()) {
                found.add(rules.getTransition(wall).getInstant());
            } else {
                found.add(wall.toInstant(offsets.getFirst()));
                if (anyHour) {
                    found.add(wall.toInstant(offsets.getLast()));
                }
            }
        }
        return new ArrayList<>(found.subSet(from, false, to, true));
    }

    @Test
    void over_eight_years_a_daily_time_fires_once_a_day_in_every_zone() {
        var from = Instant.parse("2000-01-01T00:00:00Z");
        for (var name : List.of("Europe/London", "America/Havana", "Asia/Tehran", "UTC")) {
            var zone = ZoneId.of(name);
            for (var cron : List.of("30 2 * * *", "30 1 * * *", "0 0 * * *")) {
                var days = new TreeSet<java.time.LocalDate>();
                var fires = at(cron, zone).next(from, 8 * 365);
                fires.forEach(t -> days.add(t.atZone(zone).toLocalDate()));
                assertThat(days).as(cron + " in " + zone).hasSameSizeAs(fires);
                assertThat(Duration.between(fires.getFirst(), fires.getLast()).toDays())
                        .isBetween(8 * 365 - 3L, 8 * 365L);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "70 * * * *        | 1  | 70    | 0 to 59",
                "0 25 * * *        | 3  | 25    | 0 to 23",
                "0 0  32 * *       | 6  | 32    | 1 to 31",
                "0 0 * FOO *       | 7  | FOO   | JAN",
                "0 0 * * MOO       | 9  | MOO   | MON",
                "0 0 * *           | 1  | four  | five fields",
                "*/0 * * * *       | 1  | */0   | 0 to 59",
                "0 0 31 2 *        | 5  | never | the month",
                "@often            | 1  | @often| @daily"
            })
    void a_bad_expression_is_told_where_and_what_would_be_right(
            String text, int column, String wrong, String right) {
        assertThatThrownBy(() -> Cron.parse(text))
                .isInstanceOfSatisfying(
                        InvalidCron.class,
                        e -> {
                            assertThat(e.column()).isEqualTo(column);
                            assertThat(e.getMessage() + " → " + e.right()).contains(right);
                        });
    }

    @Test
    void jitter_is_the_same_on_every_node_and_within_its_bound() {
        var spec =
                new ScheduleSpec(
                        new When.Every(Duration.ofHours(1)),
                        dev.remit.core.json.Json.object(),
                        Overlap.SKIP,
                        1,
                        Duration.ofHours(1),
                        Duration.ofMinutes(5),
                        null);
        var dues = new TreeSet<Duration>();
        for (var nominal : spec.when().next(Instant.parse("2026-01-01T00:00:00Z"), 200)) {
            var late = Duration.between(nominal, spec.due("a.b", nominal));
            assertThat(late).isBetween(Duration.ZERO, Duration.ofMinutes(5));
            assertThat(spec.due("a.b", nominal)).isEqualTo(spec.due("a.b", nominal));
            dues.add(late);
        }
        assertThat(dues).as("spread out").hasSizeGreaterThan(150);
    }
}
