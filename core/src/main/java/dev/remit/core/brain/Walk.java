package dev.remit.core.brain;

import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.agent.WorkflowStep.Care;
import dev.remit.core.agent.WorkflowStep.IfOneFails;
import dev.remit.core.expression.ExpressionFailed;
import dev.remit.core.expression.InvalidExpression;
import dev.remit.core.expression.Template;
import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.tool.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One look at a graph of steps: where each part of it stands, by the actions in the log, and what
/// is to be begun. Pure; a part that is done answers the same for ever.
final class Walk {
    private final State state;
    private final Memory memory;
    private final Tasks tasks;
    private final Pauses pauses;
    private final @Nullable List<Undoable> undoable;

    /// A step that was done and can be taken back.
    ///
    /// @param scope with the answers of all steps before it, and its own
    /// @param known whether it is certain that it was done
    record Undoable(ActionId id, WorkflowStep.Undo undo, Scope scope, boolean known) {}

    /// @param memory of what is settled
    /// @param undoable where steps go that were done and can be taken back; absent: nowhere
    Walk(
            WorkflowDefinition workflow,
            State state,
            Memory memory,
            @Nullable List<Undoable> undoable) {
        this.state = state;
        this.memory = memory;
        this.tasks = new Tasks(workflow, state, this);
        this.pauses = new Pauses(state, this);
        this.undoable = undoable;
    }

    Stand sequence(List<WorkflowStep> steps, Scope scope, Plan plan) {
        JsonNode last = null;
        Stand stuck = null;
        for (var step : steps) {
            var stand = step(step, scope, plan);
            if (stand instanceof Stand.Done done) {
                last = done.answer();
            } else if (undoable == null) {
                return stand;
            } else {
                // A fork asks again what was asked before: what came after it may have been done.
                stuck = stuck == null ? stand : stuck;
            }
        }
        return stuck == null ? new Stand.Done(last) : stuck;
    }

    private Stand step(WorkflowStep step, Scope scope, Plan plan) {
        return switch (step) {
            case WorkflowStep.Sequence s -> sequence(s.steps(), scope, plan);
            case WorkflowStep.Parallel p -> parallel(p, scope, plan);
            case WorkflowStep.Agent a -> named(a.name(), tasks.agent(a, scope, plan), scope);
            case WorkflowStep.Workflow w -> named(w.name(), tasks.workflow(w, scope, plan), scope);
            case WorkflowStep.Do d -> named(d.name(), tasks.tool(d, scope, plan), scope);
            case WorkflowStep.ForEach f -> named(f.name(), forEach(f, scope, plan), scope);
            case WorkflowStep.Choose c -> named(c.name(), choose(c, scope, plan), scope);
            case WorkflowStep.Repeat r -> named(r.name(), repeat(r, scope, plan), scope);
            case WorkflowStep.Approve a -> named(a.name(), pauses.approve(a, scope, plan), scope);
            case WorkflowStep.Wait w -> named(w.name(), pauses.await(w, scope, plan), scope);
        };
    }

    private static Stand named(String name, Stand stand, Scope scope) {
        if (stand instanceof Stand.Done(var answer) && answer != null) {
            scope.answered(name, answer);
        }
        return stand;
    }

    private Stand parallel(WorkflowStep.Parallel parallel, Scope scope, Plan plan) {
        var parts = new ArrayList<Plan>();
        var stands = new ArrayList<Stand>();
        for (var branch : parallel.branches()) {
            var part = new Plan();
            stands.add(step(branch, scope, part));
            parts.add(part);
        }
        var failures = new ArrayList<Stand.Failed>();
        boolean busy = false;
        for (var stand : stands) {
            if (stand instanceof Stand.Failed failed) {
                failures.add(failed);
            }
            busy |= stand instanceof Stand.Busy;
        }
        boolean stop = parallel.ifOneFails() == IfOneFails.STOP;
        if (busy && stop && !failures.isEmpty()) {
            return stopped(parts, failures.getFirst(), plan);
        }
        parts.forEach(plan::add);
        if (busy) {
            return busy(stands);
        }
        boolean failed = stop ? !failures.isEmpty() : failures.size() == stands.size();
        return failed && !failures.isEmpty() ? Stand.Failed.of(failures) : new Stand.Done(null);
    }

