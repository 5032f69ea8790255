package dev.remit.bench.campaign.check;

import static dev.remit.bench.campaign.check.Finding.Kind.MONEY;

import dev.remit.bench.campaign.witness.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The ledger against the provider's invoice: each line of it stands in the ledger once and with
/// its cost, or within what is uncertain or was forfeited; and no budget was ever exceeded.
final class Books {
    /// Faults after which what a node held may have to be given up.
    private static final Set<String> DEADLY =
            Set.of("kill", "pause", "partition", "link", "clock", "postgres", "disk", "reset");

    private final Evidence evidence;
    private final Findings findings;

    Books(Evidence evidence, Findings findings) {
        this.evidence = evidence;
        this.findings = findings;
    }

    void check() {
        Map<Long, List<Tree>> rows = new HashMap<>();
        long uncertain = 0;
        long unattributed = 0;
        for (var row : evidence.ledger()) {
            long serial = serial(row.at("answered").text());
            var end = row.at("end").text();
            if (end.equals("unattributed")) {
                boolean whole = row.at("scope").text().startsWith("organisation");
                unattributed += whole ? row.at("cost_micros").number() : 0;
            } else if (serial > 0) {
                rows.computeIfAbsent(serial, s -> new ArrayList<>()).add(row);
            } else {
                uncertain += row.at("cost_micros").number();
            }
        }
        findings.note("micro-dollars unattributed, of nodes that died", unattributed);
        findings.note("micro-dollars in rows without an answer", uncertain);
        long open = lines(rows);
        findings.note("micro-dollars billed for answers that reached nobody", open);
        if (open > uncertain + unattributed) {
            findings.add(
                    MONEY,
                    "",
                    open
                            + " micro-dollars were billed and are in no row; only "
                            + uncertain
                            + " are uncertain and "
                            + unattributed
                            + " unattributed");
        }
        boolean anybodyDied = evidence.families().stream().anyMatch(DEADLY::contains);
        if (unattributed > 0 && !anybodyDied) {
            findings.add(MONEY, "", unattributed + " unattributed, and no node had died");
        }
        clientsAnswers(rows);
        budgets();
    }

    /// @return what was billed and stands in no row of its own
    private long lines(Map<Long, List<Tree>> rows) {
        long open = 0;
        var billed = new HashSet<Long>();
        for (var line : evidence.invoice()) {
            long serial = line.at("serial").number();
            billed.add(serial);
            var found = rows.getOrDefault(serial, List.of());
            if (found.isEmpty()) {
                open += line.at("micros").number();
            } else if (found.size() > 1) {
                findings.add(MONEY, "", "answer " + serial + " stands in the ledger twice");
            } else {
                agrees(line, found.getFirst());
            }
        }
        for (var serial : rows.keySet()) {
            if (!billed.contains(serial)) {
                findings.add(MONEY, "", "answer " + serial + " is in the ledger, never billed");
            }
        }
        return open;
    }

    private void agrees(Tree line, Tree row) {
        long cost = row.at("cost_micros").number();
        long micros = line.at("micros").number();
        boolean certain = row.at("certain").truth();
        if (certain ? cost != micros : cost < micros) {
            findings.add(
                    MONEY,
                    row.at("session").text(),
                    "answer %d was billed with %d micro-dollars, and is written down with %d%s"
                            .formatted(
                                    line.at("serial").number(),
                                    micros,
                                    cost,
                                    certain ? "" : " (uncertain)"));
        }
        if (row.at("overrun").truth()) {
            findings.add(MONEY, row.at("session").text(), "more than was reserved: " + row);
        }
    }

    /// An answer that a program has in hand is in the books.
    private void clientsAnswers(Map<Long, List<Tree>> rows) {
        var seen = new HashSet<Long>();
        int missing = 0;
        for (var line : evidence.clients("answer")) {
            long serial = serial(line.at("model").text());
            if (!seen.add(serial)) {
                findings.add(MONEY, "", "answer " + serial + " was given to two programs");
            }
            missing += rows.containsKey(serial) ? 0 : 1;
        }
        findings.note("answers to programs whose row died with a node", missing);
        if (missing > 0 && evidence.families().stream().noneMatch(DEADLY::contains)) {
            findings.add(MONEY, "", missing + " answers were given and are in no row");
        }
    }

    /// The provider's own sums for each key, and what Remit says of each budget.
    private void budgets() {
        Map<String, Long> billed = new HashMap<>();
        for (var line : evidence.invoice()) {
            billed.merge(line.at("mark").text(), line.at("micros").number(), Long::sum);
        }
        for (var key : evidence.clients("key")) {
            long limit = key.at("limit").number();
            long spent = billed.getOrDefault(key.at("name").text(), 0L);
            if (limit > 0 && spent > limit) {
                findings.add(
                        MONEY,
                        "",
                        key.at("name").text() + " may spend " + limit + " and was billed " + spent);
            }
        }
        for (var budget : evidence.budgets()) {
            long used = budget.at("spent_micros").number() + budget.at("held_micros").number();
            if (used > budget.at("limit_micros").number()) {
                findings.add(MONEY, "", "beyond its limit: " + budget);
            }
        }
    }

    /// The number behind the last dash of a model's name; 0 if there is none.
    private static long serial(String model) {
        var digits = model.substring(model.lastIndexOf('-') + 1);
        return digits.matches("\\d{1,12}") ? Long.parseLong(digits) : 0;
    }
}
