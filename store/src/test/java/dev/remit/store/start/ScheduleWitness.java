package dev.remit.store.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Mail;
import dev.remit.core.start.Overlap;
import dev.remit.core.start.ScheduleSpec;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.start.Fire.Kind;
import dev.remit.store.start.Fire.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Looks at what became of the times of a schedule after each thing that happened, and knows what
/// was open then: each time that was due has one session, or is listed with a reason that was true;
/// sessions overlap as the policy says; what waits gets its turn, in order.
final class ScheduleWitness {
    private final PostgresSessionLog log;
    private final String name;
    private final List<String> story = new ArrayList<>();
    private final Map<String, Fire> known = new LinkedHashMap<>();
    private final Set<SessionId> open = new LinkedHashSet<>();
    private final Map<SessionId, String> sessions = new LinkedHashMap<>();

    /// Times that something became of.
    private final Set<Instant> accounted = new HashSet<>();

    /// Times that were due, and times that may have been where clocks went back.
    private final Set<Instant> due = new TreeSet<>();

    private final Set<Instant> possible = new HashSet<>();
    private List<Fire> startedLast = List.of();
    private ScheduleSpec spec;
    private Instant since = Instant.EPOCH;
    private Instant latest = Instant.EPOCH;
    private Instant newest = Instant.EPOCH;

    ScheduleWitness(long seed, String name, PostgresSessionLog log) {
        this.name = name;
        this.log = log;
        story.add("seed " + seed);
    }

    Set<SessionId> open() {
        return open;
    }

    boolean waits() {
        return known.values().stream().anyMatch(f -> f.state() == State.BUFFERED);
    }

    void ended(SessionId session) {
        open.remove(session);
        story.add("end " + sessions.get(session));
    }

    void passed(Instant now) {
        newest = now.isAfter(newest) ? now : newest;
        latest = now.isAfter(latest) ? now : latest;
    }

    void backfilled(Collection<Instant> times) {
        possible.addAll(times);
    }

    /// The schedule fires for other times from now on.
    void changed(ScheduleSpec to, Instant now) {
        story.add(now + " is " + to);
        endOfSpec(now);
        spec = to;
        since = now;
        latest = now;
    }

    private void endOfSpec(Instant now) {
        if (spec == null) {
            return;
        }
        var next = spec.when().next(since);
        while (next.isPresent() && !next.get().isAfter(latest)) {
            possible.add(next.get());
            if (!next.get().isAfter(now)) {
                due.add(next.get());
            }
            next = spec.when().next(next.get());
        }
    }

    /// @param fires all of them
    /// @param asked the overlap that somebody asked for; absent: the schedule's own
    void see(
            String what,
            ScheduleSpec spec,
            Instant now,
            List<Fire> fires,
            @Nullable Overlap asked) {
        story.add(now + " " + what);
        var before = Map.copyOf(known);
        var started = new ArrayList<Fire>();
        var fresh = new ArrayList<Fire>();
        for (var fire : fires) {
            var was = before.get(fire.id());
            if (was == null || was.state() != fire.state()) {
                story.add("    " + fire.id() + " " + fire.kind() + " " + fire.state());
                allowed(was, fire);
                fresh.add(fire);
                if (fire.state() == State.STARTED || (fire.state() == State.ENDED && was == null)) {
                    started.add(fire);
                }
                known.put(fire.id(), fire);
            }
        }
        fresh.stream().filter(f -> isOne(f)).forEach(f -> accounted.add(f.nominal()));
        fresh.stream().filter(f -> !isOne(f)).forEach(f -> several(spec, now, before, f));
        overlaps(asked == null ? spec.overlap() : asked, started);
        waitsInOrder(before, started);
        for (var fire : started) {
            assertThat(sessions.put(fire.session(), fire.id())).as(this::toString).isNull();
            open.add(fire.session());
        }
        startedLast = started;
        if (what.startsWith("look")) {
            skipped(spec, fresh);
            cancelled(spec, fresh);
        }
    }

    private static boolean isOne(Fire fire) {
        return fire.kind() != Kind.TRIGGER && fire.id().equals(fire.nominal().toString());
    }

    private void allowed(@Nullable Fire was, Fire is) {
        if (was == null) {
            return;
        }
        boolean may =
                switch (was.state()) {
                    case BUFFERED ->
                            Set.of(State.STARTED, State.SKIPPED, State.FAILED).contains(is.state());
                    case STARTED -> is.state() == State.ENDED;
                    case ENDED -> false;
                    case SKIPPED, MISSED, FAILED -> is.kind() == Kind.BACKFILL;
                };
        assertThat(may).as("from %s to %s%n%s", was, is, this).isTrue();
    }

