package dev.remit.core.brain;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.brain.Profile.Editing;
import dev.remit.core.json.Content;
import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import dev.remit.core.session.Context;
import dev.remit.core.session.Context.Compaction;
import dev.remit.core.session.ContextEdit;
import dev.remit.core.session.ContextEdit.How;
import dev.remit.core.session.Prompt;
import dev.remit.core.session.State;
import dev.remit.core.tool.BuiltIn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps a prompt within the model's window. First old results say less; where that is not enough,
/// a model sums up the oldest part; where that fails, the oldest part is left out.
///
/// What never goes: the instructions and the task, what people said (as long as it is no more than
/// a part of the window), and the newest turn with its open actions. Pure.
final class Window {
    /// A token is rarely less than this many bytes of JSON.
    private static final double BYTES_PER_TOKEN = 3;

    /// No tokenizer makes more of text: a provider that counts less counts something else.
    private static final double MOST_BYTES_PER_TOKEN = 6;

    /// The instructions and the task.
    private static final int HEAD = 2;

    /// Shortening is enough if it takes away this share of the window.
    private static final double WORTH = 0.15;

    private static final double MOST_PINNED = 0.2;
    private static final long LEAST = 100;

    private final AgentDefinition agent;
    private final State state;
    private final Editing editing;
    private final boolean canLookUp;
    private final long limit;

    Window(AgentDefinition agent, State state) {
        this.agent = agent;
        this.state = state;
        this.editing = Profiles.of(state.context().mind()).editing();
        this.canLookUp = agent.tools().containsKey(BuiltIn.SESSION_RESULT);
        this.limit = limit();
    }

    /// Characters that one of so many results of a turn may have: all together take no more than a
    /// third of the window.
    int longestResult(int results) {
        return (int) Math.max(2_000, limit / results);
    }

    /// What to ask the model next.
    sealed interface Next {
        /// @param leftOut messages of the prompt before that are not in this one
        record Ask(Prompt prompt, int leftOut, @Nullable ContextEdit edit) implements Next {}

        /// First a summary of the first `upTo` messages.
        record Compact(Prompt prompt, int upTo) implements Next {}
    }

    /// Tokens that a prompt may have.
    private long limit() {
        long wanted = agent.limits().contextTokens();
        var mind = state.context().mind();
        if (mind == null || mind.window() == 0) {
            return wanted;
        }
        return Math.max(LEAST, Math.min(wanted, mind.window() - agent.limits().outputTokens()));
    }

    /// What the provider counted is the truth about what it has seen; about the rest, a bound.
    private double tokens(long bytes) {
        Context context = state.context();
        long known = Math.min(bytes, context.bytes());
        double each =
                context.tokens() == 0
                        ? 1 / BYTES_PER_TOKEN
                        : Math.clamp(
                                (double) context.tokens() / context.bytes(),
                                1 / MOST_BYTES_PER_TOKEN,
                                1);
        return known * each + (bytes - known) / BYTES_PER_TOKEN;
    }

    private long bytes(double tokens) {
        long few = (long) (tokens * BYTES_PER_TOKEN);
        double counted = tokens(few);
        return counted == 0 ? few : (long) (few * tokens / counted);
    }

    /// @param grown the prompt before and what is new
    Next fit(Prompt grown, boolean isNew) {
        var compaction = state.context().compaction();
        if (compaction != null && compaction.summary() != null) {
            return compacted(grown, compaction, compaction.summary());
        }
        boolean failed = compaction != null && compaction.hasFailed();
        if (!isNew || (tokens(grown.bytes()) <= editing.at() * limit && compaction == null)) {
            return new Next.Ask(grown, 0, null);
        }
        var all = grown.contents();
        var shorter = shorten(all);
        double after = tokens(size(shorter.messages()));
        boolean enough = after <= (editing.at() - WORTH) * limit;
        int from = tail(shorter.messages(), limit * editing.to());
        var going = all.subList(HEAD, from);
        boolean worth = size(going) - size(pinned(going)) >= bytes(limit * WORTH);
        if (enough || (!worth && after <= limit) || from == HEAD) {
            return ask(grown, shorter.messages(), 0, new Edit(How.SHORTENED, shorter, 0));
        }
        if (editing.compacts() && !failed && worth) {
            return new Next.Compact(ordered(grown, all.size() - from), from);
        }
        return without(grown, all, shorter, from, How.CUT, Notes.leftOut(from - HEAD, canLookUp));
    }

