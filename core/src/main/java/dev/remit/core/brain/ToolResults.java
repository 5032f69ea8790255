package dev.remit.core.brain;

import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.session.ActionState;
import dev.remit.core.tool.Ended;
import org.jspecify.annotations.Nullable;

/// What came of an action, in words for a model.
final class ToolResults {
    private ToolResults() {}

    /// @param longest longer results are shortened to this many characters, with a word about it
    static Message.Part.ToolResult of(String id, @Nullable ActionState action, int longest) {
        boolean done = action instanceof ActionState.Over o && o.end() instanceof Ended.Done;
        return new Message.Part.ToolResult(id, shorten(text(action), longest), !done);
    }

    private static String text(@Nullable ActionState action) {
        return switch (action) {
            case ActionState.Over over -> text(over.end());
            case ActionState.Denied denied -> "Denied: " + denied.rule();
            case null, default -> "This did not end.";
        };
    }

    private static String text(Ended end) {
        return switch (end) {
            case Ended.Done done -> plain(done.result());
            case Ended.Failed failed -> "Failed: " + failed.why();
            case Ended.Unknown unknown -> "It is not known whether this happened: " + unknown.why();
        };
    }

    static String plain(Content content) {
        var value = content.value();
        return value.isString() ? value.asString() : Json.write(value);
    }

    private static String shorten(String text, int longest) {
        return text.length() <= longest
                ? text
                : text.substring(0, longest)
                        + "\n[shortened: "
                        + (text.length() - longest)
                        + " more characters stand in the session's log]";
    }
}
