package dev.remit.runtime;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.authority.Authority;
import dev.remit.core.authority.Verdict;
import dev.remit.core.brain.Step;
import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Content;
import dev.remit.core.money.Money;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.State;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import dev.remit.core.tool.ToolPrice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Actions of one session: judged, written down as started, done, and written down as ended.
final class Actions {
    private final Parts parts;
    private final Writer writer;
    private final Effects effects;
    private final Delegation delegation;
    private final Definition definition;
    private final Map<String, Tool> tools;
    private final Set<ActionId> asked = new HashSet<>();
    private final Tolls tolls;

    Actions(Parts parts, Definition definition, Writer writer, Effects effects) {
        this.parts = parts;
        this.writer = writer;
        this.effects = effects;
        this.definition = definition;
        this.tolls = new Tolls(parts, definition, writer);
        this.delegation = new Delegation(parts, definition, writer);
        this.tools =
                switch (definition) {
                    case AgentDefinition agent -> agent.tools();
                    case WorkflowDefinition workflow -> workflow.tools();
                };
    }

    /// How long an action waits for a place at its tool before it asks again without being woken.
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    /// An action that may begin, and what was reserved for it.
    private record Allowed(Event.ActionStarted start, @Nullable Toll toll) {}

    /// Judges each action; writes all of them down in one append; then starts what was allowed. One
    /// whose tool is used by as many as may use it, or that no budget has the money for, is left
    /// for later.
    ///
    /// @return when to try those again that were left; absent if none was
    @Nullable Later start(List<Step.Action> actions, Writer.Mark mark) throws LostClaim {
        var allowed = new ArrayList<Allowed>();
        try {
            return start(actions, mark, allowed);
        } finally {
            for (var left : allowed) {
                if (left.toll() != null) {
                    left.toll().release();
                }
            }
        }
    }

    /// @param allowed gets those that may begin; those that have begun are taken out again
    private @Nullable Later start(
            List<Step.Action> actions, Writer.Mark mark, List<Allowed> allowed) throws LostClaim {
        leavePlacesBut(actions);
        Later later = null;
        int toDelegate =
                (int) actions.stream().filter(Step.Action.Delegate.class::isInstance).count();
        for (var action : actions) {
            switch (action) {
                case Step.Action.Delegate delegate -> delegation.hand(delegate, --toDelegate);
                case Step.Action.Use use -> {
                    var judged = judge(use);
                    if (judged instanceof Event.ActionStarted started) {
                        var wait = begin(started, allowed);
                        if (wait != null) {
                            later = Later.first(later, wait);
                            continue;
                        }
                    }
                    writer.add(judged);
                }
            }
        }
        if (!allowed.isEmpty() && !parts.log().mayStart()) {
            throw new LostClaim("this node's lease is nearly out: it starts nothing more", true);
        }
        if (writer.hasUnwritten() && writer.flush(new Then.Keep(), mark) == Writer.Written.YES) {
            for (var it = allowed.iterator(); it.hasNext(); ) {
                var next = it.next();
                it.remove();
                doIt(next.start(), next.toll());
            }
        }
        return later;
    }

    /// @return when it may begin; absent if it may now, and is among the allowed ones
    private @Nullable Later begin(Event.ActionStarted started, List<Allowed> allowed)
            throws LostClaim {
        if (!hasPlace(started)) {
            return new Later(null, parts.clock().instant().plus(ASK_AGAIN));
        }
        return switch (tolls.ask(started)) {
            case Tolls.Answer.Paid(var toll) -> {
                allowed.add(new Allowed(started, toll));
                yield null;
            }
            case Tolls.Answer.NotNow(var later) -> {
                if (asked.remove(started.action())) {
                    effects.vacate(List.of(started.action())); // others need not wait for our money
                }
                yield later;
            }
        };
    }

    /// What was in doubt is known now.
    void resolved(Mail.Resolve resolve, State before) {
        tolls.resolved(resolve, before);
    }

    private boolean hasPlace(Event.ActionStarted started) {
        var tool = tools.get(started.tool());
        if (tool == null || tool.atOnce() == 0) {
            return true;
        }
        asked.add(started.action());
        return parts.log().place(writer.fence(), started.action(), tool.name(), tool.atOnce());
    }

    /// Gives back the places, and the turns to get one, of actions that were never started.
    void leavePlaces() {
        if (!asked.isEmpty()) {
            effects.vacate(List.copyOf(asked));
            asked.clear();
        }
    }

    /// What was asked for and is not wanted any more, for the session is out of time, say, would
    /// stand in everybody's way, its own included.
    private void leavePlacesBut(List<Step.Action> wanted) {
        var ids = wanted.stream().map(Step.Action::id).collect(toUnmodifiableSet());
        var stale = asked.stream().filter(id -> !ids.contains(id)).toList();
        if (!stale.isEmpty()) {
            effects.vacate(stale);
            asked.removeAll(stale);
        }
    }

    private Event judge(Step.Action.Use use) {
        var tool = tools.get(use.tool());
        if (tool == null) {
            return new Event.ActionDenied(
                    use.id(),
                    use.tool(),
                    Content.derived(use.arguments()),
                    "there is no tool \"" + use.tool() + "\" in this mandate");
        }
        var proposal = Authority.proposal(tool, use.arguments());
        var arguments = Content.derived(proposal.arguments());
        var verdict =
                use.attempt() > 1
                        ? new Verdict.Allow("tried again under the first verdict")
                        : Authority.decide(
                                definition,
                                tool,
                                proposal,
                                writer.state(),
                                parts.clock().instant());
        return switch (verdict) {
            case Verdict.Allow allow ->
                    new Event.ActionStarted(
                            use.id(),
                            use.attempt(),
                            tool.name(),
                            tool.tier(),
                            arguments,
                            proposal.evidence(),
                            use.id().idempotencyKey(writer.fence().session()),
                            tool.idempotent() || tool.tier() == Tier.READ,
                            timeout(use, tool),
                            allow.rule(),
                            use.retry(),
                            price(tool));
            case Verdict.Ask ask ->
                    new Event.ActionDenied(use.id(), tool.name(), arguments, ask.rule());
            case Verdict.Deny deny ->
                    new Event.ActionDenied(use.id(), tool.name(), arguments, deny.rule());
        };
    }

