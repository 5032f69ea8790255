package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.Definition;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.InMemoryLedger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.money.Window;
import dev.remit.core.secret.Redactor;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Prompt;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.State;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// A simulated world: nodes that crash and pause, a database that survives them, a clock that jumps
/// ahead, models and tools that fail. One seed, one history. The drivers in it are the real ones.
final class World {
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration FAR = Duration.ofMinutes(30);
    private static final Principal PERSON = new Principal(Principal.Kind.PERSON, "somebody");
    private static final Redactor NOTHING_SECRET =
            new Redactor() {
                @Override
                public JsonNode redact(JsonNode value) {
                    return value;
                }

                @Override
                public String redact(String text) {
                    return text;
                }
            };

    private final Random random;
    private final Disk disk = new Disk();
    private final List<SessionLog.Append> onTheWay = new ArrayList<>();
    private final Map<DefinitionRef, Definition> definitions = new HashMap<>();
    private final List<SessionId> accepted = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    /// The outside world's own record of effects: idempotency keys in the order they were done.
    private final List<String> effects = new ArrayList<>();

    /// What the provider of models has charged, by session.
    private final Map<SessionId, Integer> invoice = new HashMap<>();

    private static final Set<String> WAITING = Set.of(Waits.ASKS, "checks-stop", "checks-keep");
    private final Map<String, Integer> waited = new TreeMap<>();

    /// What sessions go on with that took the place of another one.
    private final Map<SessionId, Set<ActionId>> kept = new HashMap<>();

    private Instant now = Instant.parse("2026-11-20T12:00:00Z");

    /// What the nodes share of the organisation's money; what a dead one held stays held.
    private BudgetRule rule =
            new BudgetRule(Scope.ORGANISATION, Window.TOTAL, new Money(40), true, List.of());

    private final InMemoryLedger ledger =
            new InMemoryLedger(List.of(rule), ZoneOffset.UTC, () -> now);
    private boolean calm;
    private int births;
    private long steps;
    private int compactions;
    private int lostCompactions;

    World(long seed) {
        random = new Random(seed);
        Cast.definitions().forEach(d -> definitions.put(d.ref(), d));
        for (int i = 0; i <= random.nextInt(3); i++) {
            nodes.add(new Node());
        }
    }

    /// One simulated process.
    private final class Node {
        private final String name = "node-" + births++;
        private final List<Runnable> tasks = new ArrayList<>();
        private final Map<SessionId, Driven> driven = new LinkedHashMap<>();
        private final SimulatedLog log =
                new SimulatedLog(
                        disk,
                        name,
                        calm ? SimulatedLog.Weather.CALM : SimulatedLog.Weather.ROUGH,
                        random,
                        onTheWay);
        private final Parts parts =
                new Parts(
                        log,
                        this::definition,
                        new Cast.Model(random, () -> calm, invoice),
                        new Cast.Hands(random, effects, () -> calm),
                        NOTHING_SECRET,
                        () -> now,
                        random,
                        Parts.Progress.NONE,
                        new Purse(ledger, () -> Cast.PRICES));
        private boolean paused;
        private boolean draining;
        private boolean dead;

        Node() {
            disk.renew(name, now.plus(LEASE));
        }

        /// A part of the database too, and away as often.
        private Definition definition(DefinitionRef ref) {
            if (!calm && random.nextInt(1000) < SimulatedLog.Weather.ROUGH.lost()) {
                throw new SimulatedLog.Away();
            }
            return definitions.get(ref);
        }

        private final class Driven {
            private final Signals signals = new Signals();
            private Drive drive;
            private boolean fresh = true;
            private Instant until = Instant.MAX;
        }

        void claim(SessionId id) {
            if (driven.containsKey(id)
                    || !(log.claim(id) instanceof SessionLog.Claim.Claimed claimed)) {
                return;
            }
            drive(claimed, log.load(id), true);
        }

