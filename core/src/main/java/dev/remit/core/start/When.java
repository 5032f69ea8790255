package dev.remit.core.start;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The times at which a schedule fires: pure, so the same wherever and whenever it is asked.
public sealed interface When {
    /// The next time, later than the given one; absent if there is none.
    Optional<Instant> next(Instant after);

    /// In English words.
    String inWords();

    /// The next times after one.
    default List<Instant> next(Instant after, int count) {
        var times = new ArrayList<Instant>();
        var at = next(after);
        while (at.isPresent() && times.size() < count) {
            times.add(at.get());
            at = next(at.get());
        }
        return List.copyOf(times);
    }

    /// Again and again, counted from 1970-01-01 00:00 UTC: `15m` is at each quarter of an hour.
    record Every(Duration period) implements When {
        public Every {
            if (period.toSeconds() < 1 || period.toNanosPart() != 0) {
                throw new IllegalArgumentException("whole seconds, at least one: " + period);
            }
        }

        @Override
        public Optional<Instant> next(Instant after) {
            long seconds = period.toSeconds();
            return Optional.of(
                    Instant.ofEpochSecond(
                            (Math.floorDiv(after.getEpochSecond(), seconds) + 1) * seconds));
        }

        @Override
        public String inWords() {
            return "every " + period.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// By the clocks of a place.
    ///
    /// A time that clocks skip in spring is taken when they have been put forward, once. A time
    /// that they show twice in autumn counts the first time; but an expression that names no hours
    /// goes by the time that passes, and so fires in both of the hours.
    record Calendar(List<Cron> crons, ZoneId zone) implements When {
        public Calendar {
            if (crons.isEmpty()) {
                throw new IllegalArgumentException("a calendar without times");
            }
            crons = List.copyOf(crons);
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return crons.stream()
                    .flatMap(cron -> next(cron, after).stream())
                    .min(Instant::compareTo);
        }

        private Optional<Instant> next(Cron cron, Instant after) {
            var rules = zone.getRules();
            var best = (@Nullable Instant) null;
            var wall = cron.next(start(rules, after));
            while (wall.isPresent()) {
                var first = first(rules, wall.get());
                if (best != null && !first.isBefore(best)) {
                    break;
                }
                if (first.isAfter(after)) {
                    best = first;
                } else if (cron.isEveryHour()) {
                    var second = second(rules, wall.get());
                    if (second != null
                            && second.isAfter(after)
                            && (best == null || second.isBefore(best))) {
                        best = second;
                    }
                }
                wall = cron.next(wall.get());
            }
            return Optional.ofNullable(best);
        }

        /// A time on the wall from which to look on, so that none that may come after is left out:
        /// while clocks show an hour the first time, the beginning of that hour will come again.
        private static LocalDateTime start(ZoneRules rules, Instant after) {
            var wall = LocalDateTime.ofInstant(after, rules.getOffset(after));
            var coming = rules.nextTransition(after);
            boolean comesAgain =
                    coming != null
                            && coming.isOverlap()
                            && !wall.isBefore(coming.getDateTimeAfter());
            return comesAgain ? coming.getDateTimeAfter().minusNanos(1) : wall;
        }

        private static Instant first(ZoneRules rules, LocalDateTime wall) {
            var change = rules.getTransition(wall);
            return change != null && change.isGap()
                    ? change.getInstant()
                    : wall.toInstant(rules.getOffset(wall)); // the earlier one of two
        }

        private static @Nullable Instant second(ZoneRules rules, LocalDateTime wall) {
            var change = rules.getTransition(wall);
            return change != null && change.isOverlap()
                    ? wall.toInstant(change.getOffsetAfter())
                    : null;
        }

        @Override
        public String inWords() {
            return String.join(" and ", crons.stream().map(Cron::inWords).toList()) + ", " + zone;
        }
    }
}
