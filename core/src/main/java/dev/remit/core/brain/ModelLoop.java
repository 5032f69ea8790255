package dev.remit.core.brain;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.session.Call;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The loop that most agents are: ask the model, do what it asks for, show it what came of it,
/// until it answers.
public final class ModelLoop implements Brain {
    private final AgentDefinition agent;
    private final Conversation conversation;

    public ModelLoop(AgentDefinition agent) {
        this.agent = agent;
        this.conversation = new Conversation(agent);
    }

    @Override
    public Step next(State state) {
        var work = Work.of(state);
        var ending = work.ending(state);
        if (ending != null) {
            return ending;
        }
        var call = state.call();
        if (call != null) {
            return call.open() ? new Step.Await(null) : afterFailure(state, call);
        }
        var uses = conversation.openToolUses(state);
        if (!uses.isEmpty()) {
            return act(state, work, uses);
        }
        var answer = conversation.finalAnswer(state);
        return answer == null ? callModel(state, 1) : close(answer);
    }

    /// The last attempt at the model failed: try again when it is time, or give up.
    private Step afterFailure(State state, Call call) {
        var retryAt = call.retryAt();
        if (retryAt != null) {
            return retryAt.isAfter(state.now())
                    ? new Step.Wait(new Waiting.Timer(retryAt, "to try again: " + call.why()))
                    : callModel(state, call.attempt() + 1);
        }
        var why =
                "the model could not be reached after "
                        + call.attempt()
                        + (call.attempt() == 1 ? " attempt: " : " attempts: ")
                        + call.why();
        boolean mayPass = call.failure() != null && call.failure().retryable();
        return mayPass && agent.onTrouble() == AgentDefinition.OnTrouble.ESCALATE
                ? new Step.Wait(new Waiting.Trouble(why, List.of()))
                : new Step.Close(StopReason.FAILED, null, why);
    }

    private Step act(State state, Work work, List<Message.Part.ToolUse> uses) {
        var todo = new ArrayList<Step.Action>(work.again());
        for (int i = 0; i < uses.size(); i++) {
            var id = new ActionId(state.totals().turns() + "." + i);
            if (!state.actions().containsKey(id)) {
                var use = uses.get(i);
                todo.add(new Step.Action.Use(id, 1, use.tool(), use.arguments()));
            }
        }
        if (!todo.isEmpty()) {
            return new Step.Act(todo);
        }
        var pause = work.pause();
        return pause != null ? pause : callModel(state, 1);
    }

    private Step callModel(State state, int attempt) {
        int turn = state.totals().turns() + 1;
        if (turn > agent.limits().turns()) {
            return new Step.Close(
                    StopReason.FAILED,
                    null,
                    "no answer within "
                            + agent.limits().turns()
                            + " turns (limits: turns in agent.yaml)");
        }
        return switch (conversation.next(state)) {
            case Window.Next.Ask ask ->
                    new Step.CallModel(ask.prompt(), ask.leftOut(), turn, attempt, ask.edit());
            case Window.Next.Compact compact -> {
                var before = state.context().compaction();
                int failures = before == null ? 0 : before.failures();
                yield new Step.Compact(compact.prompt(), compact.upTo(), turn, failures + 1);
            }
        };
    }

    private Step close(String answer) {
        return new Step.Close(StopReason.COMPLETED, read(answer), null);
    }

    /// The answer as JSON where one was asked for; what cannot be read as JSON stays text, and
    /// fails the check with a word about it.
    private JsonNode read(String answer) {
        JsonNode document = agent.answer() == null ? null : parse(answer);
        return document != null ? document : Json.text(answer);
    }

    private static @Nullable JsonNode parse(String text) {
        try {
            return Json.parse(text);
        } catch (JacksonException e) {
            return null;
        }
    }
}