        /// Opens a session, and drives it at once if it may.
        void begin(SessionLog.Opening opening) {
            var mine = log.begin(opening, random.nextBoolean()).mine();
            if (mine != null) {
                drive(mine.claimed(), mine.loaded(), false);
            }
        }

        private void drive(
                SessionLog.Claim.Claimed claimed, SessionLog.Loaded loaded, boolean mail) {
            var id = claimed.fence().session();
            var definition = definitions.get(loaded.state().opened().definition());
            var one = new Driven();
            Workers workers =
                    (name, task) -> {
                        tasks.add(task);
                        return () -> {};
                    };
            one.drive =
                    new Drive(
                            parts,
                            workers,
                            claimed,
                            loaded,
                            definition,
                            Engine.brain(definition, NOTHING_SECRET),
                            one.signals,
                            mail,
                            sent -> {},
                            () -> draining);
            driven.put(id, one);
        }

        void advance(SessionId id) {
            var one = driven.get(id);
            one.fresh = false;
            switch (one.drive.advance(one.signals.drain())) {
                case Drive.Turn.Over over -> {
                    for (var left : one.signals.close()) {
                        if (left instanceof Signal.HandEnded ended) {
                            log.keep(id, ended.action(), ended.attempt(), ended.end());
                        }
                    }
                    driven.remove(id);
                    if (over instanceof Drive.Turn.Over.Lost lost && lost.claimAgain()) {
                        claim(id);
                    }
                }
                case Drive.Turn.Waiting waiting ->
                        one.until = waiting.until() == null ? Instant.MAX : waiting.until();
            }
        }

        List<SessionId> runnable() {
            var runnable = new ArrayList<SessionId>();
            driven.forEach((id, one) -> {
                if (one.fresh || !one.signals.isEmpty() || !one.until.isAfter(now)) {
                    runnable.add(id);
                }
            });
            return runnable;
        }

        void runTask() {
            tasks.remove(random.nextInt(tasks.size())).run();
        }

        void wakeAll() {
            driven.values().forEach(one -> one.signals.post(new Signal.Woken()));
        }

        /// The process is gone. What it had begun may have happened all the same, unreported.
        void crash() {
            dead = true;
            driven.values().forEach(one -> one.signals.close());
            driven.clear();
            for (var task : tasks) {
                if (random.nextBoolean()) {
                    Cast.Hands.unheard(task);
                }
            }
            tasks.clear();
        }
    }

    // ---- a history

    /// Opens sessions, lets everything happen for a while, then lets the sea calm down.
    void live(int sessions, int steps) {
        for (int i = 0; i < sessions; i++) {
            open();
        }
        for (int i = 0; i < steps; i++) {
            step();
        }
        calmDown();
        for (int i = 0; i < 200_000 && !isOver(); i++) {
            step();
        }
        assertThat(stuck()).as("sessions that never end").isEmpty();
        check();
    }

    private void open() {
        var names = new ArrayList<>(new TreeMap<>(byName()).values());
        var definition = names.get(random.nextInt(names.size()));
        var opening =
                new SessionLog.Opening(
                        SessionId.random(now, random),
                        new Event.Opened(
                                definition.ref(),
                                Content.derived(Json.object().put("n", random.nextInt())),
                                List.of(PERSON),
                                null,
                                ModelChoice.rehearsal(1),
                                now.plus(Duration.ofHours(6)),
                                random.nextInt(3) == 0 ? new Money(25) : null,
                                null),
                        now,
                        null);
        any(nodes).begin(opening);
        accepted.add(opening.id());
    }

    private Map<String, Definition> byName() {
        var byName = new HashMap<String, Definition>();
        definitions.values().forEach(d -> byName.put(d.name(), d));
        return byName;
    }

