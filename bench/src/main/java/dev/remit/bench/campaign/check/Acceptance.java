package dev.remit.bench.campaign.check;

import static dev.remit.bench.campaign.check.Finding.Kind.DUPLICATE;
import static dev.remit.bench.campaign.check.Finding.Kind.LOST;
import static dev.remit.bench.campaign.check.Finding.Kind.STUCK;

import dev.remit.bench.campaign.witness.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/// Accepted is stored, once, and ends; and there is nothing that nobody asked for.
final class Acceptance {
    private final Evidence evidence;
    private final Findings findings;

    Acceptance(Evidence evidence, Findings findings) {
        this.evidence = evidence;
        this.findings = findings;
    }

    void check() {
        var wishes = new HashSet<String>();
        evidence.clients("wish").forEach(line -> wishes.add(line.at("wish").text()));
        acceptedIsStoredOnce();
        Map<String, String> byMark = new HashMap<>();
        for (var session : evidence.sessions().entrySet()) {
            var id = session.getKey();
            ends(id, session.getValue());
            var parent = evidence.parent(id);
            var mark = evidence.input(id).at("mark").text();
            if (!parent.isEmpty()) {
                if (!evidence.sessions().containsKey(parent)) {
                    findings.add(LOST, id, "works for " + parent + ", which is not there");
                }
            } else if (!wishes.contains(mark)) {
                findings.add(LOST, id, "exists, and nobody asked for \"" + mark + "\"");
            } else {
                var other = byMark.put(mark, id);
                if (other != null) {
                    findings.add(DUPLICATE, id, "was opened for the same wish as " + other);
                }
            }
        }
        findings.note("wishes that nobody answered in time", evidence.clients("gave-up").size());
        findings.note("wishes that were refused", evidence.clients("refused").size());
    }

    private void acceptedIsStoredOnce() {
        Map<String, String> ids = new HashMap<>();
        for (var line : evidence.clients("accepted")) {
            var id = line.at("id").text();
            var other = ids.put(line.at("wish").text(), id);
            if (other != null && !other.equals(id)) {
                findings.add(DUPLICATE, id, "accepted for a wish that had " + other + " before");
            }
            if (!evidence.sessions().containsKey(id)) {
                findings.add(LOST, id, "was accepted, and is not there");
            } else if (!evidence.input(id).at("mark").text().equals(line.at("wish").text())) {
                findings.add(LOST, id, "has another input than the one that was accepted");
            }
        }
    }

    private void ends(String id, Tree session) {
        var status = session.at("status").text();
        if (status.equals("closed")) {
            findings.note("sessions " + session.at("stop_reason").text(), 1);
            return;
        }
        var waiting = session.at("waiting");
        boolean person = waiting.at("for").text().equals("trouble");
        if (person && !waiting.at("why").text().isEmpty()) {
            findings.note("sessions that wait for a person", 1);
        } else {
            findings.add(
                    STUCK, id, "is " + status + (waiting.isMissing() ? "" : " for " + waiting));
        }
    }
}
