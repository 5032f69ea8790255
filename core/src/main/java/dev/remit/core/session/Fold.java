package dev.remit.core.session;

import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.tool.Ended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One step of folding a log: the state before, made into the state after one event.
final class Fold {
    /// How many tool calls back a repetition is noticed.
    private static final int REMEMBERED_CALLS = 64;

    /// Events beyond this many are let go; whoever sends one is refused long before.
    private static final int MOST_KEPT = 10 * State.MOST_ARRIVED;

    private final State before;
    private final Instant now;
    private @Nullable Waiting waiting;
    private @Nullable Prompt prompt;
    private List<Content> fresh;
    private @Nullable Call call;
    private Map<ActionId, ActionState> actions;
    private List<Hash> recent;
    private Totals totals;
    private int rejections;
    private List<String> faults;
    private @Nullable Money budget;
    private Mail.@Nullable Cancel cancel;
    private Event.@Nullable Closed closed;
    private long mail;
    private List<State.Arrived> arrived;
    private Event.Opened opened;
    private @Nullable Halt halt;
    private Mail.@Nullable Move move;
    private Context context;
    private int inherited;

    Fold(State before, Instant at) {
        this.before = before;
        now = at.isAfter(before.now()) ? at : before.now();
        waiting = null; // any event but `idled` means that it runs
        prompt = before.prompt();
        fresh = before.fresh();
        call = before.call();
        actions = before.actions();
        recent = before.recent();
        totals = before.totals();
        rejections = before.rejections();
        faults = before.faults();
        budget = before.budget();
        cancel = before.cancel();
        closed = before.closed();
        mail = before.mail();
        arrived = before.arrived();
        opened = before.opened();
        halt = before.halt();
        move = before.move();
        context = before.context();
        inherited = before.inherited();
    }

    State apply(Event event) {
        switch (event) {
            case Event.Opened o ->
                    throw new IllegalArgumentException("opened again: " + before.id());
            case Event.Recovered r -> recovered();
            case Event.Received r -> received(r);
            case Event.TimerFired t -> {}
            case Event.ModelCalled c -> called(c);
            case Event.ModelReplied r -> replied(r);
            case Event.ModelFailed f -> failed(f);
            case Event.ActionDenied d -> {
                put(d.action(), new ActionState.Denied(d.rule()));
                remember(d.tool(), d.arguments());
            }
            case Event.ActionStarted s -> {
                abandoned(actions.get(s.action()));
                put(s.action(), new ActionState.Started(s, now, false, isUnsure(s.action())));
                if (s.attempt() == 1) {
                    remember(s.tool(), s.arguments());
                }
            }
            case Event.ActionEnded e -> ended(e);
            case Event.ActionInDoubt d -> inDoubt(d);
            case Event.Delegated d -> put(d.action(), new ActionState.Handed(d, false));
            case Event.Recalled r -> r.actions().forEach(this::recall);
            case Event.OutputRejected r -> {
                rejections++;
                faults = r.faults();
            }
            case Event.Idled i -> waiting = i.waiting();
            case Event.Closed c -> closed = c;
            case Event.Decided d -> put(d.action(), new ActionState.Decided(d.value()));
            case Event.ApprovalAsked a -> put(a.action(), new ActionState.Asked(a));
            case Event.WaitBegun w -> put(w.action(), new ActionState.Waits(w));
            case Event.EventTaken t -> taken(t);
            case Event.Lapsed l -> l.actions().forEach(action -> lapsed(action, l.why()));
            case Event.Interrupted i -> interrupted(i);
            case Event.Forked f -> forked(f);
            case Event.Moved m -> {
                opened = opened.by(m.to());
                move = null;
            }
            case Event.MoveRefused m -> move = null;
            case Event.CompactionCalled c -> compactionCalled(c);
            case Event.Compacted c -> {
                call = null;
                context = context.compacted(c.summary());
                totals = totals.plus(0, c.usage(), c.cost());
            }
            case Event.CompactionFailed f -> {
                call = null;
                context = context.failed(f.kind());
                totals = totals.plus(0, f.usage(), f.cost());
            }
        }
        return state();
    }