    private void calmDown() {
        calm = true;
        nodes.forEach(Node::crash);
        nodes.clear();
        nodes.add(new Node());
        SimulatedLog.arrive(disk, onTheWay);
        now = now.plus(LEASE).plusSeconds(1);
        disk.renew(nodes.getFirst().name, now.plus(LEASE));
    }

    /// How many things have happened so far.
    long steps() {
        return steps;
    }

    private void step() {
        steps++;
        for (var node : nodes) {
            if (!node.paused && !node.dead) {
                disk.renew(node.name, now.plus(LEASE));
            }
        }
        var choices = new ArrayList<Runnable>();
        for (var node : nodes) {
            if (node.paused) {
                continue;
            }
            node.runnable()
                    .forEach(id -> choices.add(() -> mayCrash(node, () -> node.advance(id))));
            if (!node.tasks.isEmpty()) {
                choices.add(node::runTask);
            }
            disk.ready(now).forEach(id -> choices.add(() -> node.claim(id)));
            choices.add(node::wakeAll);
        }
        choices.add(this::timePasses);
        choices.add(() -> disk.fence(now));
        choices.add(this::personLooks);
        if (!calm) {
            choices.add(this::trouble);
            choices.add(() -> SimulatedLog.arrive(disk, onTheWay));
        }
        any(choices).run();
    }

    private void mayCrash(Node node, Runnable choice) {
        try {
            choice.run();
        } catch (SimulatedLog.Crash e) {
            node.crash();
            replaceDead();
        }
    }

    private void timePasses() {
        var due = disk.nextDue().orElse(now.plusSeconds(1));
        boolean jumps = random.nextBoolean() && due.isAfter(now);
        if (jumps && due.isAfter(now.plus(FAR))) {
            // Else most would end because their time is up: nothing is to do, and nobody comes.
            jumps = isQuiet() && random.nextInt(20) == 0;
        }
        now = jumps ? due : now.plusMillis(random.nextInt(2_000));
    }

    /// Whether nobody has anything to do.
    private boolean isQuiet() {
        return disk.ready(now).isEmpty()
                && nodes.stream().allMatch(n -> n.tasks.isEmpty() && n.runnable().isEmpty());
    }

    private void trouble() {
        switch (random.nextInt(10)) {
            case 0 -> crashOne();
            case 1 -> pauseOne();
            case 2 -> nodes.forEach(n -> n.paused = false);
            case 3 -> disk.rules++;
            case 4 -> {
                if (random.nextInt(4) == 0) {
                    disk.send(any(accepted), new Mail.Cancel(PERSON, "changed my mind"));
                }
            }
            case 5 -> steer(any(accepted));
            case 6 -> {
                if (random.nextInt(3) == 0) {
                    fork(any(accepted));
                }
            }
            case 7 -> drainOne();
            default -> now = now.plus(LEASE); // the clock jumps: leases run out
        }
    }

    /// Somebody interrupts, redirects, moves or redrives a session at whatever it is at.
    private void steer(SessionId id) {
        var opened = Disk.fold(disk.rows.get(id).events).opened();
        var words = Content.derived(Json.text("do it another way"));
        var mail =
                switch (random.nextInt(4)) {
                    case 0 -> new Mail.Interrupt(PERSON, null);
                    case 1 -> new Mail.Interrupt(PERSON, words);
                    case 2 -> new Mail.Redrive(PERSON);
                    default -> new Mail.Move(Cast.moved(opened.definition()), PERSON);
                };
        disk.send(id, mail);
    }

