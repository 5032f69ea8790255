package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.agent.WorkflowStep.Care;
import dev.remit.core.agent.WorkflowStep.IfOneFails;
import dev.remit.core.agent.WorkflowStep.Otherwise;
import dev.remit.core.agent.WorkflowStep.WaitFor;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Question;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/// Workflows of the simulated world that ask people, wait, go over lists and take back; the people
/// and the world outside who answer them; and what must be true of them, by the inboxes and the
/// list of effects alone where that is possible.
final class Waits {
    static final String ASKS = "asks";
    private static final int AT_ONCE = 2;
    private static final Principal OTHER = new Principal(Principal.Kind.PERSON, "somebody else");

    private Waits() {}

    // ---- who plays

    /// Two steps that can be taken back, a question between them, an event, a while, a last step.
    static WorkflowDefinition asks(Map<String, DefinitionRef> agents) {
        return Cast.workflow(
                ASKS,
                agents,
                List.of(
                        use("first", "effect.once", true),
                        new WorkflowStep.Approve(
                                "go",
                                Json.text("go on?"),
                                Json.text("${input}"),
                                "somebody",
                                Duration.ofMinutes(20),
                                Otherwise.STOP),
                        use("second", "effect.again", true),
                        new WorkflowStep.Parallel(
                                List.of(
                                        Cast.step("one"),
                                        new WorkflowStep.Approve(
                                                "also",
                                                null,
                                                Json.text("shown"),
                                                null,
                                                Duration.ofMinutes(5),
                                                Otherwise.CONTINUE)),
                                IfOneFails.KEEP_OTHERS),
                        new WorkflowStep.Wait(
                                "came",
                                new WaitFor.Event("arrived", "event.good", Duration.ofMinutes(20)),
                                Otherwise.STOP),
                        new WorkflowStep.Wait(
                                "pause", new WaitFor.Span(Duration.ofSeconds(90)), Otherwise.STOP),
                        use("last", "effect.once", false)));
    }

    /// Each item is done, asked about by an agent, and can be taken back; then one more step.
    static WorkflowDefinition checks(Map<String, DefinitionRef> agents, IfOneFails ifOneFails) {
        boolean stop = ifOneFails == IfOneFails.STOP;
        return Cast.workflow(
                stop ? "checks-stop" : "checks-keep",
                agents,
                List.of(
                        new WorkflowStep.ForEach(
                                "checks",
                                "[1, 2, 3, 4, 5]",
                                "item",
                                AT_ONCE,
                                10,
                                List.of(
                                        use("probe", stop ? "effect.again" : "effect.once", true),
                                        Cast.step("two")),
                                ifOneFails),
                        use("after", "effect.once", true),
                        new WorkflowStep.Wait(
                                "came",
                                new WaitFor.Event("arrived", null, Duration.ofMinutes(2)),
                                stop ? Otherwise.STOP : Otherwise.CONTINUE)));
    }

    private static WorkflowStep use(String name, String tool, boolean undo) {
        var with = Json.object().put("step", name).put("evidence", "the graph says so");
        return new WorkflowStep.Do(
                name,
                tool,
                with,
                new Care(
                        null,
                        null,
                        undo ? new WorkflowStep.Undo("effect.again", with, null) : null));
    }

    // ---- who answers

    /// People who answer when they like, some of them twice, late, or to something else.
    static void answer(SessionId id, State state, Disk disk, Random random, Instant now) {
        for (var question : Question.open(state)) {
            int dice = random.nextInt(12);
            if (dice < 4) {
                boolean yes = random.nextInt(3) > 0;
                disk.send(id, answer(question, question.digest(), yes, now));
                if (dice == 0) {
                    disk.send(id, answer(question, question.digest(), !yes, now));
                }
            } else if (dice == 4) {
                disk.send(id, answer(question, Hash.of("something else"), true, now));
            }
        }
        if (random.nextInt(state.waiting() instanceof Waiting.Event ? 2 : 8) == 0) {
            var body = Json.object().put("good", random.nextBoolean());
            disk.send(id, new Mail.Happened(OTHER, "arrived", Content.derived(body)));
        }
    }

    private static Mail answer(Event.ApprovalAsked question, Hash digest, boolean yes, Instant at) {
        return new Mail.Answer(question.action(), digest, yes, null, OTHER, at + "/" + yes, at);
    }

