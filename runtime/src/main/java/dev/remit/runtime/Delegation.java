package dev.remit.runtime;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.brain.Step;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.money.Money;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Work handed to a session of its own. Its budget, its deadline and the chain of who caused it
/// flow down; it opens in the same transaction in which the parent writes that it did.
final class Delegation {
    private final Parts parts;
    private final Definition definition;
    private final Writer writer;

    Delegation(Parts parts, Definition definition, Writer writer) {
        this.parts = parts;
        this.definition = definition;
        this.writer = writer;
    }

    /// @param siblings how many more are handed out in the same step
    void hand(Step.Action.Delegate work, int siblings) {
        var state = writer.state();
        var parent = state.id();
        var child = SessionId.child(parent, work.id());
        var target = parts.definitions().find(work.definition());
        var input = Content.derived(work.input());
        var allotted = Budget.of(state).allot(budget(target), siblings);
        var cause = new ArrayList<Principal>();
        cause.add(new Principal(Principal.Kind.AGENT, definition.name()));
        cause.addAll(state.opened().cause());
        var now = parts.clock().instant();
        var opened =
                new Event.Opened(
                        work.definition(),
                        input,
                        cause,
                        new Event.Parent(parent, work.id()),
                        state.opened().models(),
                        deadline(
                                now,
                                shorter(work.within(), time(target)),
                                state.opened().deadline()),
                        allotted,
                        state.opened().recording(),
                        state.opened().payer());
        writer.add(new Event.Delegated(work.id(), child, work.definition(), input, allotted));
        writer.send(
                new SessionLog.Outgoing.Open(
                        new SessionLog.Opening(
                                child, opened, now, null, standing(target, opened, null, null))));
    }

    /// @param priority absent: its parent's, or the usual one
    /// @param team of whoever opens it; the owner of an agent comes first
    static Standing standing(
            Definition definition,
            Event.Opened opened,
            @Nullable Integer priority,
            @Nullable String team) {
        var lane = Standing.lane(opened.cause());
        return switch (definition) {
            case AgentDefinition agent -> {
                int atOnce = agent.limits().atOnce();
                yield new Standing(
                        lane,
                        priority,
                        agent.owner() != null ? agent.owner() : team,
                        atOnce == 0 ? null : atOnce);
            }
            case WorkflowDefinition workflow -> new Standing(lane, priority, team, null);
        };
    }

    static @Nullable Money budget(Definition definition) {
        return switch (definition) {
            case AgentDefinition agent -> agent.sessionBudget();
            case WorkflowDefinition workflow -> workflow.sessionBudget();
        };
    }

    static @Nullable Duration time(Definition definition) {
        return switch (definition) {
            case AgentDefinition agent -> agent.limits().time();
            case WorkflowDefinition workflow -> workflow.deadline();
        };
    }

    private static @Nullable Duration shorter(@Nullable Duration a, @Nullable Duration b) {
        if (a == null) {
            return b;
        }
        return b == null || a.compareTo(b) < 0 ? a : b;
    }

    static @Nullable Instant deadline(
            Instant now, @Nullable Duration own, @Nullable Instant parents) {
        if (own == null) {
            return parents;
        }
        var mine = now.plus(own);
        return parents == null || mine.isBefore(parents) ? mine : parents;
    }
}
