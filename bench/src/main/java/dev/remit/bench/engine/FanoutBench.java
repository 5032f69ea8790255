package dev.remit.bench.engine;

import dev.remit.bench.engine.Readers.Door;
import dev.remit.bench.harness.Child;
import dev.remit.bench.harness.Figures;
import dev.remit.bench.harness.Line;
import dev.remit.bench.harness.ServerFlags;
import dev.remit.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// One session, and many who listen to it: how old the words of its model are when they come, what
/// that takes, and whether the session itself gets slower by it.
public final class FanoutBench {
    private static final int ONE = 21_121;
    private static final int TWO = 21_122;
    private static final int SPEAKER = 21_123;
    private static final int ROUNDS = 3;
    private static final int STEPS = 100;
    private static final int SMALL = 1_000;
    private static final int LARGE = 64_000;

    private final Path folder;
    private final Child one;
    private final Door front;
    private final int words;
    private final Consumer<String> progress;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Figures figures =
            new Figures("one session, 50 words a second, and many who listen");

    private FanoutBench(Path folder, Child one, double seconds, Consumer<String> progress)
            throws IOException {
        this.folder = folder;
        this.one = one;
        this.front = door("one", ONE);
        this.words = (int) Math.max(50, 50 * seconds);
        this.progress = progress;
    }

    /// @param seconds of a round
    public static Figures run(Path folder, double seconds, Consumer<String> progress)
            throws IOException, InterruptedException {
        progress.accept("starting a node");
        try (var _ = speaker(folder);
                var one = node(folder, "one", ONE)) {
            var bench = new FanoutBench(folder, one, seconds, progress);
            bench.apply(agent());
            bench.apply(workflow());
            bench.steps();
            bench.listen();
            return bench.figures;
        }
    }

    private static Child speaker(Path folder) throws IOException, InterruptedException {
        return Child.start(
                "speaker",
                Child.java(
                        List.of("-XX:+UseSerialGC", "-Xmx256m"),
                        Speaker.class.getName(),
                        List.of(Integer.toString(SPEAKER))),
                Map.of(),
                folder,
                SPEAKER);
    }

    private static Child node(Path folder, String name, int port, String... more)
            throws IOException, InterruptedException {
        var config =
                """
                remit: server/v1
                providers:
                  fake: { kind: openai-compatible, url: "http://127.0.0.1:%d/v1" }
                routes:
                  speak: fake/speaker
                prices:
                  "fake/speaker": { input: 0.15, output: 0.6 }
                """
                        .formatted(SPEAKER);
        var file = Files.writeString(folder.resolve(name + ".yaml"), config);
        var arguments =
                new ArrayList<>(
                        List.of(
                                "--home",
                                folder.resolve(name).toString(),
                                "--port",
                                Integer.toString(port),
                                "--config",
                                file.toString()));
        arguments.addAll(List.of(more));
        return Child.start(
                name,
                Child.java(ServerFlags.OF_THE_LAUNCHER, "dev.remit.server.Main", arguments),
                Map.of(),
                folder,
                port);
    }

    private Door door(String name, int port) throws IOException {
        return new Door(port, Files.readString(folder.resolve(name + "/key")).strip());
    }

    private static Map<String, String> agent() {
        var files = new TreeMap<String, String>();
        files.put(
                "agent.yaml",
                "remit: agent/v1\nname: speaker\ndescription: says the time\nmodel: speak\n");
        files.put("instructions.md", "Say what time it is.\n");
        return files;
    }

    private static Map<String, String> workflow() {
        var steps = new StringBuilder("remit: workflow/v1\nname: walker\nsteps:\n");
        for (int i = 0; i < STEPS; i++) {
            steps.append("  - { do: step, as: step%d, with: {} }\n".formatted(i));
        }
        var files = new TreeMap<String, String>();
        files.put("workflow.yaml", steps.toString());
        files.put(
                "tools/step.yaml",
                """
                remit: tool/v1
                description: takes its time
                tier: 1
                idempotent: true
                timeout: 60s
                input: { type: object }
                http: { method: POST, url: "http://127.0.0.1:%d/tool" }
                """
                        .formatted(SPEAKER));
        return files;
    }

