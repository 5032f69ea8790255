package dev.remit.cli;

import dev.remit.core.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Lists the questions that wait for an answer.
@Command(
        name = "approvals",
        sortOptions = false,
        description = {
            "List the questions that sessions ask people, with all that is shown.",
            "",
            "Answer one with ./remit approve or ./remit reject.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {"  ./remit approvals", "  ./remit approvals last", "  ./remit approvals -o json"})
final class ApprovalsCommand extends RemitCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "SESSION",
            description = "Only its own and those of all that works for it.")
    @Nullable String id;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var open = Approvals.open(client, id == null ? null : session(client, id));
            if (format.json()) {
                console().json(Json.object().set("items", Json.array().addAll(open)));
                return good();
            }
            if (open.isEmpty()) {
                console().note("nobody is asked anything");
            }
            for (var approval : open) {
                console().print(Approvals.shown(approval));
                console().print(Approvals.answers(approval));
                console().print("");
            }
            return good();
        }
    }
}
