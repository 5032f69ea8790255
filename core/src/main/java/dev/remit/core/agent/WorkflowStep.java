package dev.remit.core.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A node of a workflow's graph. The names of all agents and tools in one workflow are different.
public sealed interface WorkflowStep {
    /// An agent does it, in a session of its own.
    ///
    /// @param name of the step; its answer is known by it
    /// @param agent its name in this workflow
    /// @param input a template; absent: the workflow's own input
    record Agent(String name, String agent, @Nullable JsonNode input) implements WorkflowStep {}

    /// A tool is used once.
    ///
    /// @param with a template of its arguments
    record Do(String name, String tool, JsonNode with) implements WorkflowStep {}

    record Sequence(List<WorkflowStep> steps) implements WorkflowStep {}

    record Parallel(List<WorkflowStep> branches, IfOneFails ifOneFails) implements WorkflowStep {}

    /// What becomes of the other branches.
    enum IfOneFails {
        KEEP_OTHERS,
        STOP
    }
}
