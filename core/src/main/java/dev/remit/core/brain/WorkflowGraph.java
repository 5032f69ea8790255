package dev.remit.core.brain;

import static java.util.Objects.requireNonNull;

import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.expression.Template;
import dev.remit.core.identity.ActionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import java.util.ArrayList;
import java.util.List;

/// A graph of steps. Where it stands is computed from the actions in the log, each time.
public final class WorkflowGraph implements Brain {
    private final WorkflowDefinition workflow;
    private final Memory memory = new Memory();

    public WorkflowGraph(WorkflowDefinition workflow) {
        this.workflow = workflow;
    }

    @Override
    public Step next(State state) {
        var work = Work.of(state);
        var ending = work.ending(state);
        if (ending != null) {
            return ending(ending, state, work);
        }
        memory.look(state);
        var plan = new Plan();
        var scope = Scope.of(state.opened().input().value());
        var walk = new Walk(workflow, state, memory, null);
        var stand = walk.sequence(workflow.steps(), scope, plan);
        if (!plan.notes().isEmpty()) {
            return new Step.Note(plan.notes());
        }
        if (!plan.recall().isEmpty()) {
            return new Step.Recall(List.copyOf(plan.recall()), plan.recallWhy());
        }
        if (!plan.todo().isEmpty()) {
            return new Step.Act(plan.todo());
        }
        return switch (stand) {
            case Stand.Busy b -> requireNonNull(work.pause(), "busy, and nothing is open");
            case Stand.Failed f ->
                    new Undoing(workflow, state, work)
                            .before(new Step.Close(f.reason(), null, f.why()));
            case Stand.Done d -> close(scope, state, work);
        };
    }

    private Step close(Scope scope, State state, Work work) {
        try {
            return new Step.Close(StopReason.COMPLETED, Output.of(workflow, scope), null);
        } catch (Template.Fault | Output.Clash e) {
            return new Undoing(workflow, state, work)
                    .before(
                            new Step.Close(
                                    StopReason.FAILED,
                                    null,
                                    "its output: " + String.valueOf(e.getMessage())));
        }
    }

    /// It is cancelled, or its time is up: nobody is asked any more, and what was done is taken
    /// back.
    private Step ending(Step ending, State state, Work work) {
        if (state.cancel() == null && !state.isOverdue()) {
            return ending; // it is only halted, or finds out what became of something
        }
        var waits = new ArrayList<ActionId>(work.asked());
        waits.addAll(work.waits().keySet());
        if (!waits.isEmpty() && !(ending instanceof Step.Settle)) {
            return new Step.Note(List.of(new Event.Lapsed(waits, "the workflow ends")));
        }
        return ending instanceof Step.Close close
                ? new Undoing(workflow, state, work).before(close)
                : ending;
    }
}
