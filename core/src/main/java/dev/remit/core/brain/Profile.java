package dev.remit.core.brain;

import dev.remit.core.json.Json;
import dev.remit.core.model.Family;
import dev.remit.core.model.Layout;
import dev.remit.core.model.Layout.Purpose;
import dev.remit.core.session.Prompt;
import dev.remit.core.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How the model loop treats one family of models: data, and the little code that reads it.
///
/// A version that has been released is never changed: sessions in flight go on with theirs.
///
/// @param version from 1
/// @param editing when and how the prompt is made shorter
/// @param marksCache whether the vendor keeps prefixes only up to where they are marked
/// @param parallelTools whether several tools at once are asked for; absent: as the vendor likes
/// @param keepsReasoning whether thoughts are handed back to the model
/// @param tools how tools are described
public record Profile(
        Family family,
        int version,
        Editing editing,
        boolean marksCache,
        @Nullable Boolean parallelTools,
        boolean keepsReasoning,
        ToolStyle tools) {

    /// A prompt is edited seldom and then thoroughly: whatever changes in its beginning is lost for
    /// the provider's cache.
    ///
    /// @param at the share of the window from which on it is edited
    /// @param to the share that is aimed at
    /// @param freshTurns of the newest turns nothing is shortened
    /// @param oldResult characters that an old result of a tool may keep
    /// @param dropsOldReasoning whether thoughts of older turns are dropped with that
    /// @param compacts whether a model is asked for a summary where shortening is not enough
    public record Editing(
            double at,
            double to,
            int freshTurns,
            int oldResult,
            boolean dropsOldReasoning,
            boolean compacts) {}

    /// How a tool is described to the model.
    public enum ToolStyle {
        /// As its author did, with its schema beside.
        AS_IS,
        /// The same, and its arguments once more in words: many servers show a model the schema in
        /// a form that it was not trained on.
        ARGUMENTS_IN_WORDS
    }

    /// Such as `anthropic@1`.
    public String name() {
        return family.word() + "@" + version;
    }

    /// @param before the prompt of the turn before; absent: this is the first
    public Layout layout(
            Purpose purpose, Prompt prompt, @Nullable Prompt before, List<Tool> offered) {
        // one call alone costs less if nothing of it is kept
        boolean again = before != null || !offered.isEmpty();
        return new Layout(
                name(),
                purpose,
                marksCache && again ? marks(prompt.size(), common(prompt, before)) : List.of(),
                parallelTools,
                keepsReasoning);
    }

    /// The instructions with the tools before them, the task, where the prompt before ended (for
    /// providers look back over a bounded number of parts alone), and the end.
    private static List<Integer> marks(int messages, int before) {
        var marks = new TreeSet<>(List.of(0, 1, messages - 1));
        if (before > 0) {
            marks.add(before - 1);
        }
        marks.removeIf(mark -> mark < 0 || mark >= messages);
        return List.copyOf(marks);
    }

    /// How many messages the prompt has from the one before, if it has grown out of that.
    private static int common(Prompt prompt, @Nullable Prompt before) {
        if (before == null) {
            return 0;
        }
        for (var link = prompt; link != null; link = link.parent()) {
            if (link.hash().equals(before.hash())) {
                return before.size();
            }
        }
        return 0;
    }

    /// The tools as the model is told of them.
    public List<Tool> describe(List<Tool> offered) {
        if (tools == ToolStyle.AS_IS) {
            return offered;
        }
        return offered.stream().map(Profile::inWords).toList();
    }

    private static Tool inWords(Tool tool) {
        var required = new TreeSet<String>();
        tool.input().path("required").forEach(name -> required.add(name.asString("")));
        var words = new ArrayList<String>();
        for (var argument : tool.input().path("properties").properties()) {
            var type = argument.getValue().path("type");
            words.add(
                    argument.getKey()
                            + " ("
                            + (type.isString() ? type.asString() : Json.write(type))
                            + (required.contains(argument.getKey()) ? "" : ", may be left out")
                            + ")");
        }
        return words.isEmpty()
                ? tool
                : tool.as(
                        tool.description().strip()
                                + " Arguments: "
                                + String.join(", ", words)
                                + ".",
                        tool.input());
    }
}
