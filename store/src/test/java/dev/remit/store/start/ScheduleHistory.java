package dev.remit.store.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.Principal;
import dev.remit.core.json.Hash;
import dev.remit.core.start.Overlap;
import dev.remit.core.start.ScheduleSpec;
import dev.remit.store.database.Database;
import dev.remit.store.session.PostgresSessionLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Function;

/// One history of one schedule, made of a seed: time passes and jumps, sessions end, people pause,
/// trigger, backfill and change it, and the transactions of its node go wrong in every way there
/// is. [ScheduleWitness] says what must never be.
final class ScheduleHistory {
    private static final List<String> TIMES =
            List.of(
                    "\"every\":\"1m\"",
                    "\"every\":\"7m\"",
                    "\"cron\":\"*/5 * * * *\",\"zone\":\"Europe/Berlin\"",
                    "\"cron\":\"30 * * * *\",\"zone\":\"America/New_York\"",
                    "\"at\":[\"02:30\",\"03:00\"],\"zone\":\"Europe/Berlin\"",
                    "\"at\":\"00:15\",\"zone\":\"Africa/Cairo\"");
    private static final List<String> CATCH_UPS = List.of("10s", "10m", "3h", "48h");

    /// Some of them are shortly before clocks are changed.
    private static final List<Instant> BEGINNINGS =
            List.of(
                    Instant.parse("2026-11-20T12:00:30Z"),
                    Instant.parse("2026-03-28T22:10:00Z"),
                    Instant.parse("2026-10-24T22:10:00Z"),
                    Instant.parse("2026-11-01T03:10:00Z"),
                    Instant.parse("2026-04-23T18:10:00Z"));

    private final Random random;
    private final String name;
    private final Opener opener;
    private final FaultyNode node;
    private final PostgresSchedules direct;
    private final PostgresSessionLog log;
    private final Database database;
    private final ScheduleWitness witness;
    private final DefinitionRef agent;
    private final List<String> triggered = new ArrayList<>();
    private Instant now;
    private String written = "";
    private ScheduleSpec spec;

    ScheduleHistory(long seed, Database database, PostgresSessionLog log, FaultyNode node) {
        this.random = new Random(seed);
        this.name = "history" + seed + "-" + System.nanoTime();
        this.agent = new DefinitionRef(name, Hash.of("v1"));
        this.opener = Starting.opener(agent);
        this.node = node;
        this.direct = new PostgresSchedules(database, log.within());
        this.log = log;
        this.database = database;
        this.now = any(BEGINNINGS);
        this.witness = new ScheduleWitness(seed, name, log);
        change();
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private boolean often(int percent) {
        return random.nextInt(100) < percent;
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step(random.nextInt(100));
        }
        quiesce();
        witness.account(spec, now, Starting.sessions(log, agent));
        direct.remove(name);
    }

    private void step(int dice) {
        if (dice < 44) {
            pass(random.nextDouble() * 1.5);
            look();
        } else if (dice < 52) {
            pass(2 + random.nextInt(30));
            look();
        } else if (dice < 56) {
            pass(-random.nextDouble() * 3);
            look();
        } else if (dice < 74) {
            end();
        } else if (dice < 78) {
            surely("pause", s -> s.pause(name, by(), "a while", now));
        } else if (dice < 84) {
            surely("resume", s -> s.resume(name, now));
        } else if (dice < 88) {
            trigger();
        } else if (dice < 92) {
            backfill();
        } else if (dice < 95) {
            surely("put as it is", s -> s.put(name, name, Starting.json(written), by(), now));
        } else {
            change();
        }
    }

    private static Principal by() {
        return Starting.PERSON;
    }

    /// @param times in units of the time between two of its times
    private void pass(double times) {
        var next = spec.when().next(now, 2);
        var unit = Duration.between(next.getFirst(), next.getLast());
        now = now.plusMillis((long) (unit.toMillis() * times));
        witness.passed(now);
    }

    private void look() {
        var fault = often(50) ? Fault.NONE : any(List.of(Fault.values()));
        var looked =
                node.attempt(
                        fault,
                        opener,
                        () -> assertThat(lookWell().told()).isEmpty(),
                        o -> node.schedules.look(name, now, o));
        waitUntilNobodyHoldsIt();
        witness.see("look " + fault, spec, now, fires(), null);
        if (looked.isEmpty() || often(30)) {
            lookWell(); // another node, at the same moment
            witness.see("look of another node", spec, now, fires(), null);
        }
        witness.nothingIsLeft(direct.find(name).orElseThrow(), now);
    }

