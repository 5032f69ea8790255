package dev.remit.store.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.start.StartReader;
import dev.remit.store.database.Database;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.start.PostgresTriggers.Due;
import dev.remit.store.start.PostgresTriggers.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/// One history of one trigger, made of a seed: events of two keys come, time passes, sessions end,
/// and the transactions of its node go wrong in every way there is. [TriggerWitness] says what must
/// never be.
final class TriggerHistory {
    private static final List<String> GATHER =
            List.of(
                    "",
                    ",\"debounce\":{\"quiet\":\"30s\",\"at_most\":\"2m\"}",
                    ",\"batch\":{\"most\":3,\"within\":\"1m\"}");
    private static final List<String> ONE_AT_A_TIME =
            List.of(
                    "",
                    ",\"one_at_a_time\":\"skip\"",
                    ",\"one_at_a_time\":\"queue\"",
                    ",\"one_at_a_time\":\"cancel\"");
    private static final List<String> RATE =
            List.of("", "", ",\"rate\":{\"starts\":2,\"per\":\"1m\"}");

    private final Random random;
    private final String name;
    private final Opener opener;
    private final FaultyNode node;
    private final PostgresTriggers direct;
    private final PostgresSessionLog log;
    private final Database database;
    private final TriggerWitness witness;
    private final DefinitionRef agent;
    private Instant now = StartsOnPostgres.NOON;
    private int events;

    TriggerHistory(long seed, Database database, PostgresSessionLog log, FaultyNode node) {
        this.random = new Random(seed);
        this.name = "history" + seed + "-" + System.nanoTime();
        this.agent = new DefinitionRef(name, Hash.of("v1"));
        this.opener = Starting.opener(agent);
        this.node = node;
        this.direct = new PostgresTriggers(database, log.within());
        this.log = log;
        this.database = database;
        var written =
                Starting.json(
                        "{\"event\":\""
                                + name
                                + "\",\"key\":\"event.k\""
                                + any(GATHER)
                                + any(ONE_AT_A_TIME)
                                + any(RATE)
                                + "}");
        var trigger = direct.put(name, name, written, Starting.PERSON, now);
        this.witness =
                new TriggerWitness(
                        "seed " + seed + " " + written,
                        StartReader.trigger(written),
                        trigger.id(),
                        database,
                        log);
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            int dice = random.nextInt(100);
            if (dice < 40) {
                send();
            } else if (dice < 55) {
                pass(Duration.ofMillis(random.nextInt(15_000)));
            } else if (dice < 65) {
                pass(Duration.ofSeconds(random.nextInt(150)));
            } else if (dice < 80) {
                end();
            }
            look();
        }
        quiesce();
        assertThat(direct.waiting(direct.find(name).orElseThrow())).as("%s", witness).isZero();
        witness.account(Starting.sessions(log, agent));
        direct.remove(name);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /// As a sender does: again, if no answer came.
    private void send() {
        int number = events++;
        var key = random.nextInt(3) == 0 ? "b" : "a";
        var body = Starting.json("{\"k\":\"" + key + "\",\"n\":" + number + "}");
        var id = "event " + number;
        var fault = any(List.of(Fault.NONE, Fault.NONE, Fault.COMMIT_LOST, Fault.ANSWER_LOST));
        var answer =
                node.attempt(
                        fault,
                        opener,
                        () -> {},
                        o -> node.triggers.take(name, id, body, Starting.PERSON, now));
        if (answer.isEmpty() || random.nextInt(10) == 0) {
            assertThat(Starting.surely(() -> direct.take(name, id, body, Starting.PERSON, now)))
                    .isIn(new Taken.New(1), new Taken.Known(1));
        }
        witness.sent(key, number, now, fault.toString());
    }

    private void end() {
        if (!witness.open().isEmpty()) {
            var session = any(List.copyOf(witness.open().keySet()));
            Starting.end(log, session);
            witness.ended(session);
            pass(Duration.ofSeconds(2));
        }
    }

    /// One look with a fault, and one without: as of another node.
    private void look() {
        var fault = any(List.of(Fault.values()));
        for (var due : ours()) {
            node.attempt(
                    fault,
                    opener,
                    () -> assertThat(startWell(due)).isEmpty(),
                    o -> node.triggers.start(due, now, o));
            waitUntilNobodyHoldsIt();
            witness.see("look " + fault, now, fault == Fault.REFUSED);
        }
        lookWell();
        witness.nothingIsLeft(now);
    }

    private List<Due> ours() {
        return direct.due(now, 1000).stream()
                .filter(due -> due.trigger().name().equals(name))
                .toList();
    }

    private List<SessionId> startWell(Due due) {
        return Starting.surely(() -> direct.start(due, now, opener));
    }

    private void lookWell() {
        for (var due = ours(); !due.isEmpty(); due = ours()) {
            due.forEach(this::startWell);
            witness.see("look", now, false);
        }
    }

    /// The database may still be at the transaction of a connection that was cut.
    private void waitUntilNobodyHoldsIt() {
        database.with(connection -> {
            try (var hold =
                    connection.prepareStatement(
                            """
                            SELECT FROM event_group g JOIN event_trigger t ON t.id = g.trigger
                            WHERE t.name = ? FOR UPDATE
                            """)) {
                hold.setString(1, name);
                return hold.execute();
            }
        });
    }

    private void quiesce() {
        for (int i = 0; i < 500 && witness.isBusy(); i++) {
            for (var session : List.copyOf(witness.open().keySet())) {
                Starting.end(log, session);
                witness.ended(session);
            }
            pass(Duration.ofSeconds(31));
            lookWell();
        }
        assertThat(witness.isBusy()).as("%s never comes to rest", witness).isFalse();
    }
}
