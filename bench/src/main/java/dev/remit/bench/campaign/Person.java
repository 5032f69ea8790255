package dev.remit.bench.campaign;

import dev.remit.bench.campaign.witness.Journal;
import dev.remit.bench.campaign.witness.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Who is asked when nobody else can know: looks into the effect server's books and says what is
/// true. That something did *not* happen he says only when nothing can be on its way any more.
final class Person implements AutoCloseable {
    private static final long LOOK_SECONDS = 2;
    private static final int PAGE = 200;

    private final Http http;
    private final List<Server> servers;
    private final Path folder;
    private final Journal journal;
    private final Thread thread;
    private final Map<String, Long> encouraged = new HashMap<>();
    private volatile boolean calm;
    private volatile boolean closed;
    private volatile int unfinished = -1;
    private int node = 1;

    Person(Network network, List<Server> servers, Path folder) throws IOException {
        this.http = new Http(network);
        this.servers = servers;
        this.folder = folder;
        this.journal = new Journal(folder.resolve("person.jsonl"));
        this.thread = Thread.ofPlatform().daemon().name("person").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// From now on what is not in the books did not happen.
    void allIsCalm() {
        calm = true;
        unfinished = -1;
    }

    /// Sessions that had not ended at the last look; -1: not looked since the calm.
    int unfinished() {
        return unfinished;
    }

    private void run() {
        while (!closed) {
            try {
                TimeUnit.SECONDS.sleep(LOOK_SECONDS);
                look();
            } catch (IOException | IllegalArgumentException e) {
                node = 1 + node % servers.size(); // that one is down: the next one may know
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void look() throws IOException {
        boolean then = calm;
        var idle = list("status=idle");
        int left = list("status=running").size() + idle.size();
        var done = new HashSet<String>();
        for (var line : Journal.read(folder.resolve("effects.jsonl"))) {
            if (!line.at("end").text().equals("refused")) {
                done.add(line.at("key").text());
            }
        }
        for (var session : idle) {
            answer(session, done, then);
        }
        unfinished = then ? left : -1;
    }

    private void answer(Tree session, Set<String> done, boolean calm) throws IOException {
        var id = session.at("id").text();
        var waiting = session.at("waiting");
        switch (waiting.at("for").text()) {
            case "session" -> {
                for (var child : list("status=idle&parent=" + id)) {
                    answer(child, done, calm);
                }
            }
            case "trouble" -> {
                var doubtful = waiting.at("in_doubt").items();
                if (doubtful.isEmpty()) {
                    encourage(id);
                }
                for (var action : doubtful) {
                    boolean happened = done.contains(id + ":" + action.text());
                    if (happened || calm) {
                        resolve(id, action.text(), happened);
                    }
                }
            }
            default -> {}
        }
    }

    private void resolve(String id, String action, boolean happened) throws IOException {
        var body = Tree.write(Map.of("action", action, "happened", happened));
        journal.write("what", "resolving", "id", id, "action", action, "happened", happened);
        int status = post(id + ":resolve", body);
        journal.write("what", "resolved", "id", id, "action", action, "status", status);
    }

    private void encourage(String id) throws IOException {
        long now = System.nanoTime();
        var last = encouraged.get(id);
        if (last == null || now - last > TimeUnit.SECONDS.toNanos(5)) {
            encouraged.put(id, now);
            journal.write("what", "encouraged", "id", id);
            post(id + "/events", "{\"type\":\"message\",\"text\":\"go on\"}");
        }
    }

    private int post(String path, String body) throws IOException {
        int status = http.send(node, "POST", "/v1/sessions/" + path, key(), body).status();
        if (status / 100 != 2) {
            node = 1 + node % servers.size(); // another one may understand more of it
        }
        return status;
    }

    private String key() throws IOException {
        return servers.get(node - 1).key();
    }

    private List<Tree> list(String query) throws IOException {
        var all = new ArrayList<Tree>();
        var cursor = "";
        do {
            var path = "/v1/sessions?" + query + "&limit=" + PAGE + cursor;
            var said = http.send(node, "GET", path, key(), "");
            if (said.status() != 200) {
                throw new IOException("no list: " + said.status());
            }
            var page = said.json();
            all.addAll(page.at("items").items());
            var next = page.at("next").text();
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return all;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
