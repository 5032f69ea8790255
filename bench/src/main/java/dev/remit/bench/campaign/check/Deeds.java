package dev.remit.bench.campaign.check;

import static dev.remit.bench.campaign.check.Finding.Kind.DUPLICATE;
import static dev.remit.bench.campaign.check.Finding.Kind.LOST;

import dev.remit.bench.campaign.witness.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Each effect happened once or is listed in doubt; none without a start in a log; and what a log
/// calls done was done.
final class Deeds {
    private final Evidence evidence;
    private final Findings findings;

    /// What the world knows of a key.
    private record Done(String path, long n, long step, int times) {}

    /// What a log knows of a key.
    ///
    /// @param end `done`, `failed`, `unknown`, or empty if there is none
    private record Known(
            String session, boolean idempotent, long n, long step, String end, boolean doubted) {
        Known ended(String end) {
            return new Known(session, idempotent, n, step, end, doubted);
        }

        Known inDoubt() {
            return new Known(session, idempotent, n, step, end, true);
        }
    }

    Deeds(Evidence evidence, Findings findings) {
        this.evidence = evidence;
        this.findings = findings;
    }

    void check() {
        var world = world();
        var logs = new LinkedHashMap<String, Known>();
        evidence.events().forEach((id, log) -> log.forEach(e -> learn(id, e.at("event"), logs)));
        world.forEach((key, done) -> causes(key, done, logs.get(key)));
        logs.forEach((key, known) -> happened(key, known, world.get(key)));
        onceUnderAnyKey(world, logs);
    }

    private Map<String, Done> world() {
        var world = new LinkedHashMap<String, Done>();
        for (var line : evidence.effects()) {
            if (line.at("end").text().equals("done")) {
                world.merge(
                        line.at("key").text(),
                        new Done(
                                line.at("path").text(),
                                line.at("n").number(),
                                line.at("step").number(),
                                1),
                        (a, b) -> new Done(a.path(), a.n(), a.step(), a.times() + 1));
            }
        }
        return world;
    }

    private static void learn(String session, Tree event, Map<String, Known> logs) {
        var key = session + ":" + event.at("action").text();
        switch (event.at("type").text()) {
            case "action_started" -> {
                var arguments = event.at("arguments");
                var before = logs.get(event.at("idempotency_key").text());
                logs.put(
                        event.at("idempotency_key").text(),
                        new Known(
                                session,
                                event.at("idempotent").truth(),
                                arguments.at("n").number(),
                                arguments.at("step").number(),
                                "",
                                before != null && before.doubted()));
            }
            case "action_ended" ->
                    logs.computeIfPresent(
                            key, (k, known) -> known.ended(event.at("end").at("end").text()));
            case "action_in_doubt" -> logs.computeIfPresent(key, (k, known) -> known.inDoubt());
            default -> {}
        }
    }

    private void causes(String key, Done done, @org.jspecify.annotations.Nullable Known known) {
        if (known == null) {
            findings.add(LOST, "", "effect " + key + " happened, and no log has its start");
            return;
        }
        if (done.n() != known.n() || done.step() != known.step()) {
            findings.add(LOST, known.session(), "effect " + key + " is not what its log started");
        }
        if (done.times() > 1) {
            if (known.doubted()) {
                findings.note("effects that happened twice and are listed in doubt", 1);
            } else {
                findings.add(
                        DUPLICATE, known.session(), key + " happened " + done.times() + " times");
            }
        }
    }

    private void happened(String key, Known known, @org.jspecify.annotations.Nullable Done done) {
        boolean did = done != null;
        if (known.end().equals("done") && !did) {
            findings.add(LOST, known.session(), key + " is called done, and did not happen");
        }
        if (did && !known.idempotent() && known.end().equals("failed") && !known.doubted()) {
            findings.add(LOST, known.session(), key + " is called failed, and happened");
        }
        boolean closed =
                evidence.sessions()
                        .getOrDefault(known.session(), Tree.parse("null"))
                        .at("status")
                        .text()
                        .equals("closed");
        if (did && closed && !known.idempotent() && known.end().isEmpty() && !known.doubted()) {
            findings.add(LOST, known.session(), key + " happened, and its session never says so");
        }
    }

    /// A step of a plan is done under one key alone, whoever carried the session on.
    private void onceUnderAnyKey(Map<String, Done> world, Map<String, Known> logs) {
        Map<String, Set<String>> keys = new HashMap<>();
        world.forEach((key, done) -> {
            var known = logs.get(key);
            if (known != null) {
                var step = known.session() + " step " + done.step();
                keys.computeIfAbsent(step, s -> new HashSet<>()).add(key);
            }
        });
        keys.forEach((step, used) -> {
            if (used.size() > 1) {
                findings.add(DUPLICATE, step, "was done under several keys: " + used);
            }
        });
    }
}
