package dev.remit.core.session;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What people are asked.
public final class Question {
    private Question() {}

    /// The digest that an answer names: of the session, the step, the words and what is shown, so
    /// that an answer to one question is an answer to no other one.
    public static Hash digest(
            SessionId session, ActionId action, @Nullable String question, Content shown) {
        var all =
                Json.object()
                        .put("session", session.toString())
                        .put("action", action.value())
                        .put("question", question)
                        .put("shown", shown.hash().hex());
        return Hash.of(Json.canonical(all));
    }

    /// The questions of a session that nobody has answered yet, the oldest first.
    public static List<Event.ApprovalAsked> open(State state) {
        var open = new ArrayList<Event.ApprovalAsked>();
        if (!state.isClosed()) {
            for (Map.Entry<ActionId, ActionState> entry : state.actions().entrySet()) {
                if (entry.getValue() instanceof ActionState.Asked asked) {
                    open.add(asked.question());
                }
            }
        }
        return List.copyOf(open);
    }
}