    /// The same prompt, so that it is in the provider's cache, with the order at its end.
    private static Prompt ordered(Prompt grown, int kept) {
        var order = new ArrayList<>(grown.added());
        order.add(Notes.content(Notes.compact(kept)));
        var before = grown.parent();
        return before == null ? Prompt.start(order) : before.add(order);
    }

    private Next compacted(Prompt grown, Compaction compaction, Content summary) {
        var all = grown.contents();
        int from = Math.min(compaction.upTo(), all.size());
        var text = ToolResults.plain(summary);
        var note = Notes.summary(from - HEAD, text, canLookUp);
        return without(grown, all, shorten(all), from, How.COMPACTED, note);
    }

    /// A new chain: the head, a note about what is gone, what people said in it, and the rest.
    private Next without(
            Prompt grown,
            List<Content> all,
            Shortening.Result shorter,
            int from,
            How how,
            Message note) {
        var pinned = pinned(all.subList(HEAD, from));
        var kept = new ArrayList<Content>(all.subList(0, HEAD));
        kept.add(Notes.content(note));
        kept.addAll(pinned);
        kept.addAll(shorter.messages().subList(from, all.size()));
        return ask(grown, kept, from - HEAD, new Edit(how, shorter, pinned.size()));
    }

    private record Edit(How how, Shortening.Result shorter, int pinned) {}

    private static Next ask(Prompt grown, List<Content> kept, int leftOut, Edit edit) {
        var stay = kept.stream().map(Content::hash).toList();
        var shortened =
                edit.shorter().shortened().stream().filter(s -> stay.contains(s.by())).toList();
        if (leftOut == 0 && shortened.isEmpty()) {
            return new Next.Ask(grown, 0, null);
        }
        var prompt = Prompt.start(kept);
        var said =
                new ContextEdit(
                        edit.how(), grown.bytes(), prompt.bytes(), shortened, edit.pinned());
        return new Next.Ask(prompt, leftOut, said);
    }

    private Shortening.Result shorten(List<Content> all) {
        return new Shortening(
                        state.totals().turns(),
                        editing.freshTurns(),
                        editing.oldResult(),
                        editing.dropsOldReasoning(),
                        canLookUp)
                .apply(all);
    }

    /// Where the part begins that stays: with a reply of the model, so that no result stands
    /// without its call, and at least the newest one.
    private int tail(List<Content> all, double tokens) {
        long most = bytes(tokens);
        long bytes = size(all.subList(0, HEAD));
        int from = all.size();
        for (int i = all.size() - 1; i >= HEAD; i--) {
            bytes += all.get(i).size();
            if (Notes.message(all.get(i)).role() == Role.ASSISTANT) {
                if (bytes > most && from < all.size()) {
                    break;
                }
                from = i;
            }
        }
        return from == all.size() ? HEAD : from;
    }

    /// What people said in the part that goes, the newest first to stay.
    private List<Content> pinned(List<Content> going) {
        long room = bytes(limit * MOST_PINNED);
        var pinned = new ArrayList<Content>();
        for (var content : going.reversed()) {
            for (var said : said(content).reversed()) {
                room -= said.size();
                if (room < 0) {
                    return pinned;
                }
                pinned.addFirst(said);
            }
        }
        return pinned;
    }

    private static List<Content> said(Content content) {
        var message = Notes.message(content);
        if (Notes.isPinned(message)) {
            return List.of(content);
        }
        var stated = new ArrayList<Content>();
        for (var part : message.parts()) {
            if (part instanceof Part.ToolResult result && result.text().contains(Notes.STATED)) {
                stated.add(Notes.content(Notes.stated(result.id(), result.text())));
            }
        }
        return stated;
    }

    private static long size(List<Content> messages) {
        return messages.stream().mapToLong(Content::size).sum();
    }
}
