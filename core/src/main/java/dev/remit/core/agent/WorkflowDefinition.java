package dev.remit.core.agent;

import dev.remit.core.json.Hash;
import dev.remit.core.money.Money;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One version of a workflow, as read from its folder.
///
/// @param input JSON Schema of what it is given; absent: anything
/// @param steps done one after the other
/// @param output names of the steps whose answers are merged into one document; empty: all of them
/// @param answer a template of its answer, in place of `output`; absent: as `output` says
/// @param agents what a step's agent name stands for; pinned, so a later apply changes nothing here
/// @param workflows likewise for the workflows that it runs
public record WorkflowDefinition(
        String name,
        Hash version,
        String description,
        @Nullable JsonNode input,
        List<WorkflowStep> steps,
        List<String> output,
        @Nullable JsonNode answer,
        @Nullable Money sessionBudget,
        @Nullable Duration deadline,
        Map<String, DefinitionRef> agents,
        Map<String, DefinitionRef> workflows,
        Map<String, Tool> tools)
        implements Definition {
    /// A workflow that runs no other one.
    public WorkflowDefinition(
            String name,
            Hash version,
            String description,
            @Nullable JsonNode input,
            List<WorkflowStep> steps,
            List<String> output,
            @Nullable Money sessionBudget,
            @Nullable Duration deadline,
            Map<String, DefinitionRef> agents,
            Map<String, Tool> tools) {
        this(
                name,
                version,
                description,
                input,
                steps,
                output,
                null,
                sessionBudget,
                deadline,
                agents,
                Map.of(),
                tools);
    }
}
