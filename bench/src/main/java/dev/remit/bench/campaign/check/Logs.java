package dev.remit.bench.campaign.check;

import static dev.remit.bench.campaign.check.Finding.Kind.LOG;

import dev.remit.bench.campaign.witness.Tree;
import java.util.List;

/// A log has no gaps, its epochs never go back, mail is taken in once and in order, and nothing
/// comes after the end.
final class Logs {
    private final Evidence evidence;
    private final Findings findings;

    Logs(Evidence evidence, Findings findings) {
        this.evidence = evidence;
        this.findings = findings;
    }

    void check() {
        evidence.sessions().forEach((id, session) -> check(id, session, evidence.events(id)));
    }

    private void check(String id, Tree session, List<Tree> log) {
        long seq = 0;
        long epoch = 0;
        long mail = 0;
        boolean closed = false;
        for (var event : log) {
            if (event.at("seq").number() != ++seq) {
                findings.add(LOG, id, "has " + event.at("seq") + " where " + seq + " should be");
                seq = event.at("seq").number();
            }
            if (event.at("epoch").number() < epoch) {
                findings.add(LOG, id, "goes back from epoch " + epoch + " at " + seq);
            }
            epoch = event.at("epoch").number();
            if (closed) {
                findings.add(LOG, id, "goes on behind its end, at " + seq);
            }
            switch (Evidence.type(event)) {
                case "closed" -> closed = true;
                case "received" -> {
                    long position = event.at("event").at("position").number();
                    if (position != mail + 1) {
                        findings.add(LOG, id, "took in mail " + position + " behind " + mail);
                    }
                    mail = position;
                }
                case "recovered" -> findings.note("recoveries", 1);
                case "action_in_doubt" -> findings.note("actions that were in doubt", 1);
                default -> {}
            }
        }
        if (log.isEmpty() || !Evidence.type(log.getFirst()).equals("opened")) {
            findings.add(LOG, id, "does not begin with its opening");
        }
        if (session.at("head").number() != seq) {
            findings.add(LOG, id, "has " + seq + " events, and its head is " + session.at("head"));
        }
        if (closed != session.at("status").text().equals("closed")) {
            findings.add(LOG, id, "and its status do not agree whether it has ended");
        }
    }
}
