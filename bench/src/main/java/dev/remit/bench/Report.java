package dev.remit.bench;

import dev.remit.core.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// What was measured.
///
/// @param where machine and settings that the figures depend on
record Report(Instant at, String where, List<Comparison> comparisons) {

    /// Something of Remit's against its baseline, in the same run.
    ///
    /// @param ratio of the two medians, the way that the target is said
    /// @param target such as `>= 4`
    /// @param met whether the ratio is as the target says
    record Comparison(
            String what, Series remit, Series baseline, double ratio, String target, boolean met) {

        static Comparison atLeast(String what, Series remit, Series baseline, double target) {
            double ratio = remit.median() / baseline.median();
            return new Comparison(what, remit, baseline, ratio, ">= " + target, ratio >= target);
        }

        static Comparison atMost(String what, Series remit, Series baseline, double target) {
            double ratio = remit.median() / baseline.median();
            return new Comparison(what, remit, baseline, ratio, "<= " + target, ratio <= target);
        }

        /// Where the figure itself has to be within a limit, in its unit, whatever the ratio.
        static Comparison within(String what, Series remit, Series baseline, double limit) {
            double ratio = remit.median() / baseline.median();
            var target = String.format(Locale.ROOT, "%,.0f %s at most", limit, remit.unit());
            return new Comparison(what, remit, baseline, ratio, target, remit.median() <= limit);
        }
    }

    String table() {
        var text = new StringBuilder();
        text.append(where).append('\n');
        for (var comparison : comparisons) {
            text.append('\n').append(comparison.what()).append('\n');
            row(text, comparison.remit());
            row(text, comparison.baseline());
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %-44s %10.2f   target %s: %s%n",
                            "ratio",
                            comparison.ratio(),
                            comparison.target(),
                            comparison.met() ? "met" : "not met"));
        }
        return text.toString();
    }

    private static void row(StringBuilder text, Series series) {
        text.append(
                String.format(
                        Locale.ROOT,
                        "  %-44s %10.0f   %s (%.0f to %.0f in %d rounds)%n",
                        series.name(),
                        series.median(),
                        series.unit(),
                        series.least(),
                        series.most(),
                        series.rounds().size()));
    }

    String json() {
        return Json.pretty(Json.tree(this)) + "\n";
    }
}