    /// A row that stands for several times.
    private void several(ScheduleSpec spec, Instant now, Map<String, Fire> before, Fire fire) {
        if (fire.kind() == Kind.TRIGGER) {
            return;
        }
        assertThat(fire.why()).as(this::toString).isNotBlank();
        var time = fire.nominal();
        for (long left = fire.times(); left > 0; time = spec.when().next(time).orElseThrow()) {
            if (!before.containsKey(time.toString())) {
                left--;
                accounted.add(time);
                if (fire.state() == State.MISSED) {
                    assertThat(spec.due(name, time))
                            .as("missed, and not too late%n%s", this)
                            .isBefore(now.minus(spec.catchUp()));
                }
            }
        }
    }

    private void overlaps(Overlap overlap, List<Fire> started) {
        if (overlap != Overlap.ALLOW && !started.isEmpty()) {
            assertThat(started).as("started at once%n%s", this).hasSize(1);
            assertThat(open).as("open while another starts%n%s", this).isEmpty();
        }
    }

    private void waitsInOrder(Map<String, Fire> before, List<Fire> started) {
        var order =
                Comparator.comparing((Fire f) -> f.kind() == Kind.BACKFILL)
                        .thenComparing(Fire::nominal);
        var waiting =
                before.values().stream()
                        .filter(f -> f.state() == State.BUFFERED)
                        .filter(f -> known.get(f.id()).state() != State.SKIPPED)
                        .filter(f -> known.get(f.id()).state() != State.FAILED)
                        .min(order)
                        .map(Fire::nominal);
        started.stream()
                .filter(f -> waiting.isPresent() && f.kind() != Kind.TRIGGER)
                .filter(f -> before.containsKey(f.id()))
                .map(f -> before.get(f.id()))
                .min(order)
                .map(Fire::nominal)
                .ifPresent(first -> assertThat(first).as(this::toString).isEqualTo(waiting.get()));
    }

    /// Nothing is skipped for a session that is not there.
    private void skipped(ScheduleSpec spec, List<Fire> fresh) {
        boolean skipped = fresh.stream().anyMatch(f -> f.state() == State.SKIPPED);
        boolean failed = fresh.stream().anyMatch(f -> f.state() == State.FAILED);
        if (!skipped || failed) {
            return;
        }
        assertThat(open).as("skipped for nothing%n%s", this).isNotEmpty();
        int places =
                switch (spec.overlap()) {
                    case BUFFER_ONE -> 1;
                    case BUFFER_ALL -> spec.buffer();
                    case SKIP, ALLOW, CANCEL -> 0; // a newer time takes the place
                };
        assertThat(inLine())
                .as("there was a place in line%n%s", this)
                .isGreaterThanOrEqualTo(places);
    }

    private long inLine() {
        return known.values().stream()
                .filter(f -> f.state() == State.BUFFERED && f.kind() != Kind.BACKFILL)
                .count();
    }

    /// Whoever is in the way of a newer time is told, once.
    private void cancelled(ScheduleSpec spec, List<Fire> fresh) {
        boolean newer =
                fresh.stream().anyMatch(f -> f.state() == State.BUFFERED && f.kind() == Kind.TIME);
        if (spec.overlap() == Overlap.CANCEL && newer) {
            for (var session : open) {
                assertThat(log.mail(session, 0))
                        .as("told to cancel%n%s", this)
                        .hasSize(1)
                        .allMatch(d -> d.mail() instanceof Mail.Cancel);
            }
        }
        if (newer && spec.overlap() == Overlap.BUFFER_ALL) {
            assertThat(inLine()).as(this::toString).isLessThanOrEqualTo(spec.buffer());
        } else if (newer) {
            assertThat(inLine()).as(this::toString).isLessThanOrEqualTo(1);
        }
    }

    /// After a look that went well.
    void nothingIsLeft(Schedule schedule, Instant now) {
        if (schedule.pause() != null) {
            assertThat(startedLast).as("started while it is paused%n%s", this).isEmpty();
            return;
        }
        assertThat(schedule.due()).as("due and not looked at%n%s", this).isAfter(now);
        if (open.isEmpty() && !now.isBefore(newest)) { // a clock that was put back catches up first
            assertThat(waits()).as("waits, and nothing is in its way%n%s", this).isFalse();
        }
    }

    /// In the end each time that was due is accounted for, and no other one; and there is no
    /// session that nobody knows of.
    void account(ScheduleSpec spec, Instant now, List<SessionId> all) {
        endOfSpec(now.minus(spec.jitter()));
        var lost = new TreeSet<>(due);
        lost.removeAll(accounted);
        assertThat(lost).as("times that nothing became of%n%s", this).isEmpty();
        var invented = new TreeSet<>(accounted);
        invented.removeAll(possible);
        assertThat(invented).as("times that are none%n%s", this).isEmpty();
        assertThat(all).as(this::toString).containsExactlyInAnyOrderElementsOf(sessions.keySet());
    }

    @Override
    public String toString() {
        return String.join("\n", story);
    }
}
