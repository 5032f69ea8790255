package dev.remit.core.brain;

import static java.util.Objects.requireNonNull;

import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.expression.Template;
import dev.remit.core.identity.ActionId;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.tool.Ended;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A graph of steps. Where it stands is computed anew from the actions in the log, each time.
public final class WorkflowGraph implements Brain {
    private final WorkflowDefinition workflow;

    public WorkflowGraph(WorkflowDefinition workflow) {
        this.workflow = workflow;
    }

    @Override
    public Step next(State state) {
        var work = Work.of(state);
        var ending = work.ending(state);
        if (ending != null) {
            return ending;
        }
        try {
            return new Walk(state, work).next();
        } catch (Template.Fault e) {
            return new Step.Close(StopReason.FAILED, null, e.getMessage());
        }
    }

    /// Where a part of the graph stands.
    private sealed interface Stand {
        record Done() implements Stand {}

        record Busy() implements Stand {}

        record Failed(String why) implements Stand {}
    }

    /// One look at the whole graph.
    private final class Walk {
        private final State state;
        private final Work work;
        private final Answers answers;
        private final List<Step.Action> todo;
        private final Set<ActionId> unwanted = new HashSet<>();
        private String unwantedBecause = "";

        Walk(State state, Work work) {
            this.state = state;
            this.work = work;
            this.answers = Answers.of(state);
            this.todo = new ArrayList<>(work.again());
        }

        Step next() {
            var stand = sequence(workflow.steps());
            var recall = work.children().stream().filter(unwanted::contains).toList();
            if (!recall.isEmpty()) {
                return new Step.Recall(recall, unwantedBecause);
            }
            todo.removeIf(action -> unwanted.contains(action.id()));
            if (!todo.isEmpty()) {
                return new Step.Act(todo);
            }
            return switch (stand) {
                case Stand.Busy b -> requireNonNull(work.pause(), "busy, and nothing is open");
                case Stand.Failed f -> new Step.Close(StopReason.FAILED, null, f.why());
                case Stand.Done d -> merged();
            };
        }

        private Step merged() {
            var names = workflow.output().isEmpty() ? answers.names() : workflow.output();
            try {
                return new Step.Close(StopReason.COMPLETED, answers.merge(names), null);
            } catch (Answers.Clash e) {
                return new Step.Close(StopReason.FAILED, null, e.getMessage());
            }
        }

        private Stand stand(WorkflowStep step) {
            return switch (step) {
                case WorkflowStep.Sequence s -> sequence(s.steps());
                case WorkflowStep.Parallel p -> parallel(p);
                case WorkflowStep.Agent a -> agent(a);
                case WorkflowStep.Do d -> tool(d);
            };
        }

        private Stand sequence(List<WorkflowStep> steps) {
            for (var step : steps) {
                var stand = stand(step);
                if (!(stand instanceof Stand.Done)) {
                    return stand;
                }
            }
            return new Stand.Done();
        }

        private Stand parallel(WorkflowStep.Parallel parallel) {
            var stands = parallel.branches().stream().map(this::stand).toList();
            var failures =
                    stands.stream()
                            .filter(Stand.Failed.class::isInstance)
                            .map(f -> ((Stand.Failed) f).why())
                            .toList();
            boolean busy = stands.stream().anyMatch(Stand.Busy.class::isInstance);
            boolean stop = parallel.ifOneFails() == WorkflowStep.IfOneFails.STOP;
            if (busy) {
                if (stop && !failures.isEmpty()) {
                    unwantedBecause = failures.getFirst();
                    parallel.branches().forEach(this::unwant);
                    if (work.pause() == null) {
                        return new Stand.Failed(failures.getFirst());
                    }
                }
                return new Stand.Busy();
            }
            boolean failed = stop ? !failures.isEmpty() : failures.size() == stands.size();
            return failed ? new Stand.Failed(String.join("; ", failures)) : new Stand.Done();
        }

        /// Nothing of this is begun any more, and what children do of it is recalled.
        private void unwant(WorkflowStep step) {
            switch (step) {
                case WorkflowStep.Sequence s -> s.steps().forEach(this::unwant);
                case WorkflowStep.Parallel p -> p.branches().forEach(this::unwant);
                case WorkflowStep.Agent a -> {
                    var id = new ActionId(a.name());
                    if (!work.recalled().contains(id)) {
                        unwanted.add(id);
                    }
                }
                case WorkflowStep.Do d -> unwanted.add(new ActionId(d.name()));
            }
        }

        private Stand agent(WorkflowStep.Agent step) {
            var id = new ActionId(step.name());
            return switch (state.actions().get(id)) {
                case null -> {
                    var input =
                            step.input() == null
                                    ? state.opened().input().value()
                                    : Template.fill(step.input(), answers.scope());
                    var definition =
                            requireNonNull(
                                    workflow.agents().get(step.agent()),
                                    "the reader let an unknown agent pass");
                    todo.add(new Step.Action.Delegate(id, definition, input, null));
                    yield new Stand.Busy();
                }
                case ActionState.Returned returned -> {
                    var result = returned.result();
                    yield result.reason() == StopReason.COMPLETED
                                    || result.reason() == StopReason.NO_WORK
                            ? new Stand.Done()
                            : new Stand.Failed(
                                    step.name() + ": " + why(result.why(), result.reason()));
                }
                default -> new Stand.Busy();
            };
        }

        private static String why(@Nullable String why, StopReason reason) {
            return why != null ? why : reason.name().toLowerCase(Locale.ROOT);
        }

        private Stand tool(WorkflowStep.Do step) {
            var id = new ActionId(step.name());
            return switch (state.actions().get(id)) {
                case null -> {
                    todo.add(
                            new Step.Action.Use(
                                    id,
                                    1,
                                    step.tool(),
                                    Template.fill(step.with(), answers.scope())));
                    yield new Stand.Busy();
                }
                case ActionState.Over over ->
                        switch (over.end()) {
                            case Ended.Done d -> new Stand.Done();
                            case Ended.Failed f -> new Stand.Failed(step.name() + ": " + f.why());
                            case Ended.Unknown u -> new Stand.Failed(step.name() + ": " + u.why());
                        };
                case ActionState.Denied denied ->
                        new Stand.Failed(step.name() + ": " + denied.rule());
                default -> new Stand.Busy();
            };
        }
    }
}
