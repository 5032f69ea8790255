package dev.remit.core.brain;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.session.ContextEdit;
import dev.remit.core.session.Event;
import dev.remit.core.session.Prompt;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a session does next.
public sealed interface Step {
    /// Ask a model.
    ///
    /// @param prompt what it is shown
    /// @param leftOut how many messages of the prompt before are not in this one
    /// @param edit what left the prompt; absent: nothing did
    record CallModel(Prompt prompt, int leftOut, int turn, int attempt, @Nullable ContextEdit edit)
            implements Step {}

    /// Ask a model to sum up the oldest part of the prompt, to make room.
    ///
    /// @param prompt what it is shown: the prompt of the session, and the order
    /// @param upTo so many messages are to be summed up
    record Compact(Prompt prompt, int upTo, int turn, int attempt) implements Step {}

    /// Do these, side by side. Those already under way are not named again.
    record Act(List<Action> actions) implements Step {}

    /// Write down what was decided, asked, or waited for.
    record Note(List<Event> events) implements Step {}

    /// Tell children that their work is no longer wanted.
    record Recall(List<ActionId> actions, String why) implements Step {}

    /// Let go until something comes.
    record Wait(Waiting waiting) implements Step {}

    /// Effects are under way in this driver; nothing to decide before one ends, or before `until`.
    record Await(@Nullable Instant until) implements Step {}

    /// Find out how these ended: a driver died while they were under way, and doing them again
    /// could do them twice.
    record Settle(List<ActionId> actions) implements Step {}

    /// It is over. The output is checked before it is believed.
    record Close(StopReason reason, @Nullable JsonNode output, @Nullable String why)
            implements Step {}

    /// The turn is over because somebody asked for it. Nothing is under way any more.
    ///
    /// @param dropped actions that will not be done
    record Interrupt(List<ActionId> dropped) implements Step {}

    /// One proposed action.
    sealed interface Action {
        ActionId id();

        /// Use a tool.
        ///
        /// @param attempt from 1
        /// @param within the longest time of this attempt; absent: as the tool says
        /// @param retry absent: as the tool says
        record Use(
                ActionId id,
                int attempt,
                String tool,
                JsonNode arguments,
                @Nullable Duration within,
                @Nullable Retry retry)
                implements Action {
            public Use(ActionId id, int attempt, String tool, JsonNode arguments) {
                this(id, attempt, tool, arguments, null, null);
            }
        }

        /// Hand work to another agent or workflow.
        ///
        /// @param within its longest time; absent: as its own definition says
        record Delegate(
                ActionId id, DefinitionRef definition, JsonNode input, @Nullable Duration within)
                implements Action {}
    }
}
