package dev.remit.bench.engine;

import dev.remit.core.agent.FolderReader;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.runtime.Engine;
import dev.remit.runtime.OpenRequest;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseAddress;
import dev.remit.store.session.LogListener;
import dev.remit.store.session.PostgresSessionLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// One node that runs a workflow of ten steps of 1 KB each, or of a list of a thousand such steps,
/// as fast as it is asked to: the real driver on the real log, and a tool that answers at once, or
/// after a while. Answers as [Piped] wants it.
public final class TenSteps {
    static final String LIST = "list";
    static final int ITEMS = 1000;
    static final int ITEMS_AT_ONCE = 64;

    private static final int STEPS = 10;
    private static final long PATIENCE_SECONDS = 60;
    private static final String TOOL =
            """
            remit: tool/v1
            description: answers at once
            tier: 1
            function: clock.now
            input: { type: object }
            """;

    private final PostgresSessionLog log;
    private final Engine engine;
    private final WorkflowDefinition workflow;
    private final JsonNode input;
    private final Duration step;
    private final Map<SessionId, CountDownLatch> waiting = new ConcurrentHashMap<>();
    private volatile long last = Long.MAX_VALUE;

    private TenSteps(
            PostgresSessionLog log, WorkflowDefinition workflow, JsonNode input, Duration step) {
        this.log = log;
        this.step = step;
        this.workflow = workflow;
        this.input = input;
        var listening =
                log.listen(
                        new LogListener() {
                            @Override
                            public void appended(SessionId session, long head) {
                                moved(session, head);
                            }

                            @Override
                            public void ready(SessionId session) {}
                        });
        this.engine = new Engine(BenchParts.of(log, List.of(workflow), this::step));
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            try (listening) {
                                engine.close();
                            } catch (Exception e) {
                                System.err.println(e);
                            }
                        }));
    }

    static WorkflowDefinition workflow() {
        var text = new StringBuilder("remit: workflow/v1\nname: ten\nsteps:\n");
        for (int n = 0; n < STEPS; n++) {
            text.append("  - { do: answers, as: step").append(n).append(", with: {} }\n");
        }
        return read(text.append("output: [step9]\n").toString());
    }

    private static WorkflowDefinition list() {
        return read(
                """
                remit: workflow/v1
                name: list
                steps:
                  - map: input
                    as: item
                    at_once: %d
                    at_most: %d
                    name: items
                    steps:
                      - { do: answers, as: answer, with: {} }
                output: [items]
                """
                        .formatted(ITEMS_AT_ONCE, ITEMS));
    }

    private static JsonNode items() {
        var items = Json.array();
        IntStream.range(0, ITEMS).forEach(items::add);
        return items;
    }

    private static WorkflowDefinition read(String text) {
        var reading = FolderReader.read(Map.of("workflow.yaml", text, "tools/answers.yaml", TOOL));
        var bundle = reading.bundle();
        if (bundle == null || !(bundle.root() instanceof WorkflowDefinition read)) {
            throw new IllegalStateException("the benchmark's workflow: " + reading.faults());
        }
        return read;
    }

    private Ended step(Invocation invocation) throws InterruptedException {
        if (step.isPositive()) {
            Thread.sleep(step);
        }
        return new Ended.Done(
                Content.derived(Json.object().put("text", text(invocation.action().toString()))));
    }

    private static String text(String of) {
        return ("result " + of + " of the step ").repeat(60).substring(0, 1000);
    }

    private void moved(SessionId session, long head) {
        if (head >= last) {
            ended(session).countDown();
        }
    }

    /// Either side may come first: who is told of the end, or who waits for it.
    private CountDownLatch ended(SessionId session) {
        return waiting.computeIfAbsent(session, id -> new CountDownLatch(1));
    }

    /// @param args the database's address, the name of this node, and how many milliseconds a step
    ///   takes, if it is not to end at once; then [#LIST] for a list instead of ten steps
    public static void main(String[] args) throws Exception {
        var database = Database.open(DatabaseAddress.parse(args[0]));
        var step = Duration.ofMillis(args.length > 2 ? Long.parseLong(args[2]) : 0);
        var log = PostgresSessionLog.join(database, args[1], false);
        var node =
                args.length > 3 && args[3].equals(LIST)
                        ? new TenSteps(log, list(), items(), step)
                        : new TenSteps(log, workflow(), Json.text(text("input")), step);
        node.engine.start();
        node.learnTheLastEvent();
        System.out.println("ready");
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = orders.readLine(); line != null; line = orders.readLine()) {
            var words = line.split(" ", -1);
            System.out.println(node.load(Integer.parseInt(words[0]), Long.parseLong(words[1])));
        }
        System.exit(0);
    }

    /// Runs one session and sees at which event it closed: all of them are alike.
    private void learnTheLastEvent() throws InterruptedException, IOException {
        var id = open();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (long read = 0; System.nanoTime() < end; ) {
            var events = log.events(id, read, 1000);
            if (events.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(20);
                continue;
            }
            read = events.getLast().seq();
            if (events.getLast().event() instanceof Event.Closed closed) {
                if (closed.output() == null) {
                    throw new IOException("the workflow failed: " + closed.why());
                }
                last = read;
                return;
            }
        }
        throw new IOException("the first session did not end");
    }

    @SuppressWarnings("NullAway") // which overlooks @Nullable on a nested type in a class file
    private SessionId open() {
        return ((Accepted.New)
                        engine.open(
                                new OpenRequest(
                                        workflow,
                                        Content.derived(input),
                                        List.of(new Principal(Principal.Kind.SERVICE, "bench")),
                                        ModelChoice.rehearsal(1),
                                        null,
                                        null,
                                        null)))
                .id();
    }

    private String load(int atOnce, long millis) throws InterruptedException, IOException {
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        var all = new ArrayList<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<List<Long>>>();
            for (int i = 0; i < atOnce; i++) {
                running.add(threads.submit(() -> one(end)));
            }
            for (var one : running) {
                all.addAll(one.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("a session failed: " + e.getCause(), e.getCause());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Collections.sort(all);
        return all.size() + " " + seconds + " " + quantile(all, 0.5) + " " + quantile(all, 0.99);
    }

    private List<Long> one(long end) throws InterruptedException, IOException {
        var times = new ArrayList<Long>();
        for (long before = System.nanoTime(); before < end; ) {
            run();
            long after = System.nanoTime();
            times.add(after - before);
            before = after;
        }
        return times;
    }

    private void run() throws InterruptedException, IOException {
        var id = open();
        var ended = ended(id);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!ended.await(250, TimeUnit.MILLISECONDS)) {
            if (log.events(id, last - 1, 1).size() == 1) {
                break; // another node carried it
            }
            if (System.nanoTime() > end) {
                throw new IOException("session " + id + " did not end");
            }
        }
        waiting.remove(id);
    }

    private static long quantile(List<Long> sorted, double share) {
        return sorted.isEmpty()
                ? 0
                : TimeUnit.NANOSECONDS.toMicros(sorted.get((int) (share * (sorted.size() - 1))));
    }
}
