package dev.remit.store.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Mail;
import dev.remit.core.start.TriggerSpec;
import dev.remit.core.start.TriggerSpec.Gather;
import dev.remit.core.start.TriggerSpec.OneAtATime;
import dev.remit.store.database.Database;
import dev.remit.store.session.Parameters;
import dev.remit.store.session.PostgresSessionLog;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Knows which events wait, by its own count, and looks at what became of them: none is lost or
/// used twice; a debounce takes the last one when it is quiet; a batch has each once and keeps its
/// bound; of a key there is one session at a time; a rate holds.
final class TriggerWitness {
    private record Sent(int number, Instant at) {}

    /// What became of some events, as the database has it.
    private record Start(
            long place, String key, String state, int events, @Nullable UUID session) {}

    private final TriggerSpec spec;
    private final long trigger;
    private final Database database;
    private final PostgresSessionLog log;
    private final List<String> story = new ArrayList<>();
    private final Map<String, ArrayDeque<Sent>> waiting = new TreeMap<>();
    private final Set<Long> seen = new HashSet<>();
    private final Map<SessionId, String> open = new LinkedHashMap<>();
    private final Set<SessionId> sessions = new LinkedHashSet<>();
    private final List<Instant> starts = new ArrayList<>();

    TriggerWitness(
            String title,
            TriggerSpec spec,
            long trigger,
            Database database,
            PostgresSessionLog log) {
        this.spec = spec;
        this.trigger = trigger;
        this.database = database;
        this.log = log;
        story.add(title);
    }

    /// The sessions that are open, and their keys.
    Map<SessionId, String> open() {
        return open;
    }

    boolean isBusy() {
        return !open.isEmpty() || waiting.values().stream().anyMatch(w -> !w.isEmpty());
    }

    void sent(String key, int number, Instant now, String how) {
        story.add(now + " event " + number + " of " + key + " " + how);
        waiting.computeIfAbsent(key, k -> new ArrayDeque<>()).add(new Sent(number, now));
    }

    void ended(SessionId session) {
        story.add("end of a session of " + open.remove(session));
    }

    void see(String what, Instant now, boolean mayFail) {
        story.add(now + " " + what);
        for (var start : read()) {
            if (seen.add(start.place())) {
                story.add("    " + start);
                became(start, now, mayFail);
            }
        }
    }

    private List<Start> read() {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT place, key, state, events, session FROM event_start
                            WHERE trigger = ? ORDER BY place
                            """)) {
                select.setLong(1, trigger);
                return Parameters.list(
                        select,
                        row ->
                                new Start(
                                        row.getLong(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getInt(4),
                                        row.getObject(5, UUID.class)));
            }
        });
    }

    private void became(Start start, Instant now, boolean mayFail) {
        var line = waiting.getOrDefault(start.key(), new ArrayDeque<>());
        assertThat(start.events()).as("more than wait%n%s", this).isBetween(1, line.size());
        var taken = new ArrayList<Sent>();
        for (int i = 0; i < start.events(); i++) {
            taken.add(line.remove());
        }
        boolean busy = open.containsValue(start.key());
        switch (start.state()) {
            case "skipped" ->
                    assertThat(busy && spec.oneAtATime() == OneAtATime.SKIP)
                            .as("skipped for nothing%n%s", this)
                            .isTrue();
            case "failed" -> assertThat(mayFail).as(this::toString).isTrue();
            default -> {
                if (spec.oneAtATime() != OneAtATime.NO) {
                    assertThat(busy).as("two at once%n%s", this).isFalse();
                }
                gathered(taken, line, now);
                opened(start, taken);
                rate(now);
            }
        }
    }

    private void gathered(List<Sent> taken, ArrayDeque<Sent> left, Instant now) {
        switch (spec.gather()) {
            case Gather.None none -> assertThat(taken).as(this::toString).hasSize(1);
            case Gather.Debounce debounce -> {
                assertThat(left).as("left behind%n%s", this).isEmpty();
                var quiet = taken.getLast().at().plus(debounce.quiet());
                var atMost = taken.getFirst().at().plus(debounce.atMost());
                assertThat(now)
                        .as("not quiet%n%s", this)
                        .isAfterOrEqualTo(quiet.isBefore(atMost) ? quiet : atMost);
            }
            case Gather.Batch batch -> {
                assertThat(taken).as(this::toString).hasSizeLessThanOrEqualTo(batch.most());
                if (taken.size() < batch.most()) {
                    assertThat(now)
                            .as("neither full nor its time%n%s", this)
                            .isAfterOrEqualTo(taken.getFirst().at().plus(batch.within()));
                }
            }
        }
    }

    private void opened(Start start, List<Sent> taken) {
        var session = new SessionId(start.session());
        assertThat(sessions.add(session)).as(this::toString).isTrue();
        open.put(session, start.key());
        var input = Starting.opened(log, session).input().value();
        if (spec.gather() instanceof Gather.Batch) {
            assertThat(input.valueStream().map(e -> e.path("n").asInt(-1)))
                    .as(this::toString)
                    .containsExactlyElementsOf(taken.stream().map(Sent::number).toList());
        } else {
            assertThat(input.path("n").asInt(-1))
                    .as(this::toString)
                    .isEqualTo(taken.getLast().number());
        }
    }

    private void rate(Instant now) {
        starts.add(now);
        var rate = spec.rate();
        if (rate != null) {
            assertThat(starts.stream().filter(at -> at.isAfter(now.minus(rate.per()))))
                    .as("more than its rate%n%s", this)
                    .hasSizeLessThanOrEqualTo(rate.starts());
        }
    }

    /// After a look that went well.
    void nothingIsLeft(Instant now) {
        waiting.forEach((key, line) -> {
            if (line.isEmpty() || !isTime(line, now)) {
                return;
            }
            if (open.containsValue(key) && spec.oneAtATime() == OneAtATime.CANCEL) {
                open.forEach((session, of) -> {
                    if (of.equals(key)) {
                        told(session);
                    }
                });
            }
            boolean waits =
                    spec.rate() != null
                            || (open.containsValue(key) && spec.oneAtATime() != OneAtATime.NO)
                            || spec.gather() instanceof Gather.Batch; // a rest waits anew
            assertThat(waits).as("%s is left waiting%n%s", key, this).isTrue();
        });
    }

    private void told(SessionId session) {
        assertThat(log.mail(session, 0))
                .as("told to cancel%n%s", this)
                .hasSize(1)
                .allMatch(d -> d.mail() instanceof Mail.Cancel);
    }

    private boolean isTime(ArrayDeque<Sent> line, Instant now) {
        return switch (spec.gather()) {
            case Gather.None none -> true;
            case Gather.Debounce debounce ->
                    !line.getLast().at().plus(debounce.quiet()).isAfter(now);
            case Gather.Batch batch -> line.size() >= batch.most();
        };
    }

    void account(List<SessionId> all) {
        assertThat(all).as(this::toString).containsExactlyInAnyOrderElementsOf(sessions);
    }

    @Override
    public String toString() {
        return String.join("\n", story);
    }
}
