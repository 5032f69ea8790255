package dev.remit.cli;

import dev.remit.cli.view.Cells;
import dev.remit.cli.view.Said;
import dev.remit.cli.view.Shown;
import dev.remit.client.RemitClient;
import dev.remit.client.SessionEvent;
import dev.remit.core.json.Json;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
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
            "",
            "Prompts are shown as they are kept: what looks like a secret was taken out before. They need",
            "the permission that the events need, sessions:read.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit logs last",
            "  ./remit logs 019a2f3c-77b1 -f",
            "  ./remit logs last -f --words",
            "  ./remit logs last --prompts",
            "  ./remit logs last --prompt 3 -o json",
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

    @Option(
            names = "--prompts",
            description = "Below each call of a model: the messages that are new in its prompt.")
    boolean prompts;

    @Option(
            names = "--prompt",
            paramLabel = "TURN",
            description =
                    "Nothing but the whole prompt of one turn, exactly as the model was shown it.")
    @Nullable Integer prompt;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        if (prompt != null && (follow || words || prompts)) {
            throw Failure.usage("--prompt shows one turn alone, without -f, --words or --prompts");
        }
        try (var client = server().connect()) {
            var session = session(client, id);
            if (prompt != null) {
                prompt(client, session, prompt);
            } else if (follow) {
                follow(client, session);
            } else {
                all(client, session);
            }
            return good();
        }
    }

    private void prompt(RemitClient client, String session, int turn) {
        var shown = client.prompt(session, turn);
        if (format.json()) {
            console().json(shown);
            return;
        }
        console()
                .print(
                        "turn "
                                + shown.path("turn").asInt()
                                + " ("
                                + shown.path("route").asString("")
                                + ")");
        Shown.lines(shown.path("messages")).forEach(console()::print);
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
                    show(event);
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
                    show(event);
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

    private void show(SessionEvent event) {
        if (format.json()) {
            console().print(Json.write(event.json()));
            return;
        }
        console().print(line(event));
        if (prompts) {
            Shown.lines(event.body().path("added")).forEach(console()::print);
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
