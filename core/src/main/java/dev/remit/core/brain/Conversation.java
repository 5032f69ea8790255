package dev.remit.core.brain;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
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
    /// A token is rarely less than this many bytes of JSON.
    private static final int BYTES_PER_TOKEN = 3;

    private final AgentDefinition agent;

    Conversation(AgentDefinition agent) {
        this.agent = agent;
    }

    /// @param leftOut messages of the prompt before that are not in this one
    record Next(Prompt prompt, int leftOut) {}

    /// The tool calls of the newest reply that are not shown to the model yet.
    List<Part.ToolUse> openToolUses(State state) {
        var reply = newestReply(state);
        return reply == null ? List.of() : reply.toolUses();
    }

    /// The newest reply if it is an answer, and nothing was said since that the model has not seen.
    @Nullable String finalAnswer(State state) {
        if (state.fresh().isEmpty() || !state.faults().isEmpty()) {
            return null;
        }
        var last = message(state.fresh().getLast());
        return last.role() == Role.ASSISTANT && last.toolUses().isEmpty() ? last.text() : null;
    }

    /// The prompt before and what is new. Where that would outgrow the window, a new chain: the
    /// instructions, the task, a word about what is left out, and the newest part.
    Next nextPrompt(State state) {
        var fresh = fresh(state);
        var prompt = state.prompt();
        if (prompt == null) {
            var first = new ArrayList<Content>();
            first.add(content(Message.of(Role.SYSTEM, system())));
            first.add(content(Message.of(Role.USER, ToolResults.plain(state.opened().input()))));
            first.addAll(fresh);
            return new Next(Prompt.start(first), 0);
        }
        var grown = fresh.isEmpty() ? prompt : prompt.add(fresh);
        return grown.bytes() <= window() ? new Next(grown, 0) : cut(grown);
    }

    private long window() {
        return (long) agent.limits().contextTokens() * BYTES_PER_TOKEN;
    }

    private Next cut(Prompt grown) {
        var all = grown.contents();
        var head = all.subList(0, 2);
        int from = all.size();
        long bytes = head.stream().mapToLong(Content::size).sum();
        for (int i = all.size() - 1; i >= 2; i--) {
            bytes += all.get(i).size();
            // A part begins with a reply of the model, so that no result stands without its call.
            if (message(all.get(i)).role() == Role.ASSISTANT) {
                if (bytes > window() / 2 && from < all.size()) {
                    break;
                }
                from = i;
            }
        }
        int leftOut = from - 2;
        if (leftOut <= 0) {
            return new Next(grown, 0);
        }
        var kept = new ArrayList<>(head);
        kept.add(
                content(
                        Message.of(
                                Role.USER,
                                "["
                                        + leftOut
                                        + " earlier messages are left out here for length; the"
                                        + " session's log keeps them]")));
        kept.addAll(all.subList(from, all.size()));
        return new Next(Prompt.start(kept), leftOut);
    }

    private List<Content> fresh(State state) {
        var messages = new ArrayList<Content>();
        for (var content : state.fresh()) {
            messages.add(content);
            var uses = message(content).toolUses();
            if (!uses.isEmpty()) {
                messages.add(content(results(state, uses)));
            }
        }
        if (!state.faults().isEmpty()) {
            messages.add(content(Message.of(Role.USER, repair(state.faults()))));
        }
        return messages;
    }

    private Message results(State state, List<Part.ToolUse> uses) {
        int longest = Math.max(2_000, agent.limits().contextTokens() / uses.size());
        var parts = new ArrayList<Part>();
        for (int i = 0; i < uses.size(); i++) {
            var id = new ActionId(state.totals().turns() + "." + i);
            parts.add(ToolResults.of(uses.get(i).id(), state.actions().get(id), longest));
        }
        return new Message(Role.USER, parts);
    }

    private static String repair(List<String> faults) {
        return "Your answer did not pass its check:\n- "
                + String.join("\n- ", faults)
                + "\nAnswer again in full, with these put right.";
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
            var message = message(content);
            if (message.role() == Role.ASSISTANT) {
                return message;
            }
        }
        return null;
    }

    private static Message message(Content content) {
        return Json.mapper().treeToValue(content.value(), Message.class);
    }

    private static Content content(Message message) {
        return Content.derived(Json.tree(message));
    }
}
