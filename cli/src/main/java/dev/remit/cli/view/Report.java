package dev.remit.cli.view;

import dev.remit.client.Session;
import dev.remit.core.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What is shown when a session is over, or waits: the result, and a summary of what it took.
public final class Report {
    private static final int LABEL = 10;
    private static final int SHORT_VERSION = 12;
    private static final int SHORTEST_NAME = 12;
    private static final int LONGEST_NAME = 28;

    private final Style style;
    private final int width;
    private final List<String> lines = new ArrayList<>();

    private Report(int width, Style style) {
        this.width = Math.clamp(width, 40, 100);
        this.style = style;
    }

    /// The output of a session, laid out for people.
    ///
    /// @param children whose answers it is made of, in the order in which they are shown
    public static List<String> result(
            Session session, List<Session> children, int width, Style style) {
        var output = session.output();
        if (output == null) {
            return List.of();
        }
        return Layout.lines(inOrder(output, children), width, style);
    }

    /// The fields in the order of the children that they came from: stored, they are sorted by
    /// name.
    private static JsonNode inOrder(JsonNode output, List<Session> children) {
        if (!output.isObject()) {
            return output;
        }
        var ordered = Json.object();
        for (var child : children) {
            var part = child.output();
            if (part != null && part.isObject()) {
                part.propertyNames().stream()
                        .filter(output::has)
                        .forEach(name -> ordered.set(name, output.path(name)));
            }
        }
        output.properties().stream()
                .filter(field -> !ordered.has(field.getKey()))
                .forEach(field -> ordered.set(field.getKey(), field.getValue()));
        return ordered;
    }

    /// @param children of the session, as far as known
    /// @param next what to try next, a line each
    public static List<String> summary(
            Session session, List<Session> children, List<String> next, int width, Style style) {
        var report = new Report(width, style);
        report.lines.add(style.dim(style.rule(report.width)));
        report.line(session.kind(), session.agent() + style.separator() + verdict(session, style));
        for (var reason : session.isClosed() ? session.outcomeReasons() : List.<String>of()) {
            report.wrapped(reason);
        }
        if (!session.why().isEmpty() && !session.outcomeReasons().contains(session.why())) {
            report.wrapped(session.why());
        }
        if (List.of("event", "timer").contains(session.waitingFor())) {
            report.wrapped(Said.waits(session.json().path("waiting")));
        }
        report.agents(session, children);
        report.line("model", model(session, children));
        report.line("tokens", tokens(session));
        report.line("cost", cost(session));
        report.line("time", time(session));
        report.line("session", session.id());
        report.line("version", version(session));
        relatives(session).forEach(text -> report.line("", text));
        for (int i = 0; i < next.size(); i++) {
            report.line(i == 0 ? "next" : "", Cells.harmless(next.get(i)));
        }
        return report.lines;
    }

    private void agents(Session session, List<Session> children) {
        var names = children.stream().map(child -> name(session, child)).toList();
        int longest = names.stream().mapToInt(Cells::width).max().orElse(0);
        int cells = Math.clamp(longest, SHORTEST_NAME, LONGEST_NAME);
        for (int i = 0; i < children.size(); i++) {
            var child = children.get(i);
            line(
                    i == 0 ? "agents" : "",
                    Cells.left(names.get(i), cells, style)
                            + " "
                            + padded(verdict(child, style), verdictWords(child), 18)
                            + " "
                            + Cells.right(Amounts.count(child.usage().tokens()), 8, style)
                            + style.dim(" tokens  ")
                            + Cells.left(time(child), 9, style)
                            + " "
                            + style.dim(child.id()));
        }
    }

    /// What its parent calls it.
    private static String name(Session session, Session child) {
        return session.children().stream()
                .filter(c -> c.session().equals(child.id()))
                .map(c -> Cells.harmless(c.action()))
                .findFirst()
                .orElseGet(() -> Cells.harmless(child.agent()));
    }

    private static String padded(String styled, String plain, int cells) {
        return styled + " ".repeat(Math.max(0, cells - Cells.width(plain)));
    }

    private void wrapped(String text) {
        for (var part : Cells.wrap(Cells.harmless(text), width - LABEL)) {
            line("", part);
        }
    }

    private void line(String label, String text) {
        if (text.isEmpty()) {
            return;
        }
        lines.add(style.dim(Cells.left(label, LABEL, style)) + text);
    }

    /// Execution and outcome: `completed, good`.
    static String verdictWords(Session session) {
        if (!session.isClosed()) {
            var waiting = session.waitingFor();
            return waiting.isEmpty() ? session.status() : "waits for " + waiting;
        }
        return Said.words(session.stopReason()) + ", " + Said.words(session.outcome());
    }

