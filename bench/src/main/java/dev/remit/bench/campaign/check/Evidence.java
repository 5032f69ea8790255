package dev.remit.bench.campaign.check;

import dev.remit.bench.campaign.witness.Journal;
import dev.remit.bench.campaign.witness.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that is known of a campaign, as it was written down.
///
/// @param clients what programs wanted and were told
/// @param effects what happened in the world
/// @param invoice what the model provider billed
/// @param sessions what Remit says of each session in the end, by id
/// @param events the log of each session, by id
record Evidence(
        List<Tree> clients,
        List<Tree> effects,
        List<Tree> invoice,
        Map<String, Tree> sessions,
        Map<String, List<Tree>> events,
        List<Tree> ledger,
        List<Tree> budgets,
        Set<String> families) {

    static Evidence read(Path folder) throws IOException {
        var sessions = new LinkedHashMap<String, Tree>();
        for (var line : Journal.read(folder.resolve("sessions.jsonl"))) {
            if (line.at("status").number() == 200) {
                sessions.put(line.at("id").text(), line.at("said"));
            }
        }
        var events = new LinkedHashMap<String, List<Tree>>();
        for (var event : Journal.read(folder.resolve("events.jsonl"))) {
            events.computeIfAbsent(event.at("session").text(), id -> new ArrayList<>()).add(event);
        }
        var families = new HashSet<String>();
        var plan = Tree.parse(Files.readString(folder.resolve("plan.json")));
        plan.at("faults").items().forEach(fault -> families.add(fault.at("family").text()));
        return new Evidence(
                Journal.read(folder.resolve("clients.jsonl")),
                Journal.read(folder.resolve("effects.jsonl")),
                Journal.read(folder.resolve("invoice.jsonl")),
                sessions,
                events,
                Journal.read(folder.resolve("ledger.jsonl")),
                Journal.read(folder.resolve("budgets.jsonl")),
                families);
    }

    /// Lines of the clients that say one thing.
    List<Tree> clients(String what) {
        return clients.stream().filter(line -> line.at("what").text().equals(what)).toList();
    }

    List<Tree> events(String session) {
        return events.getOrDefault(session, List.of());
    }

    /// What was given to a session to begin with.
    Tree input(String session) {
        var log = events(session);
        return log.isEmpty() ? Tree.parse("null") : log.getFirst().at("event").at("input");
    }

    /// The one that it works for; empty if it works for nobody.
    String parent(String session) {
        return sessions.getOrDefault(session, Tree.parse("null")).at("parent").at("session").text();
    }

    static String type(Tree event) {
        return event.at("event").at("type").text();
    }
}