    private void recovered() {
        var open = call;
        if (open != null && open.open()) {
            // What it used, nobody knows: it is taken to have cost what was reserved.
            totals = totals.plus(0, Usage.NONE, open.reserved());
            abandoned(open);
        }
        var orphaned = new LinkedHashMap<>(actions);
        orphaned.replaceAll((id, action) ->
                action instanceof ActionState.Started s
                        ? new ActionState.Started(s.start(), s.at(), true, s.unsure())
                        : action);
        actions = Collections.unmodifiableMap(orphaned);
    }

    /// What an attempt cost whose driver died, nobody knows: it is taken to be what was reserved.
    private void abandoned(@Nullable ActionState earlier) {
        if (earlier instanceof ActionState.Started s) {
            totals = totals.plus(0, Usage.NONE, s.start().reserved());
        }
    }

    private void abandoned(Call open) {
        if (open.compacting()) {
            call = null;
            context = context.failed(ModelAnswer.Kind.ABANDONED);
            return;
        }
        call =
                new Call(
                        open.turn(),
                        open.attempt(),
                        false,
                        ModelAnswer.Kind.ABANDONED,
                        "the node died while the call was out",
                        now,
                        null,
                        false);
    }

    private void received(Event.Received received) {
        mail = received.position();
        switch (received.mail()) {
            case Mail.Message m -> say(m.text());
            case Mail.Cancel c ->
                    cancel =
                            c.kept() == null && cancel != null
                                    ? new Mail.Cancel(c.by(), c.why(), cancel.kept())
                                    : c;
            case Mail.ChildClosed c -> {
                // A child that answers twice, or whose parent stopped asking, changes nothing.
                if (actions.get(c.action()) instanceof ActionState.Handed) {
                    put(c.action(), new ActionState.Returned(c));
                    totals = totals.plus(0, c.usage(), c.cost());
                }
            }
            case Mail.Resolve r -> resolve(r);
            case Mail.RaiseBudget b -> budget = b.limit();
            case Mail.RaiseChild r -> raised(r);
            case Mail.Answer a -> answered(a);
            case Mail.Happened h -> arrived(received.position(), h);
            case Mail.Interrupt i -> interrupt(i);
            case Mail.Move m -> move = m;
            case Mail.Redrive r -> letGo();
        }
    }

    /// The first answer to exactly what was shown, given in time, is the answer.
    private void answered(Mail.Answer answer) {
        if (actions.get(answer.action()) instanceof ActionState.Asked asked
                && asked.question().digest().equals(answer.digest())
                && (asked.question().expires() == null
                        || answer.at().isBefore(asked.question().expires()))) {
            put(answer.action(), new ActionState.Answered(answer));
        }
    }

    /// What a child was given more is taken from what is left here, or it is not given.
    private void raised(Mail.RaiseChild raise) {
        if (!(actions.get(raise.action()) instanceof ActionState.Handed handed)) {
            return;
        }
        var had = handed.work().allotted();
        if (had == null || !raise.limit().isMoreThan(had)) {
            return; // it has no limit from here, or no less than that
        }
        long more = raise.limit().micros() - had.micros();
        var limit = budget;
        if (limit == null || before.committed().micros() + more <= limit.micros()) {
            put(
                    raise.action(),
                    new ActionState.Handed(
                            handed.work().allotting(raise.limit()), handed.recalled()));
        }
    }

    private void arrived(long position, Mail.Happened event) {
        if (arrived.size() < MOST_KEPT) {
            arrived = plus(arrived, new State.Arrived(position, event));
        }
    }

    private void taken(Event.EventTaken taken) {
        for (var event : arrived) {
            if (event.position() == taken.position()
                    && actions.get(taken.action()) instanceof ActionState.Waits) {
                put(taken.action(), new ActionState.Came(event.event()));
                arrived = arrived.stream().filter(a -> !a.equals(event)).toList();
                return;
            }
        }
    }

    private void lapsed(ActionId id, String why) {
        var action = actions.get(id);
        if (action instanceof ActionState.Asked || action instanceof ActionState.Waits) {
            put(id, new ActionState.Lapsed(why));
        }
    }

