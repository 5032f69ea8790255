package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Keys of programs and people.
@Command(
        name = "keys",
        sortOptions = false,
        description = {"Make, list and revoke keys.", ""},
        subcommands = {KeysCreateCommand.class, KeysListCommand.class, KeysRevokeCommand.class},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit keys create --team growth --budget \"20 USD/day\" --route fast,capable",
            "  ./remit keys list --team growth",
            "  ./remit keys revoke k3v7q2m5xw4a"
        })
final class KeysCommand extends RemitCommand {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw needsMore(spec);
    }
}
