package dev.remit.bench.harness;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One figure of the gateway's table.
///
/// @param what was measured, and of whom
/// @param rounds the same in several rounds
/// @param ratio against the baseline of the same rounds; absent: none is reckoned
/// @param target as people write it; absent: there is none
public record Line(
        String what,
        String unit,
        List<Double> rounds,
        @Nullable Double ratio,
        @Nullable String against,
        @Nullable String target,
        @Nullable Boolean met) {

    public static Line plain(String what, String unit, List<Double> rounds) {
        return new Line(what, unit, List.copyOf(rounds), null, null, null, null);
    }

    public Line of(Line baseline) {
        return new Line(
                what, unit, rounds, median() / baseline.median(), baseline.what, target, met);
    }

    public Line aiming(String wanted, boolean reached) {
        return new Line(what, unit, rounds, ratio, against, wanted, reached);
    }

    public double median() {
        return quantile(0.5);
    }

    private double quantile(double share) {
        var sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    public String text() {
        var line =
                String.format(
                        Locale.ROOT,
                        "  %-46s %12.2f %-6s (%.2f to %.2f)",
                        what,
                        median(),
                        unit,
                        quantile(0),
                        quantile(1));
        if (ratio != null) {
            line += String.format(Locale.ROOT, "  %.3f of %s", ratio, against);
        }
        if (target != null) {
            line += "  target " + target + ": " + (Boolean.TRUE.equals(met) ? "met" : "not met");
        }
        return line;
    }
}
