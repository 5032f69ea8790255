package dev.remit.cli;

import dev.remit.cli.view.Cells;
import dev.remit.cli.view.Said;
import dev.remit.client.RemitClient;
import dev.remit.client.SessionEvent;
import dev.remit.core.json.Json;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows the events of a session.
@Command(
        name = "logs",
        sortOptions = false,
        description = {
            "Show every event of a session, one line each.",
            "",
            "With -o json: the events as one JSON document; with -f as well, one JSON document a line.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit logs last",
            "  ./remit logs 019a2f3c-77b1 -f",
            "  ./remit logs last -f --words",
            "  ./remit logs last -o json"
        })
final class LogsCommand extends RemitCommand {
    private static final int PAGE = 200;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    @Parameters(paramLabel = "SESSION", description = "Its id, the beginning of it, or last.")
    String id = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the session is closed.")
    boolean follow;

    @Option(
            names = {"-w", "--words"},
            description =
                    "With -f: what models say while they say it, before the reply's own line.")
    boolean words;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        try (var client = server().connect()) {
            var session = session(client, id);
            if (follow) {
                follow(client, session);
            } else {
                all(client, session);
            }
            return good();
        }
    }

    private void follow(RemitClient client, String session) {
        try (var events = words ? client.followWords(session, 0) : client.follow(session, 0)) {
            boolean midLine = false;
            for (var event = events.next(); event != null; event = events.next()) {
                if (event.type().equals("token")) {
                    if (midLine && isAnew(event)) {
                        console().print("");
                    }
                    midLine = say(event) || midLine;
                } else if (event.seq() > 0) {
                    if (midLine) {
                        console().print("");
                        midLine = false;
                    }
                    console().print(format.json() ? Json.write(event.json()) : line(event));
                }
            }
        }
    }

    /// Whether it begins from the beginning, though words were shown before.
    private static boolean isAnew(SessionEvent event) {
        return event.body().path("news").path("offset").asInt(0) == 0;
    }

    /// @return whether the line goes on
    private boolean say(SessionEvent event) {
        if (format.json()) {
            console().print(Json.write(event.json()));
            return false;
        }
        var words = event.body().path("news").path("text").asString("");
        console().out().print(Cells.harmless(words));
        console().out().flush();
        return true;
    }

    private void all(RemitClient client, String session) {
        var items = Json.array();
        long after = 0;
        while (true) {
            var page = client.events(session, after, PAGE).items();
            for (var event : page) {
                after = event.seq();
                if (format.json()) {
                    items.add(event.json());
                } else {
                    console().print(line(event));
                }
            }
            if (page.isEmpty()) {
                break;
            }
        }
        if (format.json()) {
            console().json(Json.object().set("items", items));
        }
    }

    private String line(SessionEvent event) {
        var at = event.at();
        return console()
                        .style()
                        .dim(
                                (at == null ? "            " : TIME.format(at))
                                        + String.format(Locale.ROOT, " %5d  ", event.seq()))
                + Said.of(event);
    }
}