    // ---- what must be true

    /// @param id of a session of one of the workflows above, which has ended
    /// @param effects idempotency keys in the order in which they were done
    /// @param kept what sessions that took its place go on with
    static void check(
            SessionId id, Disk.Row row, State end, List<String> effects, Set<ActionId> kept) {
        noEventIsLostOrTakenTwice(row.events);
        if (end.opened().definition().name().equals(ASKS)) {
            nothingBehindAQuestionWithoutAYes(id, row, end, effects);
        } else {
            noMoreAtOnceThanAllowed(row.events);
        }
        takenBack(id, row.events, end, effects, kept);
    }

    /// The first answer in the inbox to exactly what was asked decides; without one nothing behind
    /// the question is done.
    private static void nothingBehindAQuestionWithoutAYes(
            SessionId id, Disk.Row row, State end, List<String> effects) {
        Event.ApprovalAsked asked = null;
        boolean inherited = false;
        for (var recorded : row.events) {
            switch (recorded.event()) {
                case Event.ApprovalAsked a when a.action().value().equals("go") -> asked = a;
                // what came after an answer there stays done here; the question is asked again
                case Event.Forked f -> {
                    inherited |= asked != null;
                    asked = null;
                }
                default -> {}
            }
        }
        if (inherited) {
            return;
        }
        Mail.Answer first = null;
        for (var mail : row.inbox) {
            if (first == null
                    && asked != null
                    && mail instanceof Mail.Answer answer
                    && answer.digest().equals(asked.digest())
                    && answer.at().isBefore(Objects.requireNonNull(asked.expires()))) {
                first = answer;
            }
        }
        boolean went = effects.contains(new ActionId("second").idempotencyKey(id));
        if (went) {
            assertThat(first).as("somebody has answered").isNotNull();
            assertThat(first.approved()).as("and the first answer was yes").isTrue();
        }
        if (Disk.isCompleted(end)) {
            assertThat(effects.stream().filter(new ActionId("last").idempotencyKey(id)::equals))
                    .as("the last step")
                    .hasSize(1);
        }
    }

    /// In the order of the log: an event is taken by one wait, and none lapses while one lies there
    /// that it wants.
    private static void noEventIsLostOrTakenTwice(List<Recorded> events) {
        var lying = new HashMap<Long, Mail.Happened>();
        var waits = new HashMap<ActionId, Event.WaitBegun>();
        for (var recorded : events) {
            switch (recorded.event()) {
                case Event.Received(var position, Mail.Happened happened) ->
                        lying.put(position, happened);
                case Event.WaitBegun begun -> waits.put(begun.action(), begun);
                case Event.EventTaken taken -> {
                    assertThat(waits).containsKey(taken.action());
                    assertThat(lying.remove(taken.position())).as("taken once").isNotNull();
                }
                case Event.Lapsed lapsed when lapsed.why().contains("did not come in time") ->
                        assertThat(lying.values())
                                .as("an event that came in time is not passed over")
                                .noneMatch(e -> e.body().value().path("good").asBoolean());
                case Event.Forked forked -> {
                    var before = new HashMap<>(lying);
                    lying.clear(); // positions of the other inbox lie below those of this one
                    long beyond = mail(events, forked) + 1;
                    before.forEach((position, event) -> lying.put(position - beyond, event));
                    waits.clear();
                }
                default -> {}
            }
        }
    }

    private static long mail(List<Recorded> events, Event.Forked forked) {
        long mail = 0;
        for (var recorded : events) {
            if (recorded.event() == forked) {
                return mail;
            }
            switch (recorded.event()) {
                case Event.Received received -> mail = received.position();
                case Event.Forked f -> mail = 0;
                default -> {}
            }
        }
        return mail;
    }

    private static void noMoreAtOnceThanAllowed(List<Recorded> events) {
        var open = new HashSet<ActionId>();
        for (var recorded : events) {
            switch (recorded.event()) {
                case Event.ActionStarted s -> open.add(s.action());
                case Event.Delegated d -> open.add(d.action());
                case Event.ActionEnded e -> open.remove(e.action());
                case Event.Received(var p, Mail.ChildClosed c) -> open.remove(c.action());
                case Event.ActionInDoubt d -> open.remove(d.action());
                case Event.Forked f -> open.clear();
                default -> {}
            }
            assertThat(
                            open.stream()
                                    .filter(a -> a.value().startsWith("checks/") && !a.isUndo())
                                    .count())
                    .as("items under way")
                    .isLessThanOrEqualTo(AT_ONCE);
        }
    }

