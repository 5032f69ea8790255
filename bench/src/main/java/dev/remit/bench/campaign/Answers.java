package dev.remit.bench.campaign;

import dev.remit.bench.campaign.witness.Heard;
import dev.remit.bench.campaign.witness.Journal;
import dev.remit.bench.campaign.witness.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What Remit says when all is over, asked for by its public API and written down for the checker.
final class Answers {
    private static final int TRIES = 5;
    private static final int PAGE = 500;

    private final Http http;
    private final List<Server> servers;
    private final Builds builds;
    private final Path folder;
    private int node = 1;

    /// @param builds of two, the present one can read all that either has written
    Answers(Network network, List<Server> servers, Builds builds, Path folder) {
        this.http = new Http(network);
        this.servers = servers;
        this.builds = builds;
        this.folder = folder;
    }

    void collect() throws IOException, InterruptedException {
        var ids = new ArrayDeque<String>();
        Set<String> seen = new HashSet<>();
        for (var line : Journal.read(folder.resolve("clients.jsonl"))) {
            if (line.at("what").text().equals("accepted")) {
                ids.add(line.at("id").text());
            }
        }
        pages("/v1/sessions?limit=200&cursor=", "/v1/sessions?limit=200")
                .forEach(session -> ids.add(session.at("id").text()));
        var sessions = new ArrayList<String>();
        var events = new ArrayList<String>();
        while (!ids.isEmpty()) {
            var id = ids.remove();
            if (!seen.add(id)) {
                continue;
            }
            var said = get("/v1/sessions/" + id);
            sessions.add(
                    "{\"id\":\""
                            + id
                            + "\",\"status\":"
                            + said.status()
                            + ",\"said\":"
                            + said.body()
                            + "}");
            if (said.status() == 200) {
                said.json()
                        .at("children")
                        .items()
                        .forEach(child -> ids.add(child.at("session").text()));
                var path = "/v1/sessions/" + id + "/events?limit=" + PAGE;
                for (var event : pages(path + "&after=", path)) {
                    events.add(event.toString());
                }
            }
        }
        Files.write(folder.resolve("sessions.jsonl"), sessions);
        Files.write(folder.resolve("events.jsonl"), events);
        lines("ledger.jsonl", pages("/v1/ledger?limit=200&cursor=", "/v1/ledger?limit=200"));
        lines("budgets.jsonl", get("/v1/budgets").json().at("items").items());
    }

    private void lines(String file, List<Tree> items) throws IOException {
        Files.write(folder.resolve(file), items.stream().map(Tree::toString).toList());
    }

    private List<Tree> pages(String next, String first) throws IOException, InterruptedException {
        var all = new ArrayList<Tree>();
        var path = first;
        while (!path.isEmpty()) {
            var page = get(path).json();
            all.addAll(page.at("items").items());
            var cursor = page.at("next");
            var text =
                    cursor.isText() ? cursor.text() : cursor.isMissing() ? "" : cursor.toString();
            path = text.isEmpty() ? "" : next + text;
        }
        return all;
    }

    private Heard get(String path) throws IOException, InterruptedException {
        for (int i = 1; ; i++) {
            try {
                if (!builds.isPresent(node)) {
                    throw new IOException("no node of this build answers");
                }
                var said = http.send(node, "GET", path, servers.get(node - 1).key(), "");
                if (said.status() / 100 != 5) {
                    return said;
                }
                throw new IOException(said.status() + " " + said.body());
            } catch (IOException e) {
                if (i == TRIES * servers.size()) {
                    throw new IOException("GET " + path + ": " + e.getMessage(), e);
                }
                node = 1 + node % servers.size();
                TimeUnit.MILLISECONDS.sleep(300);
            }
        }
    }
}