    static String verdict(Session session, Style style) {
        var words = verdictWords(session);
        if (!session.isClosed()) {
            return session.needsPerson() ? style.yellow(words) : words;
        }
        boolean ran = List.of("completed", "no_work").contains(session.stopReason());
        if (!ran || session.outcome().equals("not_good")) {
            return style.red(words);
        }
        return session.outcome().equals("good") ? style.green(words) : words;
    }

    private static String model(Session session, List<Session> children) {
        var models = new TreeSet<String>();
        models.add(named(session));
        children.forEach(c -> models.add(named(c)));
        models.remove("");
        var text = String.join(", ", models);
        return models.stream().anyMatch(m -> m.startsWith("rehearsal"))
                ? text + " (scripted answers; no model was asked)"
                : text;
    }

    /// Sessions stay with the version they began with: said where it is no longer the newest.
    private static String version(Session session) {
        var newest = session.json().path("newest_version").asString("");
        return newest.isEmpty() || session.isClosed()
                ? ""
                : first(session.version())
                        + "; the newest is "
                        + first(newest)
                        + " (./remit patch "
                        + session.id()
                        + " --to newest moves it)";
    }

    private static String first(String version) {
        return version.length() > SHORT_VERSION ? version.substring(0, SHORT_VERSION) : version;
    }

    private static List<String> relatives(Session session) {
        var lines = new ArrayList<String>();
        var from = session.json().path("forked_from");
        if (from.isObject()) {
            lines.add(
                    (from.path("rewind").asBoolean(false) ? "rewound from " : "forked from ")
                            + from.path("session").asString("")
                            + " at event "
                            + from.path("at").asLong());
        }
        for (var fork : session.json().path("forks")) {
            lines.add(
                    (fork.path("rewind").asBoolean(false)
                                    ? "its place was taken by "
                                    : "forked as ")
                            + fork.path("session").asString("")
                            + " from event "
                            + fork.path("at").asLong());
        }
        return lines;
    }

    private static String named(Session session) {
        if (session.provider().isEmpty() || session.model().isEmpty()) {
            return session.model() + session.provider();
        }
        return session.provider().equals(session.model())
                ? session.model()
                : session.provider() + " " + session.model();
    }

    private static String tokens(Session session) {
        var u = session.usage();
        if (u.tokens() == 0) {
            return "";
        }
        long in = u.input() + u.cacheRead() + u.cacheWrite();
        return Amounts.count(in)
                + " in, "
                + Amounts.count(u.output())
                + " out"
                + (u.cacheRead() > 0 ? " (" + Amounts.count(u.cacheRead()) + " from cache)" : "");
    }

    private static String cost(Session session) {
        var cost = Amounts.cost(session.costMicros());
        if (!cost.isEmpty()) {
            return cost;
        }
        return session.usage().tokens() == 0 ? "" : "no known price";
    }

    private static String time(Session session) {
        var from = session.openedAt();
        var to = session.updatedAt();
        return from == null || to == null ? "" : Amounts.time(Duration.between(from, to));
    }

    /// Everything the server tells of a session, as `describe` shows it.
    public static List<String> description(
            Session session, List<Session> children, List<String> next, int width, Style style) {
        var lines = new ArrayList<>(result(session, children, width, style));
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.addAll(summary(session, children, next, width, style));
        return lines;
    }

    /// One line a session, newest first.
    public static List<String> table(List<Session> sessions, java.time.Instant now, Style style) {
        var lines = new ArrayList<String>();
        int agent = sessions.stream().mapToInt(s -> Cells.width(s.agent())).max().orElse(5);
        agent = Math.clamp(agent, 5, 32);
        lines.add(
                style.dim(
                        Cells.left("SESSION", 36, style)
                                + "  "
                                + Cells.left("AGENT", agent, style)
                                + "  "
                                + Cells.left("STATE", 24, style)
                                + "  "
                                + Cells.right("TOKENS", 9, style)
                                + "  "
                                + Cells.right("COST", 12, style)
                                + "  OPENED"));
        for (var s : sessions) {
            var opened = s.openedAt();
            var ago = opened == null ? "" : Amounts.time(Duration.between(opened, now)) + " ago";
            var words = verdictWords(s);
            lines.add(
                    s.id()
                            + "  "
                            + Cells.left(Cells.harmless(s.agent()), agent, style)
                            + "  "
                            + verdict(s, style)
                            + " ".repeat(Math.max(0, 24 - Cells.width(words)))
                            + "  "
                            + Cells.right(Amounts.count(s.usage().tokens()), 9, style)
                            + "  "
                            + Cells.right(Amounts.cost(s.costMicros()), 12, style)
                            + "  "
                            + ago);
        }
        return lines;
    }
}