    /// A session that ended well took nothing back. Any other one took back all that its log calls
    /// done, each once it could be, the newest first.
    private static void takenBack(
            SessionId id,
            List<Recorded> events,
            State end,
            List<String> effects,
            Set<ActionId> kept) {
        var others = new HashSet<>(kept);
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).event() instanceof Event.Forked forked && !forked.rewind()) {
                others.addAll(Forks.done(Disk.fold(events.subList(0, i))));
            }
        }
        var done = new ArrayList<ActionId>();
        end.actions()
                .forEach((action, stands) -> {
                    if (stands instanceof ActionState.Over(Ended.Done d)
                            && canBeTakenBack(action)
                            && !others.contains(action)) {
                        done.add(action);
                    }
                });
        if (Disk.isCompleted(end)) {
            assertThat(effects)
                    .as("nothing is taken back of what ended well")
                    .noneMatch(key -> key.startsWith(id.toString()) && key.endsWith("/undo"));
            return;
        }
        if (Objects.requireNonNull(end.closed()).reason() == StopReason.KILLED) {
            return;
        }
        if (kept.isEmpty()) {
            for (var action : others) {
                assertThat(effects)
                        .as("%s is the other session's to take back", action)
                        .doesNotContain(action.undo().idempotencyKey(id));
            }
        }
        nothingIsPassedOver(id, end, effects, others);
        int before = -1;
        for (var action : done.reversed()) {
            var stands = end.actions().get(action.undo());
            assertThat(stands).as("%s is taken back", action).isNotNull();
            int at = place(events, action.undo());
            if (!wasToldLate(events, action)) {
                assertThat(at).as("the newest first").isGreaterThan(before);
                before = at;
            }
            if (stands instanceof ActionState.Over(Ended.Done d)) {
                assertThat(effects)
                        .as("and the world outside saw it")
                        .contains(started(events, at).idempotencyKey());
            }
        }
    }

    /// What the world outside saw was taken back, or is another session's, or a person can read
    /// that it was not.
    private static void nothingIsPassedOver(
            SessionId id, State end, List<String> effects, Set<ActionId> others) {
        var why = String.valueOf(Objects.requireNonNull(end.closed()).why());
        int not = why.indexOf("NOT taken back: ");
        var told = not < 0 ? "" : why.substring(not);
        for (var key : effects) {
            if (!key.startsWith(id + ":")) {
                continue;
            }
            var action = new ActionId(key.substring(key.indexOf(':') + 1));
            if (canBeTakenBack(action) && !others.contains(action)) {
                boolean undone = effects.contains(action.undo().idempotencyKey(id));
                assertThat(undone || told.contains(action + " ("))
                        .as("%s is taken back, or it is told that it is not: %s", action, why)
                        .isTrue();
            }
        }
    }

    /// Whether its end was told, by a node that had lost the session, when others were already
    /// being taken back.
    private static boolean wasToldLate(List<Recorded> events, ActionId action) {
        boolean takingBack = false;
        for (var recorded : events) {
            switch (recorded.event()) {
                case Event.ActionStarted started -> takingBack |= started.action().isUndo();
                case Event.ActionEnded ended when ended.action().equals(action) -> {
                    if (takingBack) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    /// Of a rewound session it may have been the other one that did it.
    private static Event.ActionStarted started(List<Recorded> events, int at) {
        return (Event.ActionStarted) events.get(at).event();
    }

    private static boolean canBeTakenBack(ActionId action) {
        return List.of("first", "second", "after").contains(action.value())
                || (action.value().startsWith("checks/") && action.value().endsWith("/probe"));
    }

    private static int place(List<Recorded> events, ActionId action) {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (events.get(i).event() instanceof Event.ActionStarted started
                    && started.action().equals(action)
                    && started.attempt() == 1) {
                return i;
            }
        }
        return -1;
    }
}