    /// One has failed, and the others are let go of.
    private Stand stopped(List<Plan> parts, Stand.Failed failure, Plan plan) {
        boolean open = false;
        for (var part : parts) {
            open |= plan.abandon(part, failure.why(), state);
        }
        return open ? new Stand.Busy(true) : failure;
    }

    private static Stand busy(List<Stand> stands) {
        return new Stand.Busy(
                stands.stream().anyMatch(s -> s instanceof Stand.Busy(boolean open) && open));
    }

    private Stand forEach(WorkflowStep.ForEach step, Scope scope, Plan plan) {
        var id = scope.id(step.name());
        return decided(
                id,
                plan,
                () -> list(step, scope),
                list -> items(step, id, list.value(), scope, plan));
    }

    private static JsonNode list(WorkflowStep.ForEach step, Scope scope) {
        var list = scope.evaluate(step.over());
        if (!list.isArray()) {
            throw new Unusable("`" + step.over() + "` gives no list");
        }
        if (list.size() > step.atMost()) {
            throw new Unusable(
                    "the list has %d items, and `at_most` is %d"
                            .formatted(list.size(), step.atMost()));
        }
        return list;
    }

    private Stand items(
            WorkflowStep.ForEach step, ActionId id, JsonNode list, Scope scope, Plan plan) {
        var items = memory.items(id, list.size());
        boolean stop = step.ifOneFails() == IfOneFails.STOP;
        var parts = new ArrayList<Plan>();
        var busy = new ArrayList<Stand>();
        var failure = stop ? items.failure() : null;
        int most = undoable == null ? step.atOnce() : items.count();
        for (int i = items.begin(); i < items.count() && busy.size() < most; i++) {
            if (items.settled(i) != null) {
                continue;
            }
            var part = new Plan();
            var inner = scope.inner(step.name() + "/" + (i + 1), Map.of(step.item(), list.get(i)));
            var stand = sequence(step.steps(), inner, part);
            if (stand instanceof Stand.Busy || !part.isEmpty()) {
                busy.add(stand);
                parts.add(part);
            } else {
                items.settle(i, stand);
            }
            if (stop && failure == null && stand instanceof Stand.Failed failed) {
                failure = failed;
            }
        }
        if (failure != null && !busy.isEmpty()) {
            return stopped(parts, failure, plan);
        }
        parts.forEach(plan::add);
        if (!busy.isEmpty()) {
            return busy(busy);
        }
        return failure != null ? failure : joined(items);
    }

    private static Stand joined(Memory.Items items) {
        var answers = Json.array();
        int failed = 0;
        for (int i = 0; i < items.count(); i++) {
            var answer = items.settled(i) instanceof Stand.Done(var given) ? given : null;
            failed += items.settled(i) instanceof Stand.Failed ? 1 : 0;
            answers.add(answer == null ? Json.nothing() : answer);
        }
        var failure = items.failure();
        return failure != null && failed == items.count()
                ? new Stand.Failed("none of the items: " + failure.why())
                : new Stand.Done(answers);
    }

    private Stand choose(WorkflowStep.Choose step, Scope scope, Plan plan) {
        return decided(
                scope.id(step.name()),
                plan,
                () -> chosen(step, scope),
                chosen -> {
                    int branch = chosen.value().path("branch").asInt(0);
                    return sequence(
                            branch == 0
                                    ? step.otherwise()
                                    : step.branches().get(branch - 1).steps(),
                            scope,
                            plan);
                });
    }

    private static JsonNode chosen(WorkflowStep.Choose step, Scope scope) {
        for (int i = 0; i < step.branches().size(); i++) {
            var when = step.branches().get(i).when();
            if (holds(when, scope)) {
                return Json.object().put("branch", i + 1).put("when", when);
            }
        }
        return Json.object().put("otherwise", true);
    }

    private static boolean holds(String condition, Scope scope) {
        var value = scope.evaluate(condition);
        if (!value.isBoolean()) {
            throw new Unusable("`" + condition + "` is neither true nor false");
        }
        return value.booleanValue();
    }

