package dev.remit.cli;

import dev.remit.core.json.Json;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists files.
@Command(
        name = "list",
        sortOptions = false,
        description = {"List the files of the archive, the newest first.", ""},
        footerHeading = "%nExamples%n",
        footer = {"  ./remit archive list", "  ./remit archive list -o json"})
final class ArchiveListCommand extends RemitCommand {
    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var items = Json.array();
            String cursor = null;
            do {
                var page = client.administration().archives(cursor);
                page.items().forEach(items::add);
                cursor = page.next();
            } while (cursor != null);
            if (format.json()) {
                console().json(Json.object().set("items", items));
                return good();
            }
            for (var file : items) {
                console()
                        .print(
                                String.format(
                                        Locale.ROOT,
                                        "%8d sessions %12d bytes  %s",
                                        file.path("sessions").asInt(0),
                                        file.path("bytes").asLong(0),
                                        file.path("file").asString("")));
            }
            if (items.isEmpty()) {
                console().note("nothing is archived");
            }
            return good();
        }
    }
}
