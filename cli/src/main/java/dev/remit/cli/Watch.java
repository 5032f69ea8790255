package dev.remit.cli;

import dev.remit.cli.view.Board;
import dev.remit.cli.view.Family;
import dev.remit.cli.view.Family.News;
import dev.remit.cli.view.Frame;
import dev.remit.cli.view.PlainLines;
import dev.remit.cli.view.Row;
import dev.remit.cli.view.Terminal;
import dev.remit.client.RemitClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches a session until it is over, waits for a person, or the time is up. Whatever becomes of
/// the watcher, the session goes on.
final class Watch {
    private static final Duration FRAME = Duration.ofMillis(100);

    private final Console console;
    private final RemitClient client;
    private final String session;
    private final boolean quiet;

    /// @param quiet nothing but the result is written
    Watch(Console console, RemitClient client, String session, boolean quiet) {
        this.console = console;
        this.client = client;
        this.session = session;
        this.quiet = quiet;
    }

    /// Watches; where people are asked and one sits at the terminal, asks and watches on.
    ///
    /// @param timeout absent: as long as it takes
    static void answering(
            Console console,
            RemitClient client,
            String session,
            boolean quiet,
            @Nullable Duration timeout) {
        do {
            new Watch(console, client, session, quiet).untilOver(timeout);
        } while (!quiet && Approvals.ask(console, client, session));
    }

    /// @param timeout absent: as long as it takes
    void untilOver(@Nullable Duration timeout) {
        var board = new Board(session);
        var until = timeout == null ? null : Instant.now().plus(timeout);
        boolean live = console.isLive() && !quiet;
        var detaching = new Detaching(console, session);
        try (detaching;
                var terminal = live ? detaching.drawingOn(console.live()) : null;
                var family = new Family(client, session, live)) {
            var plain = new PlainLines(console.style());
            boolean quietNow = false;
            while (!isOver(board, quietNow, until)) {
                var news = family.next(FRAME);
                quietNow = news == null;
                while (news != null) {
                    take(news, board, plain, live);
                    news = isOver(board, false, until) ? null : family.next(Duration.ZERO);
                }
                if (terminal != null) {
                    var size = terminal.size();
                    terminal.draw(
                            Frame.draw(
                                    board,
                                    Instant.now(),
                                    size.columns(),
                                    size.lines(),
                                    console.style()));
                }
            }
        }
    }

    /// @param quietNow nothing has come for a while: what is closed, and what waits, is known
    private static boolean isOver(Board board, boolean quietNow, @Nullable Instant until) {
        if (until != null && !Instant.now().isBefore(until)) {
            return true;
        }
        if (board.root().isClosed()) {
            return quietNow || board.rows().stream().allMatch(Row::isClosed);
        }
        return quietNow && !board.stuck().isEmpty();
    }

    private void take(News news, Board board, PlainLines plain, boolean live) {
        switch (news) {
            case News.Happened happened -> {
                board.add(happened.event());
                if (!live && !quiet) {
                    var line = plain.of(happened.event(), board);
                    if (line != null) {
                        console.print(line);
                    }
                }
            }
            case News.Lost lost -> {
                if (lost.session().equals(session)) {
                    throw lost.why();
                }
            }
        }
    }

    /// While somebody watches, Ctrl-C lets go of the session and says how to come back to it.
    private static final class Detaching implements AutoCloseable {
        private final Thread hook;
        private volatile @Nullable Terminal drawnOn;

        Detaching(Console console, String session) {
            hook =
                    new Thread(() -> {
                        var terminal = drawnOn;
                        if (terminal != null) {
                            terminal.close();
                        }
                        console.note("detached; the session goes on");
                        console.note("./remit attach " + session + "   comes back to it");
                        console.note("./remit cancel " + session + "   ends it");
                        console.out().flush();
                        Runtime.getRuntime().halt(ExitCode.GOING_ON);
                    });
            Runtime.getRuntime().addShutdownHook(hook);
        }

        Terminal drawingOn(Terminal terminal) {
            drawnOn = terminal;
            return terminal;
        }

        @Override
        public void close() {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException alreadyDetaching) {
                awaitHalt();
            }
        }

        private void awaitHalt() {
            try {
                hook.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Its own budget is raised; one that others share is set, as the session says itself.
    private static String moreMoney(dev.remit.client.Session s) {
        var why = s.json().path("waiting").path("why").asString("");
        int from = why.indexOf("./remit budget set ");
        int to = why.indexOf(')', Math.max(from, 0));
        return from >= 0 && to > from
                ? why.substring(from, to)
                : "./remit raise " + s.id() + " \"1 USD\"";
    }

    /// What the sessions of one family wait for from people, with the command that answers.
    static List<String> answers(dev.remit.client.Session s) {
        return switch (s.waitingFor()) {
            case "message" -> List.of("./remit message " + s.id() + " \"…\"");
            case "approval" ->
                    List.of(
                            "./remit approvals " + s.id() + "   shows what is asked",
                            "./remit approve " + s.id() + "   or   ./remit reject " + s.id());
            case "event" ->
                    s.json().path("waiting").path("names").values().stream()
                            .map(name -> "./remit send " + s.id() + " --event " + name.asString(""))
                            .toList();
            case "budget" -> List.of(moreMoney(s));
            case "trouble" ->
                    s.json().path("waiting").path("in_doubt").isEmpty()
                            ? List.of(
                                    "./remit logs " + s.id(),
                                    "./remit message "
                                            + s.id()
                                            + " \"…\"   or   ./remit redrive "
                                            + s.id())
                            : doubts(s);
            default -> List.of();
        };
    }

    private static List<String> doubts(dev.remit.client.Session s) {
        Set<String> actions = new java.util.LinkedHashSet<>();
        s.json().path("waiting").path("in_doubt").forEach(a -> actions.add(a.asString("")));
        return actions.stream()
                .map(a ->
                        "./remit resolve "
                                + s.id()
                                + " happened|did-not-happen"
                                + (actions.size() > 1 ? " --action " + a : ""))
                .toList();
    }
}
