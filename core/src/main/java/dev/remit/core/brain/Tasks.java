package dev.remit.core.brain;

import static java.util.Objects.requireNonNull;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.agent.WorkflowStep.Care;
import dev.remit.core.identity.ActionId;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Retry;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The steps that do something: an agent, another workflow, a tool.
final class Tasks {
    private final WorkflowDefinition workflow;
    private final State state;
    private final Walk walk;

    Tasks(WorkflowDefinition workflow, State state, Walk walk) {
        this.workflow = workflow;
        this.state = state;
        this.walk = walk;
    }

    Stand agent(WorkflowStep.Agent step, Scope scope, Plan plan) {
        var definition =
                requireNonNull(
                        workflow.agents().get(step.agent()),
                        "the reader let an unknown agent pass");
        return child(step.name(), definition, step.input(), step.care(), scope, plan);
    }

    Stand workflow(WorkflowStep.Workflow step, Scope scope, Plan plan) {
        var definition =
                requireNonNull(
                        workflow.workflows().get(step.workflow()),
                        "the reader let an unknown workflow pass");
        return child(step.name(), definition, step.input(), step.care(), scope, plan);
    }

    private Stand child(
            String name,
            DefinitionRef definition,
            @Nullable JsonNode input,
            Care care,
            Scope scope,
            Plan plan) {
        int attempts = care.retry() == null ? 1 : care.retry().attempts();
        for (int attempt = 1; ; attempt++) {
            var id = scope.id(name).attempt(attempt);
            switch (state.actions().get(id)) {
                case null -> {
                    var given =
                            input == null
                                    ? state.opened().input().value()
                                    : walk.computed(id, plan, () -> scope.fill(input));
                    if (given != null) {
                        plan.begin(new Step.Action.Delegate(id, definition, given, care.within()));
                    }
                    return new Stand.Busy(false);
                }
                case ActionState.Handed h -> {
                    plan.open(id);
                    return new Stand.Busy(true);
                }
                case ActionState.Returned(var result) -> {
                    if (isGood(result.reason())) {
                        var output = result.output();
                        return walk.done(
                                id, name, output == null ? null : output.value(), care, scope);
                    }
                    var retry = care.retry();
                    if (retry == null
                            || attempt >= attempts
                            || result.reason() != StopReason.FAILED) {
                        return failed(id, result);
                    }
                    var pause = pause(id, retry, attempt, plan);
                    if (pause != null) {
                        return pause;
                    }
                }
                case ActionState other -> {
                    return Walk.failed(id, other);
                }
            }
        }
    }

    /// The time between an attempt that failed and the next one; absent once it is over.
    private @Nullable Stand pause(ActionId failed, Retry retry, int attempt, Plan plan) {
        var id = new ActionId(failed.value() + "+");
        return switch (state.actions().get(id)) {
            case null -> {
                plan.note(new Event.WaitBegun(id, state.now().plus(retry.delay(attempt)), null));
                yield new Stand.Busy(false);
            }
            case ActionState.Waits waits -> {
                var until = waits.begun().until();
                if (until == null || until.isAfter(state.now())) {
                    plan.open(id);
                    yield new Stand.Busy(true);
                }
                plan.note(new Event.Lapsed(List.of(id), "it is time to try again"));
                yield new Stand.Busy(false);
            }
            default -> null;
        };
    }

    private static boolean isGood(StopReason reason) {
        return reason == StopReason.COMPLETED || reason == StopReason.NO_WORK;
    }

    private static Stand failed(ActionId id, Mail.ChildClosed result) {
        var why = result.why();
        return new Stand.Failed(
                id + ": " + (why != null ? why : result.reason().name().toLowerCase(Locale.ROOT)),
                StopReason.FAILED,
                result.reason() == StopReason.CANCELLED);
    }

    Stand tool(WorkflowStep.Do step, Scope scope, Plan plan) {
        var id = scope.id(step.name());
        var care = step.care();
        return switch (state.actions().get(id)) {
            case null -> {
                var arguments = walk.computed(id, plan, () -> scope.fill(step.with()));
                if (arguments != null) {
                    plan.begin(
                            new Step.Action.Use(
                                    id, 1, step.tool(), arguments, care.within(), care.retry()));
                }
                yield new Stand.Busy(false);
            }
            case ActionState.Over(Ended.Done done) ->
                    walk.done(id, step.name(), done.result().value(), care, scope);
            case ActionState.Over(Ended.Unknown end) -> {
                walk.mayHaveBeenDone(id, care, scope);
                yield Walk.failed(id, end.why(), StopReason.FAILED);
            }
            case ActionState action when action.isOver() -> Walk.failed(id, action);
            case ActionState action -> {
                plan.open(id);
                if (!(action instanceof ActionState.Retrying r) || r.unsure()) {
                    walk.mayHaveBeenDone(id, care, scope);
                }
                var again = Work.again(id, action, state.now());
                if (again != null) {
                    plan.begin(again);
                }
                yield new Stand.Busy(true);
            }
        };
    }
}
