package dev.remit.bench.campaign.check;

import java.io.IOException;
import java.nio.file.Path;

/// Holds what Remit says against what the witnesses saw.
public final class Checker {
    private Checker() {}

    /// @param folder where a campaign wrote down what happened
    public static Verdict check(Path folder) throws IOException {
        var evidence = Evidence.read(folder);
        var findings = new Findings();
        new Acceptance(evidence, findings).check();
        new Logs(evidence, findings).check();
        new Deeds(evidence, findings).check();
        new Outputs(evidence, findings).check();
        new Books(evidence, findings).check();
        int accepted =
                (int)
                        evidence.clients("accepted").stream()
                                .map(line -> line.at("id").text())
                                .distinct()
                                .count();
        int effects =
                (int)
                        evidence.effects().stream()
                                .filter(e -> e.at("end").text().equals("done"))
                                .count();
        return new Verdict(
                accepted, effects, evidence.invoice().size(), findings.notes(), findings.all());
    }
}
