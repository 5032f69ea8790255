package dev.remit.core.tool;

import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an operator says that tools cost, by name or by a pattern over names. It comes before what
/// a tool's own file says.
///
/// @param byPattern a name, or a [Glob]
public record ToolPrices(Map<String, ToolPrice> byPattern) {
    public static final ToolPrices NONE = new ToolPrices(Map.of());

    /// The pattern that says most comes first; of two that say as much, the earlier by alphabet.
    private static final Comparator<String> MOST_SAID =
            Comparator.comparingLong(ToolPrices::said)
                    .reversed()
                    .thenComparing(Comparator.naturalOrder());

    public ToolPrices {
        byPattern = Map.copyOf(byPattern);
    }

    /// The price of a use: by name, else by the most exact pattern, else as the tool says itself.
    ///
    /// @return absent if a use costs nothing
    public @Nullable ToolPrice of(Tool tool) {
        var named = byPattern.get(tool.name());
        if (named != null) {
            return named;
        }
        return byPattern.keySet().stream()
                .filter(pattern -> new Glob(pattern).matches(tool.name()))
                .min(MOST_SAID)
                .map(byPattern::get)
                .orElse(tool.price());
    }

    private static long said(String pattern) {
        return pattern.chars().filter(c -> c != '*').count();
    }
}
