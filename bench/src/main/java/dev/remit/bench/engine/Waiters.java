package dev.remit.bench.engine;

import dev.remit.core.agent.FolderReader;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.session.Mail;
import dev.remit.core.tool.Ended;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One node whose sessions wait for a day: a tool asks to be tried again tomorrow. Opens one at its
/// start, the pattern of the many that the benchmark makes of it; then wakes some by mail, one
/// after the other, and tells how long it took until the mail was in their log. Answers as
/// [dev.remit.bench.harness.Piped] wants it.
public final class Waiters {
    private static final int SAMPLE = 2000;
    private static final String TOOL =
            """
            remit: tool/v1
            description: asks for patience
            tier: 1
            function: clock.now
            input: { type: object }
            """;
    private static final String WORKFLOW =
            """
            remit: workflow/v1
            name: waits
            steps:
              - { do: later, with: {} }
            """;

    private final Database database;
    private final Engine engine;
    private final WorkflowDefinition workflow;
    private final Map<SessionId, CountDownLatch> waiting = new ConcurrentHashMap<>();

    private Waiters(Database database) {
        this.database = database;
        var log = PostgresSessionLog.join(database, "waiters", false);
        this.workflow = workflow();
        this.engine =
                new Engine(
                        BenchParts.of(
                                log,
                                List.of(workflow),
                                i -> new Ended.Failed(false, "not today", Duration.ofDays(1))));
        var _ =
                log.listen(
                        new LogListener() {
                            @Override
                            public void appended(SessionId session, long head) {
                                var latch = waiting.get(session);
                                if (latch != null) {
                                    latch.countDown();
                                }
                            }

                            @Override
                            public void ready(SessionId session) {}
                        });
        engine.start();
    }

    private static WorkflowDefinition workflow() {
        var reading =
                FolderReader.read(Map.of("workflow.yaml", WORKFLOW, "tools/later.yaml", TOOL));
        var bundle = reading.bundle();
        if (bundle == null || !(bundle.root() instanceof WorkflowDefinition read)) {
            throw new IllegalStateException("the benchmark's workflow: " + reading.faults());
        }
        return read;
    }

    /// @param args the database's address
    public static void main(String[] args) throws Exception {
        var database = Database.open(DatabaseAddress.parse(args[0]));
        var node = new Waiters(database);
        node.openOne();
        System.out.println("ready");
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = orders.readLine(); line != null; line = orders.readLine()) {
            System.out.println(node.wake(Long.parseLong(line.split(" ", -1)[1])));
        }
        System.exit(0);
    }

    @SuppressWarnings("NullAway") // which overlooks @Nullable on a nested type in a class file
    private void openOne() throws IOException, InterruptedException {
        engine.open(
                new OpenRequest(
                        workflow,
                        Content.derived(Json.text("wait")),
                        List.of(new Principal(Principal.Kind.SERVICE, "bench")),
                        ModelChoice.rehearsal(1),
                        null,
                        null,
                        null));
        for (int i = 0; i < 500; i++) {
            if (!some(1).isEmpty()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IOException("the session does not wait");
    }

    /// Ids of waiting sessions, spread over all of them.
    private List<SessionId> some(int most) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            """
                            SELECT id FROM session WHERE due IS NOT NULL AND owner IS NULL
                            AND random() < ? LIMIT ?
                            """)) {
                select.setDouble(1, most == 1 ? 1 : 0.003);
                select.setInt(2, most);
                var rows = select.executeQuery();
                var ids = new ArrayList<SessionId>();
                while (rows.next()) {
                    ids.add(new SessionId(rows.getObject(1, UUID.class)));
                }
                return List.copyOf(ids);
            }
        });
    }

    private String wake(long millis) throws InterruptedException, IOException {
        var ids = some(SAMPLE);
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        var times = new ArrayList<Long>();
        for (int i = 0; i < ids.size() && System.nanoTime() < end; i++) {
            times.add(wake(ids.get(i)));
        }
        times.sort(null);
        double seconds = (System.nanoTime() - start) / 1e9;
        return times.size() + " " + seconds + " " + at(times, 0.5) + " " + at(times, 0.99);
    }

    private long wake(SessionId id) throws InterruptedException, IOException {
        var moved = new CountDownLatch(1);
        waiting.put(id, moved);
        long before = System.nanoTime();
        engine.send(
                id,
                new Mail.Message(
                        new Principal(Principal.Kind.PERSON, "bench"),
                        Content.derived(Json.text("still there?"))));
        if (!moved.await(30, TimeUnit.SECONDS)) {
            throw new IOException("session " + id + " does not wake");
        }
        waiting.remove(id);
        return System.nanoTime() - before;
    }

    private static long at(List<Long> sorted, double share) {
        return TimeUnit.NANOSECONDS.toMicros(sorted.get((int) (share * (sorted.size() - 1))));
    }
}
