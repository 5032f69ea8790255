package dev.remit.core.agent;

import dev.remit.core.tool.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A node of a workflow's graph.
///
/// A template is JSON with `${}` in its texts; an expression is CEL. Within one scope (the
/// workflow, an item of a map, a round of a repetition) all names are different, and differ from
/// those of the scopes around it.
public sealed interface WorkflowStep {
    /// An agent does it, in a session of its own.
    ///
    /// @param name of the step; its answer is known by it
    /// @param agent its name in this workflow
    /// @param input a template; absent: the workflow's own input
    record Agent(String name, String agent, @Nullable JsonNode input, Care care)
            implements WorkflowStep {
        public Agent(String name, String agent, @Nullable JsonNode input) {
            this(name, agent, input, Care.NONE);
        }
    }

    /// A tool is used once.
    ///
    /// @param with a template of its arguments
    record Do(String name, String tool, JsonNode with, Care care) implements WorkflowStep {
        public Do(String name, String tool, JsonNode with) {
            this(name, tool, with, Care.NONE);
        }
    }

    /// Another workflow runs, in a session of its own.
    ///
    /// @param workflow its name in this workflow
    /// @param input a template; absent: the workflow's own input
    record Workflow(String name, String workflow, @Nullable JsonNode input, Care care)
            implements WorkflowStep {}

    record Sequence(List<WorkflowStep> steps) implements WorkflowStep {}

    record Parallel(List<WorkflowStep> branches, IfOneFails ifOneFails) implements WorkflowStep {}

    /// The same steps for each item of a list, each in a scope of its own. The answer is a list, in
    /// the order of the items, of what the last step of each answered.
    ///
    /// @param over an expression that gives a list
    /// @param item the name by which its steps know the item
    /// @param atOnce most items under way at the same time
    /// @param atMost longest list; a longer one fails
    record ForEach(
            String name,
            String over,
            String item,
            int atOnce,
            int atMost,
            List<WorkflowStep> steps,
            IfOneFails ifOneFails)
            implements WorkflowStep {}

    /// The first branch whose condition holds.
    ///
    /// @param otherwise done if none does
    record Choose(String name, List<Branch> branches, List<WorkflowStep> otherwise)
            implements WorkflowStep {}

    /// @param when an expression that is true or false
    record Branch(String when, List<WorkflowStep> steps) {}

    /// Rounds, until one is good enough. The answer is that of the last step of the last round.
    ///
    /// @param until an expression over the answers of the round, true or false
    /// @param atMost so many rounds
    /// @param ifNot what happens when the last of them is not good enough either
    record Repeat(String name, List<WorkflowStep> steps, String until, int atMost, IfNot ifNot)
            implements WorkflowStep {}

    /// People are asked.
    ///
    /// @param ask the question in one line, a template
    /// @param show what they decide about, a template
    /// @param by who is asked; absent: whoever may answer
    /// @param within how long; absent: as long as the workflow may take
    /// @param otherwise done if they refuse, or nobody answers in time
    record Approve(
            String name,
            @Nullable JsonNode ask,
            JsonNode show,
            @Nullable String by,
            @Nullable Duration within,
            Otherwise otherwise)
            implements WorkflowStep {}

    /// Nothing is done until a time has come, or an event.
    record Wait(String name, WaitFor waitFor, Otherwise otherwise) implements WorkflowStep {}

    /// What is waited for.
    sealed interface WaitFor {
        record Span(Duration duration) implements WaitFor {}

        record Time(Instant at) implements WaitFor {}

        /// @param when an expression that gives a duration or a time, as a text
        record Computed(String when) implements WaitFor {}

        /// @param where an expression over `event`, its body; absent: any event of that name
        /// @param within how long; absent: as long as the workflow may take
        record Event(String event, @Nullable String where, @Nullable Duration within)
                implements WaitFor {}
    }

    /// What becomes of the other branches, or items.
    enum IfOneFails {
        KEEP_OTHERS,
        STOP
    }

    /// What happens when there are no rounds left.
    enum IfNot {
        STOP,
        CONTINUE
    }

    /// What is done where people refuse, or nothing comes in time.
    ///
    /// @param stop the workflow ends there
    /// @param steps otherwise these are done, and then what follows
    record Otherwise(boolean stop, List<WorkflowStep> steps) {
        public static final Otherwise STOP = new Otherwise(true, List.of());
        public static final Otherwise CONTINUE = new Otherwise(false, List.of());
    }

    /// How a step is looked after.
    ///
    /// @param within longest time of one attempt
    /// @param retry absent: an agent is not tried again, a tool as it says itself
    /// @param undo takes the step back when the workflow ends badly
    record Care(@Nullable Duration within, @Nullable Retry retry, @Nullable Undo undo) {
        public static final Care NONE = new Care(null, null, null);
    }

    /// A tool that takes a step back.
    ///
    /// @param with a template of its arguments; knows the answer of the step as well
    /// @param retry absent: as the tool says
    record Undo(String tool, JsonNode with, @Nullable Retry retry) {}
}
