package dev.remit.bench.campaign.check;

import static dev.remit.bench.campaign.check.Finding.Kind.DUPLICATE;
import static dev.remit.bench.campaign.check.Finding.Kind.LOST;
import static dev.remit.bench.campaign.check.Finding.Kind.WRONG;

import dev.remit.bench.campaign.witness.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What came out is what went in asked for: every step that was done was told, in order, and summed
/// up right; every message was heard once, in order; nobody was cancelled unasked.
final class Outputs {
    private static final long LAST_STEP = 90;

    private final Evidence evidence;
    private final Findings findings;
    private final Set<String> cancelled = new HashSet<>();

    Outputs(Evidence evidence, Findings findings) {
        this.evidence = evidence;
        this.findings = findings;
        evidence.clients("cancelling").forEach(line -> cancelled.add(line.at("id").text()));
    }

    void check() {
        evidence.sessions()
                .forEach((id, session) -> {
                    if (session.at("status").text().equals("closed")) {
                        check(id, session);
                    }
                });
        messages();
    }

    private void check(String id, Tree session) {
        var reason = session.at("stop_reason").text();
        if (reason.equals("cancelled")) {
            if (!cancelled.contains(id) && !cancelled.contains(evidence.parent(id))) {
                findings.add(WRONG, id, "was cancelled, and nobody asked for it");
            }
            return;
        }
        if (!reason.equals("completed")) {
            if (!cancelled.contains(id) && !cancelled.contains(evidence.parent(id))) {
                findings.add(WRONG, id, "ended as " + reason + ": " + session.at("why").text());
            }
            return;
        }
        if (!session.at("outcome").at("status").text().equals("good")) {
            findings.add(WRONG, id, "completed, and was not good: " + session.at("outcome"));
        }
        var agent = session.at("agent").text();
        var output = session.at("output");
        switch (agent) {
            case "clerk" -> clerk(id, output, "");
            case "pair.left" -> clerk(id, output, "left_");
            case "pair.right" -> clerk(id, output, "right_");
            case "scribe" -> steps(id, output, "", List.of(0L, 10L, 20L));
            case "pair" -> pair(id, output);
            default -> {}
        }
    }

    private void clerk(String id, Tree output, String prefix) {
        var planned = planned(evidence.input(id).at("plan").text());
        steps(id, output, prefix, planned);
        long sum = 0;
        for (var step : output.at(prefix + "told").items()) {
            sum += value(evidence.input(id).at("n").number(), step.number());
        }
        if (output.at(prefix + "sum").number() != sum) {
            findings.add(WRONG, id, "says the sum is " + output.at(prefix + "sum") + ": " + sum);
        }
        var heard = numbers(output.at(prefix + "heard"));
        if (!heard.equals(said(id))) {
            findings.add(WRONG, id, "heard " + heard + " of the messages " + said(id));
        }
    }

    /// What doing a step gives, as the effect server has it.
    private static long value(long n, long step) {
        return (n * 7 + step * 13) % 1000;
    }

    private static List<Long> planned(String plan) {
        var steps = new ArrayList<Long>();
        var words = plan.split(",", -1);
        for (int turn = 0; turn < words.length; turn++) {
            for (int i = 0; i < words[turn].length(); i++) {
                steps.add(turn * 10L + i);
            }
        }
        return steps;
    }

    /// Each planned step was told, or ended in a way in which there is nothing to tell.
    private void steps(String id, Tree output, String prefix, List<Long> planned) {
        if (output.at(prefix + "n").number() != evidence.input(id).at("n").number()) {
            findings.add(WRONG, id, "speaks of another n: " + output);
        }
        var told = numbers(output.at(prefix + "told"));
        var expected = new ArrayList<>(planned);
        expected.removeAll(untold(id));
        if (!told.equals(expected)) {
            findings.add(WRONG, id, "was told of steps " + told + " instead of " + expected);
        }
    }

    /// Steps whose last end in the log is no result.
    private Set<Long> untold(String id) {
        var steps = new java.util.HashMap<String, Long>();
        Set<Long> untold = new LinkedHashSet<>();
        for (var recorded : evidence.events(id)) {
            var event = recorded.at("event");
            var action = event.at("action").text();
            switch (event.at("type").text()) {
                case "action_started" ->
                        steps.put(action, event.at("arguments").at("step").number());
                case "action_ended" -> {
                    var step = steps.get(action);
                    boolean result = event.at("end").at("end").text().equals("done");
                    if (step != null && result) {
                        untold.remove(step);
                    } else if (step != null) {
                        untold.add(step);
                    }
                }
                case "action_in_doubt" -> {
                    var step = steps.get(action);
                    if (step != null) {
                        untold.add(step);
                    }
                }
                default -> {}
            }
        }
        findings.note("steps that failed or stayed in doubt", untold.size());
        return untold;
    }

    private void pair(String id, Tree output) {
        var children = new HashSet<String>();
        evidence.sessions()
                .forEach((child, session) -> {
                    if (evidence.parent(child).equals(id)
                            && !children.add(session.at("agent").text())) {
                        findings.add(DUPLICATE, id, "handed " + session.at("agent") + " out twice");
                    }
                });
        for (var side : List.of("left", "right")) {
            if (!children.contains("pair." + side)) {
                findings.add(LOST, id, "completed without " + side);
            }
            if (output.at(side + "_n").number() != evidence.input(id).at("n").number()) {
                findings.add(WRONG, id, "has no answer of " + side + ": " + output);
            }
        }
        boolean last =
                evidence.effects().stream()
                        .anyMatch(e ->
                                e.at("key").text().startsWith(id + ":")
                                        && e.at("step").number() == LAST_STEP
                                        && e.at("end").text().equals("done"));
        if (!last) {
            findings.add(LOST, id, "completed, and its last step did not happen");
        }
    }

    // ---- messages

    /// The messages that a session took in, in the order of its log.
    private List<Long> said(String id) {
        var said = new ArrayList<Long>();
        for (var recorded : evidence.events(id)) {
            var mail = recorded.at("event").at("mail");
            var text = mail.at("text").text();
            if (mail.at("mail").text().equals("message") && text.startsWith("say-")) {
                said.add(Long.parseLong(text.substring("say-".length())));
            }
        }
        return said;
    }

    /// Each message is taken in at most once; one that was accepted, at least once, unless its
    /// session had ended before it could.
    private void messages() {
        var taken = new HashSet<Long>();
        for (var id : evidence.sessions().keySet()) {
            for (var n : said(id)) {
                if (!taken.add(n)) {
                    findings.add(DUPLICATE, id, "took in message " + n + " twice");
                }
            }
        }
        for (var line : evidence.clients("said")) {
            boolean accepted = line.at("status").number() == 202;
            if (accepted && !taken.contains(line.at("n").number())) {
                findings.note("messages accepted by a session that ended without them", 1);
            }
        }
    }

    private static List<Long> numbers(Tree list) {
        return list.items().stream().map(Tree::number).toList();
    }
}