    private PostgresSchedules.Looked lookWell() {
        return Starting.surely(() -> direct.look(name, now, opener));
    }

    private void end() {
        if (!witness.open().isEmpty()) {
            var session = any(List.copyOf(witness.open()));
            Starting.end(log, session);
            witness.ended(session);
            now = now.plusSeconds(2);
            witness.passed(now);
            look();
        }
    }

    private void trigger() {
        if (triggered.isEmpty() || often(50)) {
            triggered.add("request " + triggered.size());
        }
        var id = any(triggered);
        var overlap = any(List.of(Optional.<Overlap>empty(), Optional.of(Overlap.ALLOW)));
        var fault = any(List.of(Fault.NONE, Fault.DIES, Fault.COMMIT_LOST, Fault.ANSWER_LOST));
        var triggeredNow =
                node.attempt(
                        fault,
                        opener,
                        () -> {},
                        o -> node.schedules.trigger(name, id, by(), overlap.orElse(null), now, o));
        waitUntilNobodyHoldsIt();
        if (triggeredNow.isEmpty()) { // so it is asked for again
            Starting.surely(
                    () -> direct.trigger(name, id, by(), overlap.orElse(null), now, opener));
        }
        witness.see("trigger " + id + " " + fault, spec, now, fires(), overlap.orElse(null));
    }

    private void backfill() {
        var times = new TreeSet<Instant>();
        var next = spec.when().next(now, 2);
        var unit = Duration.between(next.getFirst(), next.getLast());
        var from = now.minus(unit.multipliedBy(1 + random.nextInt(4)));
        for (var time : spec.when().next(from, 4)) {
            if (!time.isAfter(now)) {
                times.add(time);
            }
        }
        witness.backfilled(times);
        surely("backfill " + times, s -> s.backfill(name, List.copyOf(times), by(), now));
    }

    private void change() {
        var overlap = any(List.of(Overlap.values()));
        var text =
                "{"
                        + any(TIMES)
                        + ",\"overlap\":\""
                        + overlap.name().toLowerCase(java.util.Locale.ROOT)
                        + "\",\"catch_up\":\""
                        + any(CATCH_UPS)
                        + "\""
                        + (overlap == Overlap.BUFFER_ALL ? ",\"buffer\":2" : "")
                        + (often(25) ? ",\"jitter\":\"90s\"" : "")
                        + "}";
        if (text.equals(written)) {
            return;
        }
        if (written.isEmpty()) {
            direct.put(name, name, Starting.json(text), by(), now);
        } else {
            surely("change", s -> s.put(name, name, Starting.json(text), by(), now));
        }
        written = text;
        spec = direct.find(name).orElseThrow().spec();
        witness.changed(spec, now);
    }

    /// As people do: again, if no answer came.
    private void surely(String what, Function<PostgresSchedules, Object> work) {
        var fault = any(List.of(Fault.NONE, Fault.COMMIT_LOST, Fault.ANSWER_LOST));
        var done = node.attempt(fault, opener, () -> {}, o -> work.apply(node.schedules));
        waitUntilNobodyHoldsIt();
        if (done.isEmpty()) {
            Starting.surely(() -> work.apply(direct));
        }
        seen(what);
    }

    private void seen(String what) {
        witness.see(what, spec, now, fires(), null);
    }

    private List<Fire> fires() {
        return direct.fires(direct.find(name).orElseThrow(), 100_000);
    }

    /// The database may still be at the transaction of a connection that was cut.
    private void waitUntilNobodyHoldsIt() {
        database.with(connection -> {
            try (var hold =
                    connection.prepareStatement("SELECT FROM schedule WHERE name = ? FOR UPDATE")) {
                hold.setString(1, name);
                return hold.execute();
            }
        });
    }

    /// All that is open ends, until nothing waits.
    private void quiesce() {
        surely("resume", s -> s.resume(name, now));
        for (int i = 0; i < 1000; i++) {
            lookWell();
            seen("the last looks");
            var schedule = direct.find(name).orElseThrow();
            boolean due = schedule.due() != null && !schedule.due().isAfter(now);
            if (witness.open().isEmpty() && !due && !witness.waits()) {
                return;
            }
            for (var session : List.copyOf(witness.open())) {
                Starting.end(log, session);
                witness.ended(session);
            }
            now = now.plusSeconds(2);
            witness.passed(now);
        }
        throw new AssertionError(witness + " never comes to rest");
    }
}
