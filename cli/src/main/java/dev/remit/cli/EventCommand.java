package dev.remit.cli;

import dev.remit.core.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Tells of an event.
@Command(
        name = "event",
        sortOptions = false,
        description = {
            "Tell of an event, which starts the agents that have asked for it (`on:`).",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit event ticket.created '{\"id\": \"T-7\", \"priority\": \"high\"}'",
            "  ./remit event deploy.finished --id deploy-4711"
        })
final class EventCommand extends RemitCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Such as ticket.created.")
    String name = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "JSON",
            description = "The event: JSON, a file, or - for standard input (default: {}).")
    @Nullable String body;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The same id counts once, however often it is sent.")
    @Nullable String eventId;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        var event = body == null ? Json.object() : Input.read(shell(), "the event", body);
        try (var client = server().connect()) {
            var taken = client.steering().event(name, event, eventId);
            if (format.json()) {
                console().json(taken);
                return good();
            }
            int triggers = taken.path("triggers").asInt(0);
            console()
                    .note(
                            (taken.path("new").asBoolean(true) ? "" : "it came before; ")
                                    + (triggers == 0
                                            ? "nobody asked for this event"
                                            : triggers
                                                    + (triggers == 1 ? " trigger" : " triggers")
                                                    + " took it; ./remit sessions shows what it"
                                                    + " starts"));
            return good();
        }
    }
}
