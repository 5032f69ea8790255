package dev.remit.core.brain;

import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import java.util.List;
import java.util.regex.Pattern;

/// What the brain itself says to the model, and how that is told from what people say.
final class Notes {
    /// What people said of actions that nobody else knew the end of.
    static final String STATED = "\"stated_by\"";

    private static final String REPAIR = "Your answer did not pass its check:\n";
    private static final Pattern OWN =
            Pattern.compile("^\\[(\\d+ earlier messages? |context: )|^" + REPAIR.strip());

    private Notes() {}

    static Message repair(List<String> faults) {
        return Message.of(
                Role.USER,
                REPAIR
                        + "- "
                        + String.join("\n- ", faults)
                        + "\nAnswer again in full, with these put right.");
    }

    static Message leftOut(int count, boolean canLookUp) {
        return Message.of(
                Role.USER,
                "["
                        + count
                        + " earlier messages are left out here for length; the session's log keeps"
                        + " them"
                        + (canLookUp ? "; session_result gives back the result of an action" : "")
                        + "]");
    }

    static Message summary(int count, String summary, boolean canLookUp) {
        return Message.of(
                Role.USER,
                "["
                        + count
                        + " earlier messages are summed up here; the session's log keeps them"
                        + (canLookUp ? "; session_result gives back the result of an action" : "")
                        + "]\n"
                        + summary.strip());
    }

    static String shortened(String action, long characters, boolean canLookUp) {
        return "\n[shortened: "
                + characters
                + " more characters of the result of action "
                + action
                + (canLookUp
                        ? "; session_result with {\"action\":\"" + action + "\"} gives it back"
                        : " stand in the session's log")
                + "]";
    }

    static Message stated(String action, String result) {
        return Message.of(Role.USER, "[what people said of action " + action + "]\n" + result);
    }

    /// The order to sum up. It stands at the end of the same prompt, so that what comes before it
    /// is in the provider's cache already.
    static Message compact(int kept) {
        return Message.of(
                Role.USER,
                "[context: your prompt is nearly full. Do not go on with the task now, and call no"
                        + " tool. Sum up all of the above but the task itself"
                        + (kept > 0 ? " and the newest " + kept + " messages, which stay" : "")
                        + ". Your summary takes the place of the rest, and you will go on with the"
                        + " task from it. Write down: what was found out, with exact names, numbers"
                        + " and identifiers; what was done, with the number of each action that"
                        + " changed something, and what came of it; what was decided or approved,"
                        + " by whom, and why; what failed and is not to be tried again; what is"
                        + " still to be done. Plain text, no more than needed.]");
    }

    /// Whether people said it: that is never summed up or shortened as long as there is room.
    static boolean isPinned(Message message) {
        return message.role() == Role.USER
                && !message.parts().isEmpty()
                && message.parts().stream().allMatch(Part.Text.class::isInstance)
                && !OWN.matcher(message.text()).find();
    }

    static Message message(Content content) {
        return Json.mapper().treeToValue(content.value(), Message.class);
    }

    static Content content(Message message) {
        return Content.derived(Json.tree(message));
    }
}