    /// Somebody forks a session at any of its events, or rewinds it.
    private void fork(SessionId from) {
        var events = disk.rows.get(from).events;
        int last = events.getLast().event() instanceof Event.Closed ? 1 : 0;
        long at = 1 + random.nextInt(events.size() - last);
        var state = Disk.fold(events.subList(0, (int) at));
        if (!Forks.fits(state, Forks.takenBack(events))) {
            return;
        }
        var id = SessionId.random(now, random);
        boolean rewind = random.nextBoolean();
        if (rewind) {
            kept.computeIfAbsent(from, other -> new LinkedHashSet<>()).addAll(Forks.done(state));
        }
        disk.fork(
                new SessionLog.Forking(
                        from,
                        at,
                        id,
                        state.opened().definition(),
                        new Event.Forked(
                                from,
                                at,
                                List.of(PERSON),
                                now.plus(Duration.ofHours(6)),
                                null,
                                null,
                                rewind),
                        Forks.done(state),
                        now,
                        null));
        accepted.add(id);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void crashOne() {
        any(nodes).crash();
        replaceDead();
    }

    private void pauseOne() {
        any(nodes).paused = true;
    }

    /// A node hands its sessions over for a while, and perhaps takes some itself again.
    private void drainOne() {
        var node = any(nodes);
        node.draining = !node.draining;
        node.wakeAll();
    }

    private void replaceDead() {
        nodes.removeIf(n -> n.dead);
        nodes.add(new Node());
    }

    /// Somebody answers the questions that only a person can: truthfully, by looking.
    private void personLooks() {
        for (var id : disk.rows.keySet()) {
            var row = disk.rows.get(id);
            if (row.closed || !row.owner.isEmpty()) {
                continue;
            }
            var state = Disk.fold(row.events);
            if (row.inbox.size() == state.mail()) {
                Waits.answer(id, state, disk, random, now);
            }
            if (state.waiting() instanceof Waiting.Budget && row.inbox.size() == state.mail()) {
                raise(id, state);
            }
            if (state.waiting() instanceof Waiting.Message && row.inbox.size() == state.mail()) {
                disk.send(id, new Mail.Message(PERSON, Content.derived(Json.text("go on"))));
            }
            if (state.waiting() instanceof Waiting.Trouble trouble
                    && row.inbox.size() == state.mail()) {
                if (trouble.inDoubt().isEmpty()) {
                    disk.send(id, new Mail.Redrive(PERSON));
                } else {
                    var action = trouble.inDoubt().getFirst();
                    boolean happened = effects.contains(action.idempotencyKey(id));
                    disk.send(id, new Mail.Resolve(action, happened, PERSON));
                }
            }
        }
    }

    /// As the API does it: a child's budget is part of its parent's.
    private void raise(SessionId id, State state) {
        if (state.waiting() instanceof Waiting.Budget(var why) && why.contains("organisation")) {
            rule =
                    new BudgetRule(
                            rule.scope(),
                            rule.window(),
                            rule.limit().plus(new Money(20)),
                            true,
                            List.of());
            ledger.set(rule);
            return;
        }
        var parent = state.opened().parent();
        if (parent == null) {
            disk.send(id, new Mail.RaiseBudget(more(state), PERSON));
            return;
        }
        var row = disk.rows.get(parent.session());
        var above = Disk.fold(row.events);
        var limit = above.budget();
        if (limit != null
                && random.nextBoolean()
                && above.committed().plus(new Money(40)).isMoreThan(limit)
                && row.inbox.size() == above.mail()) {
            disk.send(parent.session(), new Mail.RaiseBudget(more(above), PERSON));
        }
        disk.send(parent.session(), new Mail.RaiseChild(parent.action(), more(state), PERSON));
    }

    private static Money more(State state) {
        var budget = state.budget();
        return (budget == null ? Money.ZERO : budget).plus(new Money(40));
    }

    private boolean isOver() {
        return stuck().isEmpty();
    }

    private List<SessionId> stuck() {
        return disk.rows.entrySet().stream()
                .filter(e -> !e.getValue().closed)
                .map(Map.Entry::getKey)
                .toList();
    }

    // ---- what must be true of any history

    private void check() {
        checkLedger();
        checkInvoice();
        var startedKeys = new HashMap<String, Boolean>();
        disk.rows.forEach((id, row) -> checkOne(id, row, startedKeys));
        assertThat(disk.leaked()).as("places at tools that are never free again").isEmpty();
        assertThat(disk.rows.keySet()).as("accepted is stored").containsAll(accepted);
        assertThat(startedKeys.keySet())
                .as("no effect without an earlier ActionStarted")
                .containsAll(effects);
        startedKeys.forEach((key, idempotent) -> {
            if (!idempotent) {
                assertThat(effects.stream().filter(key::equals).count())
                        .as("times that %s was done", key)
                        .isLessThanOrEqualTo(1);
            }
        });
    }

    /// A row for each attempt that ended where its node lived, and what they cost is what was
    /// spent.
    private void checkLedger() {
        assertThat(ledger.used(rule)).isLessThanOrEqualTo(rule.limit());
        long cost = 0;
        for (var attempt : ledger.attempts()) {
            assertThat(attempt.target().tool()).startsWith("effect.");
            cost += attempt.cost().micros();
        }
        assertThat(ledger.spent(rule)).isEqualTo(new Money(cost));
    }

    /// No tree of sessions was charged for more than the one at its root was ever allowed.
    private void checkInvoice() {
        var trees = new HashMap<SessionId, Integer>();
        invoice.forEach((id, cost) -> trees.merge(root(id), cost, Integer::sum));
        trees.forEach((root, cost) -> {
            var row = disk.rows.get(root);
            var most = Disk.fold(row.events).budget();
            if (most != null) {
                assertThat(cost).as("charged to %s", root).isLessThanOrEqualTo((int) most.micros());
            }
        });
    }

    private SessionId root(SessionId id) {
        var at = id;
        for (var parent = parent(at); parent != null; parent = parent(at)) {
            at = parent;
        }
        return at;
    }

    private SessionId parent(SessionId id) {
        var parent = Disk.fold(disk.rows.get(id).events).opened().parent();
        return parent == null ? null : parent.session();
    }

    private void checkOne(SessionId id, Disk.Row row, Map<String, Boolean> startedKeys) {
        long epoch = 0;
        long mail = 0;
        Set<ActionId> delegated = new LinkedHashSet<>();
        Map<ActionId, String> keys = new HashMap<>();
        Map<SessionId, Money> allotted = new HashMap<>();
        State state = null;
        for (int i = 0; i < row.events.size(); i++) {
            var recorded = row.events.get(i);
            state = state == null ? State.first(recorded) : state.apply(recorded);
            if (state.budget() != null) {
                assertThat(state.committed())
                        .as("spent and reserved of the budget of %s at %s", id, recorded.seq())
                        .isLessThanOrEqualTo(state.budget());
            }
            state.actions()
                    .values()
                    .forEach(action -> {
                        if (action instanceof ActionState.Handed(var work, var _)
                                && work.allotted() != null) {
                            allotted.put(work.child(), work.allotted());
                        }
                    });
            assertThat(recorded.seq()).as("no gap in %s", id).isEqualTo(i + 1);
            assertThat(recorded.epoch()).as("epochs only grow").isGreaterThanOrEqualTo(epoch);
            epoch = recorded.epoch();
            switch (recorded.event()) {
                case Event.Forked forked -> {
                    mail = 0;
                    delegated.clear(); // children are not copied
                    allotted.clear();
                }
                case Event.Received received -> {
                    assertThat(received.position())
                            .as("each mail is taken in once, in order")
                            .isEqualTo(mail + 1);
                    mail = received.position();
                }
                case Event.ActionStarted started -> {
                    keys.put(started.action(), started.idempotencyKey());
                    startedKeys.put(started.idempotencyKey(), started.idempotent());
                }
                case Event.ActionEnded ended -> {
                    if (ended.end() instanceof Ended.Done) {
                        assertThat(effects)
                                .as("what the log calls done was done")
                                .contains(keys.get(ended.action()));
                    }
                }
                case Event.Delegated work -> {
                    assertThat(delegated.add(work.action())).as("delegated once").isTrue();
                    assertThat(disk.rows).as("the child exists").containsKey(work.child());
                }
                default -> {}
            }
        }
        checkAllotted(allotted);
        checkPrompts(row.events);
        var end = Disk.fold(row.events);
        checkEnd(end);
        if (WAITING.contains(end.opened().definition().name())) {
            Waits.check(id, row, end, effects, kept.getOrDefault(id, Set.of()));
            waited.merge(ended(end), 1, Integer::sum);
        }
    }

    /// What its parent set aside for it is the most that a child was ever allowed to spend.
    private void checkAllotted(Map<SessionId, Money> allotted) {
        allotted.forEach((child, most) -> {
            State state = null;
            for (var recorded : disk.rows.get(child).events) {
                state = state == null ? State.first(recorded) : state.apply(recorded);
                assertThat(state.budget())
                        .as("budget of child %s at %s", child, recorded.seq())
                        .isNotNull()
                        .isLessThanOrEqualTo(most);
            }
        });
    }

    /// However often it was edited, and whoever died meanwhile: every prompt is in the log whole,
    /// it begins with the task, and a summary was paid for and used, or failed.
    private void checkPrompts(List<Recorded> events) {
        Prompt shown = null;
        List<Content> head = List.of();
        int open = 0;
        for (var recorded : events) {
            switch (recorded.event()) {
                case Event.ModelCalled called -> {
                    boolean same = shown != null && shown.hash().equals(called.prompt());
                    if (!same) {
                        shown =
                                shown == null || called.parent() == null
                                        ? Prompt.start(called.added())
                                        : shown.add(called.added());
                    }
                    assertThat(shown.hash()).as("the chain is whole").isEqualTo(called.prompt());
                    head = head.isEmpty() ? shown.contents().subList(0, 2) : head;
                    assertThat(shown.contents().subList(0, 2)).as("the task").isEqualTo(head);
                    assertThat(called.edit() == null && called.leftOut() > 0)
                            .as("nothing leaves the prompt unsaid")
                            .isFalse();
                    assertThat(open).as("no turn while it is summed up").isZero();
                }
                case Event.CompactionCalled called -> {
                    open++;
                    assertThat(shown).isNotNull();
                    assertThat(shown.hash()).isEqualTo(called.parent());
                    assertThat(shown.add(called.added()).hash()).isEqualTo(called.prompt());
                }
                case Event.Compacted compacted -> {
                    open--;
                    compactions++;
                }
                case Event.CompactionFailed failed -> open--;
                case Event.Recovered recovered -> {
                    lostCompactions += open;
                    open = 0;
                }
                case Event.Forked forked -> open = 0; // what was under way there is begun anew
                default -> {}
            }
            assertThat(open).as("one at a time").isBetween(0, 1);
        }
    }

    /// How those ended that ask people, wait and take back, in words: how many of each.
    Map<String, Integer> waited() {
        return waited;
    }

    private static String ended(State end) {
        var closed = end.closed();
        return end.opened().definition().name()
                + " "
                + (closed == null ? "open" : closed.reason())
                + (closed != null && closed.why() != null && closed.why().contains("taken back:")
                        ? ", taken back"
                        : "");
    }

    /// How many summaries were made in this history.
    int compactions() {
        return compactions;
    }

    /// How many were lost with the node that asked for them.
    int lostCompactions() {
        return lostCompactions;
    }

    private void checkEnd(State state) {
        assertThat(state.closed()).isNotNull();
        assertThat(state.mail())
                .as("what was accepted was read before the end")
                .isEqualTo(disk.rows.get(state.id()).inbox.size());
        if (Disk.isCompleted(state)) {
            assertThat(state.actions().values())
                    .as("nothing is open in a completed session")
                    .allMatch(ActionState::isOver);
        }
    }
}
