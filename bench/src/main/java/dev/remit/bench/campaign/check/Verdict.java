package dev.remit.bench.campaign.check;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What the checker has to say.
///
/// @param sessions that were accepted
/// @param effects that happened
/// @param answers that the provider billed
/// @param notes what is worth knowing and no fault, such as how many actions were in doubt
public record Verdict(
        int sessions, int effects, int answers, Map<String, Long> notes, List<Finding> findings) {
    private static final int SHOWN = 40;

    public boolean isGood() {
        return findings.isEmpty();
    }

    /// How much was looked at, and what was found.
    public String line() {
        return "%,d sessions, %,d effects, %,d answers: %s"
                .formatted(sessions, effects, answers, summary());
    }

    /// Such as `0 lost, 0 unlisted duplicates, 0 stuck, 0 wrong, …`.
    public String summary() {
        return Arrays.stream(Finding.Kind.values())
                .map(kind -> findings.stream().filter(f -> f.kind() == kind).count() + " " + kind)
                .collect(Collectors.joining(", "));
    }

    /// In lines, for people.
    public String report() {
        var text = new StringBuilder();
        notes.forEach((what, count) -> text.append("  %,9d %s%n".formatted(count, what)));
        findings.stream()
                .limit(SHOWN)
                .forEach(f ->
                        text.append(
                                "  FOUND %s: %s%s%n"
                                        .formatted(
                                                f.kind(),
                                                f.session().isEmpty() ? "" : f.session() + " ",
                                                f.what())));
        if (findings.size() > SHOWN) {
            text.append("  … and %,d more%n".formatted(findings.size() - SHOWN));
        }
        return text.toString();
    }
}
