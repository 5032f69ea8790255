package dev.remit.core.brain;

import dev.remit.core.json.Content;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import dev.remit.core.session.ContextEdit.Shortened;
import java.util.ArrayList;
import java.util.List;

/// Makes old results of tools say less. A pure function of the messages; what is short already
/// stays as it is, so doing it twice does nothing.
///
/// @param turn number of the newest reply among the messages
/// @param freshTurns of the newest turns nothing is shortened
/// @param longest characters that an old result may keep
/// @param canLookUp whether the agent has a tool that gives results back
record Shortening(
        int turn, int freshTurns, int longest, boolean dropsReasoning, boolean canLookUp) {
    /// A result is worth shortening if it gets shorter by more than the note about it is long.
    private static final int WORTH = 200;

    /// @param messages all of them, in the order of the originals
    record Result(List<Content> messages, List<Shortened> shortened) {}

    Result apply(List<Content> messages) {
        var kept = new ArrayList<Content>(messages);
        var changes = new ArrayList<Shortened>();
        int of = turn + 1;
        // from the newest back: each reply of the model is a turn
        for (int i = kept.size() - 1; i >= 0; i--) {
            var before = kept.get(i);
            var message = Notes.message(before);
            if (message.role() == Role.ASSISTANT) {
                of--;
            }
            // results stand behind the reply that asked for them
            int turnOf = message.role() == Role.ASSISTANT ? of : of - 1;
            if (turnOf > turn - freshTurns) {
                continue;
            }
            var less = shorten(message, turnOf);
            if (!less.equals(message)) {
                var after = Notes.content(less);
                kept.set(i, after);
                changes.addFirst(
                        new Shortened(before.hash(), after.hash(), before.size(), after.size()));
            }
        }
        return new Result(List.copyOf(kept), List.copyOf(changes));
    }

    private Message shorten(Message message, int turnOf) {
        var parts = new ArrayList<Part>();
        int call = 0;
        for (var part : message.parts()) {
            switch (part) {
                case Part.ToolResult result -> parts.add(shorten(result, turnOf + "." + call++));
                case Part.Reasoning thought -> {
                    if (!dropsReasoning) {
                        parts.add(thought);
                    }
                }
                case Part.Text text -> parts.add(text);
                case Part.ToolUse use -> parts.add(use);
            }
        }
        return new Message(message.role(), parts.isEmpty() ? message.parts() : parts);
    }

    private Part shorten(Part.ToolResult result, String action) {
        var text = result.text();
        if (text.length() <= longest + WORTH || text.contains(Notes.STATED)) {
            return result;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return new Part.ToolResult(
                result.id(),
                text.substring(0, end) + Notes.shortened(action, text.length() - end, canLookUp),
                result.failed());
    }
}
