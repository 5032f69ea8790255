package dev.remit.core.brain;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.OutcomeCheck;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Outcome;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.tool.Ended;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Says whether the work was good. That it ran says nothing about it: only a passed check does.
public final class Verifier {
    /// Of a workflow with many steps, so many reasons are told.
    private static final int MOST_REASONS = 20;

    private Verifier() {}

    /// What a check found.
    ///
    /// @param repairable shown to the model, another try may put it right
    public record Finding(Outcome outcome, boolean repairable) {}

    public static Finding verify(
            Definition definition, State state, StopReason reason, @Nullable JsonNode output) {
        if (reason != StopReason.COMPLETED || output == null) {
            return new Finding(
                    Outcome.unverified("it gave no answer that could be checked"), false);
        }
        return switch (definition) {
            case AgentDefinition agent -> ofAgent(agent, state, output);
            case WorkflowDefinition workflow -> new Finding(ofWorkflow(state), false);
        };
    }

    private static Finding ofAgent(AgentDefinition agent, State state, JsonNode output) {
        var faults = OutcomeCheck.check(agent, output, state.opened().input().value());
        if (!faults.isEmpty()) {
            return new Finding(
                    Outcome.notGood(faults), state.rejections() < agent.limits().repairs());
        }
        if (agent.goodWhen() != null) {
            return new Finding(
                    Outcome.unverified("it passed schema and checks; nobody judged its rubric"),
                    false);
        }
        boolean checked = agent.answer() != null || !agent.checks().isEmpty();
        return new Finding(
                checked
                        ? Outcome.GOOD
                        : Outcome.unverified("the agent has neither an answer schema nor checks"),
                false);
    }

    /// A workflow's work is good if every part of it is.
    private static Outcome ofWorkflow(State state) {
        var notGood = new ArrayList<String>();
        var unverified = new ArrayList<String>();
        state.actions()
                .forEach((id, action) -> {
                    if (id.isUndo() || state.actions().containsKey(id.next())) {
                        return; // it was taken back, or tried again
                    }
                    switch (action) {
                        case ActionState.Returned r ->
                                note(id.value(), r.result(), notGood, unverified);
                        case ActionState.Over o when !(o.end() instanceof Ended.Done) ->
                                notGood.add(id + ": failed");
                        case ActionState.Denied d -> notGood.add(id + ": " + d.rule());
                        default -> {}
                    }
                });
        if (!notGood.isEmpty()) {
            return Outcome.notGood(few(notGood));
        }
        return unverified.isEmpty()
                ? Outcome.GOOD
                : new Outcome(Outcome.Status.UNVERIFIED, few(unverified));
    }

    private static List<String> few(List<String> reasons) {
        if (reasons.size() <= MOST_REASONS) {
            return reasons;
        }
        var few = new ArrayList<>(reasons.subList(0, MOST_REASONS));
        few.add("and " + (reasons.size() - MOST_REASONS) + " more");
        return few;
    }

    private static void note(
            String step, Mail.ChildClosed child, List<String> notGood, List<String> unverified) {
        if (child.reason() != StopReason.COMPLETED && child.reason() != StopReason.NO_WORK) {
            notGood.add(step + ": " + (child.why() != null ? child.why() : "it failed"));
            return;
        }
        var reasons = String.join("; ", child.outcome().reasons());
        switch (child.outcome().status()) {
            case GOOD -> {}
            case NOT_GOOD -> notGood.add(step + ": " + reasons);
            case UNVERIFIED -> unverified.add(step + ": " + reasons);
        }
    }
}
