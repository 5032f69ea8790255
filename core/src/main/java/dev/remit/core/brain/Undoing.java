package dev.remit.core.brain;

import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.expression.Template;
import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Content;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.State;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A workflow that ends badly takes back what it did: one step after the other, the newest first,
/// each as durable as any action. What cannot be taken back goes to a person.
final class Undoing {
    private final WorkflowDefinition workflow;
    private final State state;
    private final Work work;
    private final List<ActionId> undone = new ArrayList<>();
    private final List<String> not = new ArrayList<>();

    Undoing(WorkflowDefinition workflow, State state, Work work) {
        this.workflow = workflow;
        this.state = state;
        this.work = work;
    }

    /// @param close what follows once all is taken back
    Step before(Step.Close close) {
        for (var step : newestFirst()) {
            var next = take(step);
            if (next != null) {
                return next;
            }
        }
        return new Step.Close(close.reason(), close.output(), why(close.why()));
    }

    private List<Walk.Undoable> newestFirst() {
        var found = new ArrayList<Walk.Undoable>();
        var walk = new Walk(workflow, state, new Memory(), found);
        walk.sequence(workflow.steps(), Scope.of(state.opened().input().value()), new Plan());
        if (found.isEmpty()) {
            return found;
        }
        var begun = new HashMap<ActionId, Integer>();
        state.actions().keySet().forEach(id -> begun.put(id, begun.size()));
        found.removeIf(step -> isOfAnother(step.id(), begun));
        found.sort((a, b) -> begun.getOrDefault(b.id(), 0) - begun.getOrDefault(a.id(), 0));
        return found;
    }

    /// Whether another session stands by it: the one that this one is a fork of, or the one that
    /// took its place.
    private boolean isOfAnother(ActionId id, Map<ActionId, Integer> begun) {
        var cancel = state.cancel();
        var kept = cancel == null ? null : cancel.kept();
        return begun.getOrDefault(id, 0) < state.inherited() || (kept != null && kept.contains(id));
    }

    /// @return absent if that step is taken back, or never will be
    private @Nullable Step take(Walk.Undoable step) {
        var id = step.id().undo();
        if (!step.known()) {
            not.add(step.id() + " (nobody knows whether it was done)");
            return null;
        }
        return switch (state.actions().get(id)) {
            case null -> begin(id, step);
            case ActionState.Over(Ended.Done d) -> {
                undone.add(step.id());
                yield null;
            }
            case ActionState.Denied denied -> {
                not.add(step.id() + " (" + denied.rule() + ")");
                yield null;
            }
            case ActionState.InDoubt d -> work.trouble();
            case ActionState.Retrying r when r.retryAt().isAfter(state.now()) ->
                    new Step.Wait(new Waiting.Timer(r.retryAt(), "to take back " + step.id()));
            case ActionState action -> {
                var again = Work.again(id, action, state.now());
                yield again == null ? new Step.Await(null) : new Step.Act(List.of(again));
            }
        };
    }

    private Step begin(ActionId id, Walk.Undoable step) {
        var undo = step.undo();
        try {
            return new Step.Act(
                    List.of(
                            new Step.Action.Use(
                                    id,
                                    1,
                                    undo.tool(),
                                    step.scope().fill(undo.with()),
                                    null,
                                    undo.retry())));
        } catch (Template.Fault e) {
            return new Step.Note(
                    List.of(
                            new Event.ActionDenied(
                                    id,
                                    undo.tool(),
                                    Content.derived(undo.with()),
                                    String.valueOf(e.getMessage()))));
        }
    }

    private @Nullable String why(@Nullable String why) {
        var told = new ArrayList<String>();
        if (why != null) {
            told.add(why);
        }
        if (!undone.isEmpty()) {
            told.add("taken back: " + listed(undone));
        }
        if (!not.isEmpty()) {
            told.add("NOT taken back: " + String.join(", ", not));
        }
        return told.isEmpty() ? null : String.join("; ", told);
    }

    private static String listed(List<ActionId> ids) {
        var first = ids.stream().limit(20).map(ActionId::value).toList();
        int more = ids.size() - first.size();
        return String.join(", ", first) + (more > 0 ? " and " + more + " more" : "");
    }
}
