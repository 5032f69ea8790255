package dev.remit.core.agent;

import java.util.List;

/// How much a workflow can do at most.
final class StepCount {
    private StepCount() {}

    /// Actions of one run, with every list and every repetition at its bound.
    static long of(List<WorkflowStep> steps) {
        long sum = 0;
        for (var step : steps) {
            sum = Math.min(sum + of(step), Long.MAX_VALUE / 10_000);
        }
        return sum;
    }

    private static long of(WorkflowStep step) {
        return switch (step) {
            case WorkflowStep.Agent a -> attempts(a.care());
            case WorkflowStep.Workflow w -> attempts(w.care());
            case WorkflowStep.Do d -> d.care().undo() == null ? 1 : 2;
            case WorkflowStep.Sequence s -> of(s.steps());
            case WorkflowStep.Parallel p -> of(p.branches());
            case WorkflowStep.ForEach f -> 1 + f.atMost() * of(f.steps());
            case WorkflowStep.Choose c ->
                    1
                            + of(c.otherwise())
                            + c.branches().stream().mapToLong(b -> of(b.steps())).sum();
            case WorkflowStep.Repeat r -> r.atMost() * (1 + of(r.steps()));
            case WorkflowStep.Approve a -> 1 + of(a.otherwise().steps());
            case WorkflowStep.Wait w -> 1 + of(w.otherwise().steps());
        };
    }

    private static long attempts(WorkflowStep.Care care) {
        return (care.retry() == null ? 1L : care.retry().attempts())
                + (care.undo() == null ? 0 : 1);
    }
}
