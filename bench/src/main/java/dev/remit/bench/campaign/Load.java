package dev.remit.bench.campaign;

import dev.remit.bench.campaign.witness.Heard;
import dev.remit.bench.campaign.witness.Journal;
import dev.remit.bench.campaign.witness.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Programs that give Remit work. Each writes down what it wants before it asks for it, and what it
/// was told; it asks again, elsewhere, until it is told something.
final class Load implements AutoCloseable {
    private static final String PERMISSIONS =
            "[\"sessions:run\",\"sessions:read\",\"models:use\",\"operations:run\"]";
    private static final int REMEMBERED = 20;
    private static final int CALLS_A_KEY = 60;
    private static final long LONGEST_PAUSE = 900;
    private static final long KEY_BUDGET = 10_000;

    private final Http http;
    private final List<Server> servers;
    private final Journal journal;
    private final long seed;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    Load(Network network, List<Server> servers, Path folder, long seed) throws IOException {
        this.http = new Http(network);
        this.servers = servers;
        this.journal = new Journal(folder.resolve("clients.jsonl"));
        this.seed = seed;
    }

    /// Sessions that were accepted so far.
    long accepted() {
        return accepted.get();
    }

    /// Model calls that were answered so far.
    long answered() {
        return answered.get();
    }

    /// Makes the agents known, and keys for the clients; before anything goes wrong.
    void prepare(Agents agents, int clients) throws IOException {
        for (var agent : agents.all().entrySet()) {
            var body = Tree.write(Map.of("files", agent.getValue()));
            var said = http.send(1, "POST", "/v1/agents", servers.getFirst().key(), body);
            if (said.status() != 200) {
                throw new IOException("agent " + agent.getKey() + " is refused: " + said.body());
            }
        }
        for (int i = 0; i < clients; i++) {
            var key = makeKey("client-" + i, PERMISSIONS, 0);
            int client = i;
            threads.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("client-" + i)
                            .unstarted(() -> new Client(client, key).run()));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /// @return the key's text
    private String makeKey(String name, String permissions, long budgetMicros) throws IOException {
        var wish = new LinkedHashMap<String, Object>();
        wish.put("name", name);
        wish.put("permissions", Tree.parse(permissions));
        if (budgetMicros > 0) {
            wish.put("budget", "%.6f USD/total".formatted(budgetMicros / 1e6));
        }
        int node = 1;
        var said =
                http.send(node, "POST", "/v1/keys", servers.get(node - 1).key(), Tree.write(wish));
        if (said.status() / 100 != 2) {
            throw new IOException("no key was made: " + said.status() + " " + said.body());
        }
        var made = said.json();
        journal.write(
                "what", "key", "name", name, "id", made.at("id").text(), "limit", budgetMicros);
        return made.at("key").text();
    }

    /// Asks for nothing more, and waits until every open question was answered.
    @Override
    public void close() throws IOException {
        stopping = true;
        try {
            for (var thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(90));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// One program.
    private final class Client {
        private final int number;
        private final String key;
        private final Random random;
        private final List<String> recent = new ArrayList<>();
        private String moneyKey = "";
        private String moneyName = "";
        private int calls;

        Client(int number, String key) {
            this.number = number;
            this.key = key;
            this.random = new Random(seed * 31 + number);
        }

        void run() {
            while (!stopping) {
                try {
                    int dice = random.nextInt(100);
                    if (dice < 55) {
                        open();
                    } else if (dice < 65) {
                        say();
                    } else if (dice < 69) {
                        cancel();
                    } else {
                        callModel();
                    }
                    TimeUnit.MILLISECONDS.sleep(random.nextLong(LONGEST_PAUSE));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        private int anyNode() {
            return 1 + random.nextInt(servers.size());
        }

        // ---- sessions

        /// Asks until somebody says yes or no, each time with the same key.
        private void open() throws InterruptedException {
            int n = numbers.incrementAndGet();
            var wish = "w-" + number + "-" + n;
            var kind = List.of("clerk", "clerk", "scribe", "pair").get(random.nextInt(4));
            var input = new LinkedHashMap<String, Object>();
            input.put("n", n);
            input.put("mark", wish);
            if (!kind.equals("scribe")) {
                input.put("plan", plan());
            }
            var body = new LinkedHashMap<String, Object>();
            body.put("agent", kind);
            body.put("input", input);
            body.put(
                    "models",
                    kind.equals("scribe")
                            ? Map.of("provider", "rehearsal", "seed", n)
                            : Map.of("provider", "gateway"));
            var text = Tree.write(body);
            journal.write("what", "wish", "wish", wish, "kind", kind, "input", input);
            long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
            while (System.nanoTime() < patience) {
                int node = anyNode();
                try {
                    var said =
                            http.send(
                                    node,
                                    "POST",
                                    "/v1/sessions",
                                    key,
                                    text,
                                    "Idempotency-Key: " + wish);
                    if (said.status() / 100 == 2) {
                        accept(wish, node, said);
                        return;
                    }
                    if (said.status() / 100 == 4 && said.status() != 429 && said.status() != 408) {
                        journal.write(
                                "what",
                                "refused",
                                "wish",
                                wish,
                                "status",
                                said.status(),
                                "why",
                                said.body());
                        return;
                    }
                } catch (IOException | IllegalArgumentException e) {
                    // down, paused or cut off: nobody knows; the same question again, elsewhere
                }
                TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(400));
            }
            journal.write("what", "gave-up", "wish", wish);
        }

        private void accept(String wish, int node, Heard said) {
            var id = said.json().at("id").text();
            journal.write(
                    "what",
                    "accepted",
                    "wish",
                    wish,
                    "id",
                    id,
                    "node",
                    node,
                    "status",
                    said.status());
            accepted.incrementAndGet();
            recent.add(id);
            if (recent.size() > REMEMBERED) {
                recent.removeFirst();
            }
        }

        private String plan() {
            var words = List.of("o", "a", "oa", "aa", "a", "o");
            var plan = new StringBuilder();
            for (int i = 0; i <= random.nextInt(4); i++) {
                plan.append(i == 0 ? "" : ",").append(words.get(random.nextInt(words.size())));
            }
            return plan.toString();
        }

        private void say() {
            if (recent.isEmpty()) {
                return;
            }
            var id = recent.getLast();
            int n = numbers.incrementAndGet();
            journal.write("what", "saying", "id", id, "n", n);
            int status = send(id + "/events", "{\"type\":\"message\",\"text\":\"say-" + n + "\"}");
            journal.write("what", "said", "id", id, "n", n, "status", status);
        }

        private void cancel() {
            if (recent.isEmpty()) {
                return;
            }
            var id = recent.get(random.nextInt(recent.size()));
            journal.write("what", "cancelling", "id", id);
            int status = send(id + ":cancel", "{\"why\":\"changed my mind\"}");
            journal.write("what", "cancelled", "id", id, "status", status);
        }

        /// @return 0 if nobody knows
        private int send(String path, String body) {
            try {
                return http.send(anyNode(), "POST", "/v1/sessions/" + path, key, body).status();
            } catch (IOException e) {
                return 0;
            }
        }

        // ---- models, with a budget that is soon used up

        private void callModel() {
            int n = numbers.incrementAndGet();
            try {
                if (moneyKey.isEmpty() || calls++ > CALLS_A_KEY) {
                    moneyName = "money-" + number + "-" + n;
                    moneyKey = "";
                    moneyKey = makeKey(moneyName, "[\"models:use\"]", KEY_BUDGET);
                    calls = 0;
                }
                var content = "{\\\"mark\\\":\\\"" + moneyName + "\\\",\\\"n\\\":" + n + "}";
                var body =
                        "{\"model\":\"capable\",\"max_tokens\":60,\"messages\":"
                                + "[{\"role\":\"user\",\"content\":\""
                                + content
                                + "\"}]}";
                var said =
                        http.send(anyNode(), "POST", "/openai/v1/chat/completions", moneyKey, body);
                if (said.status() == 200) {
                    answered.incrementAndGet();
                    journal.write(
                            "what",
                            "answer",
                            "mark",
                            moneyName,
                            "model",
                            said.json().at("model").text(),
                            "call",
                            said.headers().getOrDefault("x-remit-call", ""));
                } else {
                    journal.write("what", "no-answer", "mark", moneyName, "status", said.status());
                    if (said.status() == 429 && said.body().contains("insufficient_quota")) {
                        moneyKey = "";
                    }
                }
            } catch (IOException | IllegalArgumentException e) {
                journal.write("what", "no-answer", "mark", moneyName, "status", 0);
            }
        }
    }
}