    private JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ONE + path))
                        .header("Authorization", "Bearer " + front.key())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(Json.canonical(body)));
        return sent(path, request);
    }

    private void prepare(int howMany, int bytes) throws IOException, InterruptedException {
        order("POST", "/prepare?words=" + howMany + "&bytes=" + bytes);
    }

    private void begin() throws IOException, InterruptedException {
        order("POST", "/begin");
    }

    /// To the speaker.
    private JsonNode order(String method, String path) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + SPEAKER + path))
                        .method(method, BodyPublishers.noBody());
        return sent(path, request);
    }

    private JsonNode sent(String path, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        var answer = http.send(request.build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + ": " + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body().length == 0 ? Json.object() : Json.parse(answer.body());
    }

    private void apply(Map<String, String> files) throws IOException, InterruptedException {
        post("/v1/agents", Json.object().set("files", Json.tree(files)));
    }

    private String open(String name) throws IOException, InterruptedException {
        var wish = Json.object().put("agent", name);
        wish.putObject("input");
        wish.putObject("models").put("provider", "gateway");
        return post("/v1/sessions", wish).path("id").asString("");
    }

    // ---- words

    private void listen() throws IOException, InterruptedException {
        for (int many : new int[] {1, 100, 1000}) {
            listen(many + (many == 1 ? " reader" : " readers"), many, List.of(front), List.of(one));
        }
        progress.accept("starting another node");
        try (var two = node(folder, "two", TWO, "--database", folder.resolve("one").toString())) {
            listen(
                    "1000 readers, two nodes",
                    1000,
                    List.of(front, door("two", TWO)),
                    List.of(one, two));
        }
    }

    private void listen(String what, int many, List<Door> doors, List<Child> nodes)
            throws IOException, InterruptedException {
        hear(many, doors, 50); // warms up
        var p50 = new ArrayList<Double>();
        var p99 = new ArrayList<Double>();
        var cores = new ArrayList<Double>();
        var memory = new ArrayList<Double>();
        for (int i = 1; i <= ROUNDS; i++) {
            progress.accept("%s listen, round %d of %d".formatted(what, i, ROUNDS));
            double before = cpu(nodes);
            long start = System.nanoTime();
            try (var readers = hear(many, doors, words)) {
                cores.add((cpu(nodes) - before) / ((System.nanoTime() - start) / 1e9));
                memory.add(memory(nodes));
                p50.add(readers.age(0.5));
                p99.add(readers.age(0.99));
            }
        }
        figures.add(Line.plain("a word's age when it comes, " + what, "ms p50", p50));
        figures.add(Line.plain("the same", "ms p99", p99));
        figures.add(
                Line.plain(
                        "processor of the node" + (nodes.size() > 1 ? "s" : ""), "cores", cores));
        figures.add(Line.plain("memory of the node" + (nodes.size() > 1 ? "s" : ""), "MB", memory));
    }

    private Readers hear(int many, List<Door> doors, int howMany)
            throws IOException, InterruptedException {
        prepare(howMany, 0);
        var readers = Readers.open(many, true, doors, open("speaker"));
        begin();
        readers.awaitEnd();
        if (readers.heard() != (long) many * howMany) {
            throw new IOException(
                    "of %d words %d came".formatted((long) many * howMany, readers.heard()));
        }
        return readers;
    }

    private static double cpu(List<Child> nodes) throws IOException {
        double sum = 0;
        for (var node : nodes) {
            sum += node.cpuSeconds();
        }
        return sum;
    }

    private static double memory(List<Child> nodes) throws IOException {
        double sum = 0;
        for (var node : nodes) {
            sum += node.residentBytes() / 1e6;
        }
        return sum;
    }

    // ---- the session's own pace

    private void steps() throws IOException, InterruptedException {
        var alone = new ArrayList<Double>();
        var watched = new ArrayList<Double>();
        var untaken = new ArrayList<Double>();
        var aloneLarge = new ArrayList<Double>();
        var stuck = new ArrayList<Double>();
        walk(0, true, SMALL); // warms up
        for (int i = 1; i <= ROUNDS; i++) {
            progress.accept("steps of a session, round %d of %d".formatted(i, ROUNDS));
            alone.add(walk(0, true, SMALL));
            watched.add(walk(1000, true, SMALL));
            untaken.add(walk(1000, false, SMALL));
            aloneLarge.add(walk(0, true, LARGE));
            stuck.add(walk(100, false, LARGE));
        }
        var nobody = Line.plain("a step of 1 KB, nobody reads", "ms p50", alone);
        figures.add(nobody);
        figures.add(Line.plain("the same, 1000 readers", "ms p50", watched).of(nobody));
        var sent = Line.plain("the same, 1000 who only let it come", "ms p50", untaken).of(nobody);
        figures.add(sent.aiming("<= 1.2", sent.median() <= 1.2 * nobody.median()));
        var nobodyLarge = Line.plain("a step of 64 KB, nobody reads", "ms p50", aloneLarge);
        figures.add(nobodyLarge);
        var never = Line.plain("the same, 100 who never read", "ms p50", stuck).of(nobodyLarge);
        figures.add(never.aiming("<= 1.2", never.median() <= 1.2 * nobodyLarge.median()));
    }

    /// The median time between two steps of one session.
    private double walk(int readers, boolean reading, int bytes)
            throws IOException, InterruptedException {
        prepare(0, bytes);
        var session = open("walker");
        try (var all = Readers.open(readers, reading, List.of(front), session);
                var last = Readers.open(1, true, List.of(front), session)) {
            begin();
            last.awaitEnd();
            if (reading) {
                all.awaitEnd();
            }
            var steps = order("GET", "/steps").path("steps");
            if (steps.size() != STEPS - 1) {
                throw new IOException("of " + STEPS + " steps were " + (steps.size() + 1));
            }
            return steps.path(steps.size() / 2).asLong() / 1e6;
        }
    }
}
