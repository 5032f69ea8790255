package dev.remit.cli;

import dev.remit.cli.view.Report;
import dev.remit.client.RemitClient;
import dev.remit.client.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What is told when a command lets go of a session: its result, a summary, an exit code.
final class Ending {
    private static final int EVENTS = 200;
    private static final int MOST_CHILDREN = 50;

    private Ending() {}

    /// @return the exit code
    static int show(Console console, RemitClient client, String id, boolean json) {
        var session = client.session(id);
        if (json) {
            console.json(session.json());
            return code(session, List.of());
        }
        var children = children(client, session);
        int width = console.width();
        var result = Report.result(session, children, width, console.style());
        if (!result.isEmpty()) {
            console.print("");
            console.print(result);
        }
        console.print("");
        console.print(
                Report.summary(session, children, next(session, children), width, console.style()));
        return code(session, children);
    }

    /// In the order in which they were given their work.
    static List<Session> children(RemitClient client, Session session) {
        var ids = session.children().stream().map(Session.Child::session).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        var given =
                client.events(session.id(), 0, EVENTS).items().stream()
                        .filter(e -> e.type().equals("delegated"))
                        .map(e -> e.body().path("child").asString(""))
                        .toList();
        return ids.stream()
                .limit(MOST_CHILDREN)
                .sorted(Comparator.comparingInt(id -> place(given, id)))
                .map(client::session)
                .toList();
    }

    private static int place(List<String> given, String id) {
        int place = given.indexOf(id);
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    /// A session that waits for a child that waits for a person, waits for that person.
    static int code(Session session, List<Session> children) {
        int code = ExitCode.of(session);
        boolean person =
                code == ExitCode.GOING_ON
                        && session.waitingFor().equals("session")
                        && children.stream().anyMatch(Session::needsPerson);
        return person ? ExitCode.WAITS : code;
    }

    /// What to try next.
    static List<String> next(Session session, List<Session> children) {
        var lines = new ArrayList<String>();
        for (var waiting : children) {
            if (waiting.needsPerson()) {
                lines.add(waiting.agent() + ": " + waiting.waitingWhy());
                lines.addAll(Watch.answers(waiting));
            }
        }
        if (session.needsPerson()) {
            if (!session.waitingWhy().isEmpty()) {
                lines.add(session.waitingWhy());
            }
            lines.addAll(Watch.answers(session));
        }
        if (session.waitingFor().equals("event")) {
            lines.addAll(Watch.answers(session));
        }
        if (!session.isClosed()) {
            lines.add("./remit attach " + session.id());
            return lines;
        }
        lines.add("./remit logs " + session.id() + "   every event");
        if (session.provider().equals("rehearsal")) {
            lines.add("ANTHROPIC_API_KEY=… ./remit run …   the same with a real model");
        } else {
            lines.add("./remit record " + session.id() + " -o replay.json   to replay it offline");
        }
        return lines;
    }
}