    private void say(Content text) {
        var said = text.value().isString() ? text.value().asString() : Json.write(text.value());
        var message = Json.tree(Message.of(Message.Role.USER, said));
        fresh = plus(fresh, Content.derived(message));
        rejections = 0;
        faults = List.of();
        letGo(); // whoever speaks to a session that gave up wants it to try again
        var halted = halt;
        if (halted != null) {
            halt = halted.done() ? null : halted.saying(text);
        }
    }

    /// A call that failed is forgotten, so that it is made again.
    private void letGo() {
        var stuck = call;
        if (stuck != null && !stuck.open()) {
            call = null;
        }
    }

    private void interrupt(Mail.Interrupt interrupt) {
        if (halt == null) {
            halt = new Halt(interrupt.by(), null, false);
        }
        var words = interrupt.message();
        if (words != null) {
            say(words);
        }
    }

    private void interrupted(Event.Interrupted interrupted) {
        letGo();
        for (var id : interrupted.dropped()) {
            put(
                    id,
                    new ActionState.Over(
                            new Ended.Failed(
                                    true,
                                    "it was not done: "
                                            + interrupted.by()
                                            + " interrupted the turn",
                                    null)));
        }
        halt = interrupted.said() == null ? new Halt(interrupted.by(), null, true) : null;
    }

    /// What is over stays, but for approvals: they were given to the other session. What was open
    /// there is no business of this one.
    private void forked(Event.Forked forked) {
        opened = opened.as(forked);
        call = null;
        var over = new LinkedHashMap<ActionId, ActionState>();
        int theirs = 0;
        int place = 0;
        for (var action : actions.entrySet()) {
            if (action.getValue().isOver()
                    && !(action.getValue() instanceof ActionState.Answered)) {
                over.put(action.getKey(), action.getValue());
                theirs += place < inherited || !forked.rewind() ? 1 : 0;
            }
            place++;
        }
        actions = Collections.unmodifiableMap(over);
        inherited = theirs;
        totals = new Totals(totals.turns(), Usage.NONE, null);
        budget = forked.budget();
        cancel = null;
        closed = null;
        // Its inbox is another one: what came before keeps apart from what will come.
        long beyond = before.mail() + 1;
        arrived =
                arrived.stream()
                        .map(a -> new State.Arrived(a.position() - beyond, a.event()))
                        .toList();
        mail = 0;
        halt = null;
        move = null;
        var words = forked.message();
        if (words != null) {
            say(words);
        }
    }

    private void resolve(Mail.Resolve resolve) {
        for (var entry : actions.entrySet()) {
            if (entry.getValue() instanceof ActionState.InDoubt doubt
                    && (resolve.action() == null || entry.getKey().equals(resolve.action()))) {
                var end =
                        resolve.happened()
                                ? new Ended.Done(
                                        Content.derived(
                                                Json.object()
                                                        .put("happened", true)
                                                        .put("stated_by", resolve.by().toString())))
                                : null;
                if (end != null) {
                    totals = totals.plus(0, Usage.NONE, doubt.start().reserved());
                }
                put(
                        entry.getKey(),
                        end != null
                                ? new ActionState.Over(end)
                                : new ActionState.Retrying(doubt.start(), now, false));
                return;
            }
        }
    }

    private void called(Event.ModelCalled called) {
        var shown = prompt;
        boolean same = shown != null && shown.hash().equals(called.prompt());
        if (!same) {
            prompt =
                    called.parent() == null || shown == null
                            ? Prompt.start(called.added())
                            : shown.add(called.added());
        }
        fresh = List.of();
        faults = List.of();
        actions = Map.of();
        call =
                new Call(
                        called.turn(),
                        called.attempt(),
                        true,
                        null,
                        null,
                        null,
                        called.reserved(),
                        false);
        context = context.called(called.mind());
    }

    /// The turn waits: what is new stays new until it is in a prompt of its own.
    private void compactionCalled(Event.CompactionCalled called) {
        call =
                new Call(
                        called.turn(),
                        called.attempt(),
                        true,
                        null,
                        null,
                        null,
                        called.reserved(),
                        true);
        context = context.compacting(called.upTo());
    }

