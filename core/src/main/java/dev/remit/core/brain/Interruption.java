package dev.remit.core.brain;

import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.State;
import java.util.ArrayList;
import java.util.List;

/// What an interrupted turn leaves undone.
final class Interruption {
    private Interruption() {}

    /// The tools that the model asked for in this turn and that were not begun, or would be tried
    /// again. Steps of a workflow are not among them: they are begun when it goes on.
    static List<ActionId> dropped(State state) {
        var dropped = new ArrayList<ActionId>();
        int uses = openToolUses(state);
        for (int i = 0; i < uses; i++) {
            var id = new ActionId(state.totals().turns() + "." + i);
            var stands = state.actions().get(id);
            if (stands == null || stands instanceof ActionState.Retrying) {
                dropped.add(id);
            }
        }
        return List.copyOf(dropped);
    }

    /// How many tools the newest reply asks for, if the model has not seen what came of them.
    private static int openToolUses(State state) {
        for (var content : state.fresh().reversed()) {
            var message = Json.mapper().treeToValue(content.value(), Message.class);
            if (message.role() == Message.Role.ASSISTANT) {
                return message.toolUses().size();
            }
        }
        return 0;
    }
}