    private @Nullable ToolPrice price(Tool tool) {
        var price = parts.purse().prices().get().of(tool);
        return price == null || price.atMost().equals(Money.ZERO) ? null : price;
    }

    private static Duration timeout(Step.Action.Use use, Tool tool) {
        var within = use.within();
        return within != null && within.compareTo(tool.timeout()) < 0 ? within : tool.timeout();
    }

    private void doIt(Event.ActionStarted started, @Nullable Toll toll) {
        asked.remove(started.action());
        var tool = tools.get(started.tool());
        if (tool == null) {
            throw new IllegalStateException("started a tool that is not there: " + started.tool());
        }
        var deadline = parts.clock().instant().plus(started.timeout());
        effects.invoke(
                new Invocation(
                        writer.fence().session(),
                        started.action(),
                        started.attempt(),
                        tool,
                        started.arguments(),
                        started.idempotencyKey(),
                        deadline,
                        () -> parts.log().mayStart() && parts.clock().instant().isBefore(deadline),
                        definition instanceof AgentDefinition agent ? agent.files() : Map.of()),
                started.idempotent(),
                toll);
    }

    void ended(Signal.HandEnded ended) {
        if (!(writer.state().actions().get(ended.action()) instanceof ActionState.Started s)
                || s.start().attempt() != ended.attempt()) {
            return; // of a claim that was lost in between
        }
        writer.add(end(s.start(), ended.end()));
    }

    private Event end(Event.ActionStarted start, Ended end) {
        var price = start.price();
        var cost = price == null ? null : price.cost(end).amount();
        return switch (end) {
            case Ended.Done done ->
                    ended(
                            start,
                            new Ended.Done(Content.clean(done.result().value(), parts.redactor())),
                            null,
                            cost);
            case Ended.Failed failed ->
                    ended(
                            start,
                            new Ended.Failed(
                                    failed.permanent(),
                                    parts.redactor().redact(failed.why()),
                                    failed.retryAfter()),
                            failed.permanent() ? null : retryAt(start, failed),
                            null);
            case Ended.Unknown unknown -> {
                var why = parts.redactor().redact(unknown.why());
                yield start.idempotent()
                        ? ended(start, new Ended.Unknown(why), retryAt(start, null), cost)
                        : new Event.ActionInDoubt(start.action(), start.attempt(), why);
            }
        };
    }

    /// What was to be taken back and could not be is a matter for a person.
    private static Event ended(
            Event.ActionStarted start, Ended end, @Nullable Instant retryAt, @Nullable Money cost) {
        var why =
                switch (end) {
                    case Ended.Done d -> null;
                    case Ended.Failed f -> f.why();
                    case Ended.Unknown u -> u.why();
                };
        if (start.action().isUndo() && why != null && retryAt == null) {
            return new Event.ActionInDoubt(start.action(), start.attempt(), why);
        }
        return new Event.ActionEnded(start.action(), start.attempt(), end, retryAt, cost);
    }

    private @Nullable Instant retryAt(Event.ActionStarted start, Ended.@Nullable Failed failed) {
        var tool = tools.get(start.tool());
        boolean wanted =
                start.action().isUndo()
                        || (writer.state().cancel() == null
                                && !writer.state().isOverdue()
                                && !Steering.isHalting(writer.state()));
        if (!wanted || tool == null) {
            return null;
        }
        var retry = start.retry();
        int attempts = retry == null ? tool.attempts() : retry.attempts();
        return start.attempt() < attempts
                ? Backoff.next(
                        parts.clock().instant(),
                        start.attempt(),
                        failed == null ? null : failed.retryAfter(),
                        retry,
                        parts.random())
                : null;
    }

    /// Ends that the driver before learnt and could not append.
    void takeOverKept() {
        for (var action : List.copyOf(writer.state().actions().values())) {
            if (action instanceof ActionState.Started started) {
                var start = started.start();
                parts.log()
                        .kept(writer.fence().session(), start.action(), start.attempt())
                        .ifPresent(end -> writer.add(end(start, end)));
            }
        }
    }

    /// Finds out how orphaned actions ended; what nobody can know goes to a person.
    ///
    /// @return until when the end of one may still come; absent if all are settled
    @Nullable Instant settle(List<ActionId> orphans) {
        Instant until = null;
        for (var id : orphans) {
            if (!(writer.state().actions().get(id) instanceof ActionState.Started orphan)) {
                continue;
            }
            var start = orphan.start();
            var kept = parts.log().kept(writer.fence().session(), id, start.attempt());
            var latest = orphan.at().plus(start.timeout());
            if (kept.isPresent()) {
                writer.add(end(start, kept.get()));
            } else if (!latest.isAfter(parts.clock().instant())) {
                writer.add(
                        new Event.ActionInDoubt(
                                id,
                                start.attempt(),
                                "the node died while it was under way, and no end was recorded"));
            } else if (until == null || latest.isBefore(until)) {
                until = latest;
            }
        }
        return until;
    }
}