    private Stand repeat(WorkflowStep.Repeat step, Scope scope, Plan plan) {
        var last = Json.object();
        JsonNode answer = null;
        for (int round = 1; round <= step.atMost(); round++) {
            var decision = scope.id(step.name() + "/" + round + "?");
            var known = memory.round(decision);
            if (known == null) {
                var inner =
                        scope.inner(
                                step.name() + "/" + round,
                                Map.of("round", Json.tree(round), "last", last.deepCopy()));
                var stand = sequence(step.steps(), inner, plan);
                if (!(stand instanceof Stand.Done done)) {
                    return stand;
                }
                var verdict =
                        decided(
                                decision,
                                plan,
                                () -> Json.tree(holds(step.until(), inner)),
                                enough ->
                                        enough.value().booleanValue()
                                                ? done
                                                : new Stand.Busy(false));
                if (!(state.actions().get(decision) instanceof ActionState.Decided)
                        || verdict instanceof Stand.Done) {
                    return verdict;
                }
                var answers = Json.object();
                inner.answers().forEach(answers::set);
                known = new Memory.Round(answers, done.answer());
                memory.round(decision, known);
            }
            last = known.answers();
            answer = known.answer();
        }
        return step.ifNot() == WorkflowStep.IfNot.CONTINUE
                ? new Stand.Done(answer)
                : new Stand.Failed(
                        "%s: not `%s` after %d rounds"
                                .formatted(scope.id(step.name()), step.until(), step.atMost()));
    }

    /// Something that is computed once, written down, and then gone on with.
    private Stand decided(
            ActionId id, Plan plan, Supplier<JsonNode> compute, Function<Content, Stand> then) {
        return switch (state.actions().get(id)) {
            case null -> {
                var value = computed(id, plan, compute);
                if (value != null) {
                    plan.note(new Event.Decided(id, Content.derived(value)));
                }
                yield new Stand.Busy(false);
            }
            case ActionState.Decided decided -> then.apply(decided.value());
            case ActionState other -> failed(id, other);
        };
    }

    /// A value for a step; absent, with the step failed for good, if there is none.
    @Nullable JsonNode computed(ActionId id, Plan plan, Supplier<JsonNode> compute) {
        try {
            return compute.get();
        } catch (Template.Fault | InvalidExpression | ExpressionFailed | Unusable e) {
            plan.note(
                    new Event.ActionEnded(
                            id,
                            1,
                            new Ended.Failed(true, String.valueOf(e.getMessage()), null),
                            null));
            return null;
        }
    }

    /// How an action failed that is over.
    static Stand failed(ActionId id, ActionState action) {
        return switch (action) {
            case ActionState.Over(Ended.Failed f) -> failed(id, f.why(), StopReason.FAILED);
            case ActionState.Over(Ended.Unknown u) -> failed(id, u.why(), StopReason.FAILED);
            case ActionState.Denied denied -> new Stand.Failed(id + ": " + denied.rule());
            default -> throw new IllegalStateException(id + " stands where it cannot: " + action);
        };
    }

    static Stand.Failed failed(ActionId id, String why, StopReason reason) {
        return new Stand.Failed(id + ": " + why, reason, why.startsWith(Plan.UNWANTED));
    }

    /// It was done; if it can be taken back, that is remembered.
    Stand done(ActionId id, String name, @Nullable JsonNode answer, Care care, Scope scope) {
        var undo = care.undo();
        if (undo != null && undoable != null) {
            if (answer != null) {
                scope.answered(name, answer);
            }
            undoable.add(new Undoable(id, undo, scope, true));
        }
        return new Stand.Done(answer);
    }

    /// Nobody knows whether it was done: its end is unknown, or the session ends before it was
    /// found out. If it could be taken back, that has to be said.
    void mayHaveBeenDone(ActionId id, Care care, Scope scope) {
        var undo = care.undo();
        if (undo != null && undoable != null) {
            undoable.add(new Undoable(id, undo, scope, false));
        }
    }

    /// A value was computed that cannot be gone on with.
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }
}
