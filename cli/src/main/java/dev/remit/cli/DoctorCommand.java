package dev.remit.cli;

import dev.remit.cli.Diagnosis.Finding;
import dev.remit.cli.Diagnosis.Verdict;
import dev.remit.core.json.Json;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Looks into what a run needs.
@Command(
        name = "doctor",
        sortOptions = false,
        description = {
            "Check everything that a run needs, and say what to do about what is wrong.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {"  ./remit doctor", "  ./remit doctor -o json"})
final class DoctorCommand extends RemitCommand {
    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        var findings = Diagnosis.of(shell(), home(), server());
        if (format.json()) {
            console().json(Json.object().set("items", Json.tree(findings)));
        } else {
            show(findings);
        }
        boolean bad = findings.stream().anyMatch(f -> f.verdict() == Verdict.bad);
        return bad ? ExitCode.TROUBLE : ExitCode.GOOD;
    }

    private void show(List<Finding> findings) {
        var style = console().style();
        for (var finding : findings) {
            var sign =
                    switch (finding.verdict()) {
                        case good -> style.green("good");
                        case note -> style.yellow("note");
                        case bad -> style.red("bad ");
                    };
            console()
                    .print(
                            sign
                                    + "  "
                                    + String.format(Locale.ROOT, "%-12s  ", finding.what())
                                    + finding.found());
            if (!finding.advice().isEmpty()) {
                console().print("                    " + finding.advice());
            }
        }
    }
}
