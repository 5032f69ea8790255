package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Takes a key back.
@Command(
        name = "revoke",
        sortOptions = false,
        description = {
            "Revoke a key. When the command ends, no server accepts it any more and every answer that",
            "was being streamed to it was cut.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = "  ./remit keys revoke k3v7q2m5xw4a")
final class KeysRevokeCommand extends RemitCommand {
    @Parameters(
            index = "0",
            paramLabel = "KEY",
            description = "Its id, as ./remit keys list shows it; the key itself will do.")
    String key = "";

    @Override
    public Integer call() {
        var parts = key.split("_", 3);
        var id = parts.length == 3 && parts[0].equals("rmt") ? parts[1] : key;
        try (var client = server().connect()) {
            var revoked = client.administration().revokeKey(id);
            console()
                    .note(
                            "revoked everywhere: "
                                    + id
                                    + " ("
                                    + revoked.path("name").asString("")
                                    + ")");
            return good();
        }
    }
}
