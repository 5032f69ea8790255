package dev.remit.bench.campaign;

import dev.remit.bench.campaign.witness.Tree;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// One campaign from the building of its machines to the last answer.
final class Stage {
    private static final int MODELS = 8090;
    private static final int EFFECTS = 8091;
    private static final long STEP_MILLIS = 100;
    private static final long SAYS_EVERY_MILLIS = 5_000;

    private static final long PATIENCE_MILLIS = 40_000;

    /// What was sent into a cut line may come out of it so long after it was mended.
    private static final long ECHO_MILLIS = 20_000;

    private final Wish wish;
    private final Path folder;
    private final PrintStream out;
    private final Builds builds;
    private Plan plan;
    private long began;
    private long stormBegan;
    private volatile boolean stopping;

    Stage(Wish wish, Path folder, PrintStream out) {
        this.wish = wish;
        this.folder = folder;
        this.out = out;
        this.builds = Builds.of(wish);
        this.plan = new Plan(wish.seed(), wish.nodes(), wish.millis(), List.of());
    }

    Plan plan() {
        return plan;
    }

    /// Which build ran where.
    Builds builds() {
        return builds;
    }

    /// When the load began, in milliseconds since 1970.
    long began() {
        return began;
    }

    /// @throws IOException if something could not be built that everything hangs on
    void play() throws IOException, InterruptedException {
        var undo = new ArrayList<AutoCloseable>();
        var hook = new Thread(() -> stop(undo));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            play(undo);
        } finally {
            undoAll(undo);
            if (!stopping) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    /// Somebody ends this process before it is over.
    private void stop(List<AutoCloseable> undo) {
        stopping = true;
        say("told to stop; nothing was judged, and what was written down so far is in " + folder);
        undoAll(undo);
    }

    private static void undoAll(List<AutoCloseable> undo) {
        synchronized (undo) {
            for (var one : undo.reversed()) {
                try {
                    one.close();
                } catch (Exception e) {
                    System.err.println("campaign: left behind: " + e.getMessage());
                }
            }
            undo.clear();
        }
    }

    private static <T extends AutoCloseable> T keep(List<AutoCloseable> undo, T one) {
        synchronized (undo) {
            undo.add(one);
        }
        return one;
    }

    private void play(List<AutoCloseable> undo) throws IOException, InterruptedException {
        say("seed " + wish.seed() + ", in " + folder);
        var network = keep(undo, wish.namespaces() ? namespaces() : new Loopback(Ports.free() - 1));
        int modelsPort = wish.namespaces() ? MODELS : Ports.free();
        int effectsPort = wish.namespaces() ? EFFECTS : Ports.free();
        int databasePort = wish.namespaces() ? Postgres.PORT : Ports.free();
        var disk = keep(undo, Disk.make(folder));
        var clocks = Trouble.clockLibrary();
        var families = families(network, disk, clocks);
        plan = Plan.of(wish.seed(), wish.nodes(), wish.millis(), families);
        say(plan.faults().size() + " faults planned: " + plan.summary());
        writePlan();
        var witness =
                keep(
                        undo,
                        WitnessProcess.start(
                                network, folder, modelsPort, effectsPort, wish.seed()));
        var postgres = keep(undo, Postgres.make(network, disk, folder, databasePort));
        say("PostgreSQL and the witnesses are up");
        var config = settings(network, modelsPort) + dispatcher(network, undo);
        var servers = servers(network, postgres, config, families, clocks, undo);
        var load = keep(undo, new Load(network, servers, folder, wish.seed()));
        var agents = new Agents("http://" + network.address(Network.WITNESS) + ":" + effectsPort);
        load.prepare(agents, wish.clients());
        var person = keep(undo, new Person(network, servers, folder));
        var trouble =
                new Trouble(network, disk, postgres, servers, witness, modelsPort, effectsPort);
        began = System.currentTimeMillis();
        builds.loadBegins();
        load.start();
        person.start();
        storm(trouble, load, servers, postgres);
        say("the faults are over; " + load.accepted() + " sessions were accepted");
        settle(trouble, load, person);
        new Answers(network, servers, builds, folder).collect();
    }

    /// What remit.yaml says of the dispatcher: nothing, if the nodes do it themselves.
    private String dispatcher(Network network, List<AutoCloseable> undo)
            throws IOException, InterruptedException {
        var program = wish.temporal();
        if (program == null) {
            return "";
        }
        int port = wish.namespaces() ? TemporalProcess.PORT : Ports.free();
        keep(undo, TemporalProcess.start(network, folder, program, port));
        say("Temporal is up, and dispatches");
        return TemporalProcess.settings(network, port);
    }

    private Network namespaces() throws IOException, InterruptedException {
        try {
            return Namespaces.make(wish.nodes());
        } catch (IOException e) {
            throw new IOException(Namespaces.WITHOUT + ": " + e.getMessage(), e);
        }
    }

    private Set<Fault.Family> families(Network network, Disk disk, Optional<Path> clocks)
            throws InterruptedException {
        var missing = Trouble.missing(wish.faults(), network, disk, clocks);
        missing.forEach((family, why) -> say("left out: " + family.word() + ", for " + why));
        var families = EnumSet.noneOf(Fault.Family.class);
        families.addAll(wish.faults());
        families.removeAll(missing.keySet());
        return families;
    }

    private List<Server> servers(
            Network network,
            Postgres postgres,
            String settings,
            Set<Fault.Family> families,
            Optional<Path> clocks,
            List<AutoCloseable> undo)
            throws IOException, InterruptedException {
        var config = folder.resolve("remit.yaml");
        Files.writeString(config, settings);
        var servers = new ArrayList<Server>();
        for (int i = 1; i <= wish.nodes(); i++) {
            var clock = families.contains(Fault.Family.CLOCK) ? clocks.orElse(null) : null;
            var server = new Server(i, network, folder, config, postgres.url(), clock, builds);
            servers.add(keep(undo, server));
            server.start();
            server.awaitReady();
        }
        say(servers.size() + " nodes are up");
        return List.copyOf(servers);
    }

    private static String settings(Network network, int modelsPort) {
        return """
        remit: server/v1
        organisation: campaign
        time_zone: UTC
        providers:
          witness:
            kind: openai-compatible
            url: http://%s:%d/v1
            credential: none
        routes:
          capable:
            strategy: ordered
            targets: [witness/m1, witness/m2]
            max_output: 60
            first_token: 8s
            stall: 8s
            total: 25s
        budgets:
          - { for: organisation, limit: 1000 USD/total }
        prices:
          witness/m1: { input: 1, output: 4 }
          witness/m2: { input: 1, output: 4 }
        prompts: { keep: none, days: 1 }
        """
                .formatted(network.address(Network.WITNESS), modelsPort);
    }

    private void writePlan() throws IOException {
        var faults =
                plan.faults().stream()
                        .map(f ->
                                Map.of(
                                        "kind",
                                        f.kind().word(),
                                        "family",
                                        f.kind().family.word(),
                                        "node",
                                        f.node(),
                                        "at",
                                        f.at(),
                                        "lasts",
                                        f.lasts(),
                                        "number",
                                        f.number()))
                        .toList();
        Files.writeString(
                folder.resolve("plan.json"),
                Tree.write(Map.of("seed", plan.seed(), "nodes", plan.nodes(), "faults", faults)));
    }

    // ---- the storm

    private void storm(Trouble trouble, Load load, List<Server> servers, Postgres postgres)
            throws IOException, InterruptedException {
        var coming = new ArrayList<>(plan.faults());
        var turns = new ArrayList<>(builds.turns());
        var now = new PriorityQueue<Fault>(Comparator.comparingLong(Fault::until));
        long start = System.nanoTime();
        stormBegan = start;
        long said = 0;
        while (true) {
            long at = (System.nanoTime() - start) / 1_000_000;
            while (!now.isEmpty() && now.peek().until() <= at) {
                var fault = now.remove();
                attempt(at, "ends   ", fault, () -> trouble.end(fault));
            }
            while (!coming.isEmpty() && coming.getFirst().at() <= at) {
                var fault = coming.removeFirst();
                attempt(at, "begins ", fault, () -> trouble.begin(fault));
                now.add(fault);
            }
            if (!turns.isEmpty()
                    && turns.getFirst().at() <= at
                    && othersServe(turns.getFirst(), servers)) {
                turn(at, turns.removeFirst(), servers);
            }
            if (at > plan.millis() && now.isEmpty() && turns.isEmpty() && allServe(at, servers)) {
                return;
            }
            trouble.supervise();
            builds.look(servers);
            if (at - said >= SAYS_EVERY_MILLIS) {
                said = at;
                say(progress(at, load, servers, postgres, now));
            }
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        }
    }

    /// Whoever upgrades waits until the one before serves; not for ever, in a storm.
    private boolean othersServe(Builds.Turn turn, List<Server> servers) {
        long late = (System.nanoTime() - stormBegan) / 1_000_000 - turn.at();
        return late > PATIENCE_MILLIS
                || servers.stream().allMatch(s -> s.number() == turn.node() || s.serves());
    }

    /// After an upgrade: whoever was replaced last serves too, or has had its time.
    private boolean allServe(long at, List<Server> servers) {
        return builds.turns().isEmpty()
                || at > plan.millis() + PATIENCE_MILLIS
                || servers.stream().allMatch(Server::serves);
    }

    private void turn(long at, Builds.Turn turn, List<Server> servers) throws IOException {
        if (builds.turn(turn)) {
            note(at, "becomes n" + turn.node() + " " + turn.to().name());
            servers.get(turn.node() - 1).replace();
        }
    }

    @FunctionalInterface
    private interface Deed {
        void run() throws IOException, InterruptedException;
    }

    /// A fault that cannot be made is written down and left out; one that cannot be taken back ends
    /// the campaign, since nothing could be said of what comes after it.
    private void attempt(long at, String what, Fault fault, Deed deed)
            throws IOException, InterruptedException {
        note(at, what + fault);
        try {
            deed.run();
        } catch (IOException e) {
            note(at, what + fault + " FAILED: " + e.getMessage());
            if (what.startsWith("ends")) {
                throw e;
            }
        }
    }

    private String progress(
            long at, Load load, List<Server> servers, Postgres postgres, Iterable<Fault> faults) {
        var up =
                servers.stream()
                        .map(s -> s.isUp() ? "n" + s.number() + builds.mark(s.number()) : "--")
                        .collect(Collectors.joining(" "));
        var now = new ArrayList<String>();
        faults.forEach(f -> now.add(f.kind().word() + (f.node() > 0 ? " n" + f.node() : "")));
        return "%4d s | %s %s | %,d sessions, %,d answers | %s"
                .formatted(
                        at / 1000,
                        up,
                        postgres.isUp() ? "db" : "--",
                        load.accepted(),
                        load.answered(),
                        now.isEmpty() ? "calm" : String.join(", ", now));
    }

    /// Waits until every session has ended, or for as long as that may take.
    private void settle(Trouble trouble, Load load, Person person)
            throws IOException, InterruptedException {
        load.close();
        long start = System.nanoTime();
        boolean calm = false;
        long said = 0;
        while (true) {
            long waited = (System.nanoTime() - start) / 1_000_000;
            if (!calm && waited > ECHO_MILLIS) {
                calm = true;
                person.allIsCalm();
            }
            if (person.unfinished() == 0) {
                say("all sessions have ended, " + waited / 1000 + " s after the last fault");
                return;
            }
            if (waited > SETTLES_MILLIS) {
                say(person.unfinished() + " sessions have not ended");
                return;
            }
            if (waited - said >= SAYS_EVERY_MILLIS) {
                said = waited;
                say("settling, " + waited / 1000 + " s: " + left(person));
            }
            trouble.supervise();
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        }
    }

    private static final long SETTLES_MILLIS = 150_000;

    private static String left(Person person) {
        int left = person.unfinished();
        return left < 0 ? "what is on its way may still arrive" : left + " have not ended";
    }

    // ---- words

    private void say(String what) {
        out.println(
                "campaign: "
                        + LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)
                        + " "
                        + what);
        out.flush();
    }

    private void note(long at, String what) throws IOException {
        Files.writeString(
                folder.resolve("timeline.txt"),
                "%9.3f s  %s%n".formatted(at / 1000.0, what),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /// Free ports below those that the system gives out by itself.
    private static final class Ports {
        private static int next = 21_000 + (int) (ProcessHandle.current().pid() % 5_000);

        private Ports() {}

        static int free() throws IOException {
            for (int tries = 0; tries < 1_000; tries++) {
                next += 10;
                try (var _ = new ServerSocket(next)) {
                    return next;
                } catch (IOException e) {
                    // taken
                }
            }
            throw new IOException("no free port was found");
        }
    }
}
