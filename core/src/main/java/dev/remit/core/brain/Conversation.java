package dev.remit.core.brain;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Content;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import dev.remit.core.session.Prompt;
import dev.remit.core.session.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is said to the model: composes prompts from a session's state, and reads its last words.
final class Conversation {
    private final AgentDefinition agent;

    Conversation(AgentDefinition agent) {
        this.agent = agent;
    }

    /// The tool calls of the newest reply that are not shown to the model yet.
    List<Part.ToolUse> openToolUses(State state) {
        var reply = newestReply(state);
        return reply == null ? List.of() : reply.toolUses();
    }

    /// The newest reply if it is an answer, and nothing was said that the model had not seen when
    /// it gave it; what was said while it wrote is answered before the session ends, as long as it
    /// may ask once more.
    @Nullable String finalAnswer(State state) {
        if (state.fresh().isEmpty() || !state.faults().isEmpty()) {
            return null;
        }
        var last = Notes.message(state.fresh().getLast());
        boolean heardAll =
                state.fresh().size() == 1 || state.totals().turns() >= agent.limits().turns();
        return isAnswer(last) && heardAll ? last.text() : null;
    }

    private static boolean isAnswer(Message message) {
        return message.role() == Role.ASSISTANT && message.toolUses().isEmpty();
    }

    /// The prompt before and what is new, made to fit into the window.
    Window.Next next(State state) {
        var fresh = fresh(state);
        var prompt = state.prompt();
        if (prompt == null) {
            var first = new ArrayList<Content>();
            first.add(Notes.content(Message.of(Role.SYSTEM, system())));
            first.add(
                    Notes.content(
                            Message.of(Role.USER, ToolResults.plain(state.opened().input()))));
            first.addAll(fresh);
            return new Window.Next.Ask(Prompt.start(first), 0, null);
        }
        var grown = fresh.isEmpty() ? prompt : prompt.add(fresh);
        return new Window(agent, state).fit(grown, !fresh.isEmpty());
    }

    private List<Content> fresh(State state) {
        var messages = new ArrayList<Content>();
        for (var content : inOrder(state.fresh())) {
            messages.add(content);
            var uses = Notes.message(content).toolUses();
            if (!uses.isEmpty()) {
                messages.add(Notes.content(results(state, uses)));
            }
        }
        if (!state.faults().isEmpty()) {
            messages.add(Notes.content(Notes.repair(state.faults())));
        }
        return messages;
    }

    /// What was said while the model wrote an answer follows the answer: it is new to the model,
    /// and a prompt does not end with the model's own words.
    private static List<Content> inOrder(List<Content> fresh) {
        if (fresh.size() < 2 || !isAnswer(Notes.message(fresh.getLast()))) {
            return fresh;
        }
        var ordered = new ArrayList<Content>();
        ordered.add(fresh.getLast());
        ordered.addAll(fresh.subList(0, fresh.size() - 1));
        return ordered;
    }

    private Message results(State state, List<Part.ToolUse> uses) {
        int longest = new Window(agent, state).longestResult(uses.size());
        var parts = new ArrayList<Part>();
        for (int i = 0; i < uses.size(); i++) {
            var id = new ActionId(state.totals().turns() + "." + i);
            parts.add(ToolResults.of(uses.get(i).id(), state.actions().get(id), longest));
        }
        return new Message(Role.USER, parts);
    }

    private String system() {
        var text = new StringBuilder(agent.instructions().strip());
        var knowledge =
                agent.files().keySet().stream().filter(f -> f.startsWith("knowledge/")).toList();
        if (!knowledge.isEmpty()) {
            text.append("\n\nFiles you may look into with the knowledge tools: ")
                    .append(String.join(", ", knowledge));
        }
        if (agent.answer() != null) {
            text.append("\n\nYour final answer is one JSON document of the form asked for.");
        }
        return text.toString();
    }

    private static @Nullable Message newestReply(State state) {
        for (var content : state.fresh().reversed()) {
            var message = Notes.message(content);
            if (message.role() == Role.ASSISTANT) {
                return message;
            }
        }
        return null;
    }
}