    private void replied(Event.ModelReplied replied) {
        call = null;
        fresh = plus(fresh, replied.message());
        totals = totals.plus(1, replied.usage(), replied.cost());
        var shown = prompt;
        var usage = replied.usage();
        if (shown != null) {
            context =
                    context.counted(
                            usage.input() + usage.cacheRead() + usage.cacheWrite(), shown.bytes());
        }
    }

    private void failed(Event.ModelFailed failed) {
        call =
                new Call(
                        failed.turn(),
                        failed.attempt(),
                        false,
                        failed.kind(),
                        failed.why(),
                        failed.retryAt(),
                        null,
                        false);
        totals = totals.plus(0, failed.usage(), failed.cost());
    }

    private void ended(Event.ActionEnded ended) {
        totals = totals.plus(0, Usage.NONE, cost(ended));
        var retryAt = ended.retryAt();
        if (retryAt != null && actions.get(ended.action()) instanceof ActionState.Started s) {
            boolean unsure = s.unsure() || ended.end() instanceof Ended.Unknown;
            put(ended.action(), new ActionState.Retrying(s.start(), retryAt, unsure));
        } else {
            put(ended.action(), new ActionState.Over(last(ended)));
        }
    }

    /// That the last attempt did nothing says nothing of those before it. A refusal for good does:
    /// it is the tool's answer to the key that all of them have.
    private Ended last(Event.ActionEnded ended) {
        boolean unsure = actions.get(ended.action()) instanceof ActionState.Started s && s.unsure();
        return unsure && ended.end() instanceof Ended.Failed failed && !failed.permanent()
                ? new Ended.Unknown(failed.why() + "; an attempt before it may have been done")
                : ended.end();
    }

    /// Whether an attempt before the next one may have been done.
    private boolean isUnsure(ActionId action) {
        return switch (actions.get(action)) {
            case ActionState.Started s -> s.orphaned() || s.unsure();
            case ActionState.Retrying r -> r.unsure();
            case null, default -> false;
        };
    }

    /// An attempt whose end nobody will know costs what was reserved for it, whoever wrote that
    /// down.
    private @Nullable Money cost(Event.ActionEnded ended) {
        var cost = ended.cost();
        return cost == null
                        && ended.end() instanceof Ended.Unknown
                        && actions.get(ended.action()) instanceof ActionState.Started s
                ? s.start().reserved()
                : cost;
    }

    private void inDoubt(Event.ActionInDoubt doubt) {
        if (actions.get(doubt.action()) instanceof ActionState.Started s) {
            put(doubt.action(), new ActionState.InDoubt(s.start(), doubt.why()));
        }
    }

    private void recall(ActionId id) {
        if (actions.get(id) instanceof ActionState.Handed h) {
            put(id, new ActionState.Handed(h.work(), true));
        }
    }

    private void put(ActionId id, ActionState action) {
        var copy = new LinkedHashMap<>(actions);
        copy.put(id, action);
        actions = Collections.unmodifiableMap(copy);
    }

    private void remember(String tool, Content arguments) {
        var calls = new ArrayList<>(recent);
        calls.add(signature(tool, arguments));
        if (calls.size() > REMEMBERED_CALLS) {
            calls.removeFirst();
        }
        recent = List.copyOf(calls);
    }

    static Hash signature(String tool, Content arguments) {
        return Hash.of(List.of(Hash.of(tool), arguments.hash()));
    }

    private static <T> List<T> plus(List<T> list, T element) {
        var copy = new ArrayList<>(list);
        copy.add(element);
        return List.copyOf(copy);
    }

    private State state() {
        return new State(
                before.id(),
                before.seq() + 1,
                now,
                opened,
                waiting,
                prompt,
                fresh,
                call,
                actions,
                recent,
                totals,
                rejections,
                faults,
                budget,
                cancel,
                closed,
                mail,
                arrived,
                halt,
                move,
                context,
                inherited);
    }
}
