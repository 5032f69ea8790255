package dev.remit.cli.view;

import dev.remit.client.SessionEvent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A session and its children as their events tell: one line each, in the order they began.
public final class Board {
    private final String root;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    public Board(String root) {
        this.root = root;
        rows.put(root, Row.begin(root, 0, "", null));
    }

    /// Takes in one event of any session on the board.
    public void add(SessionEvent event) {
        var row = rows.get(event.session());
        if (row == null) {
            return;
        }
        if (event.type().equals("delegated")) {
            var child = event.body().path("child").asString("");
            rows.putIfAbsent(
                    child,
                    Row.begin(
                            child,
                            row.depth() + 1,
                            called(event.body().path("action").asString("")),
                            event.at()));
        }
        rows.put(event.session(), row.after(event));
    }

    /// A step of a workflow is called by its own name; a tool call by the number of its turn.
    private static String called(String action) {
        return action.isEmpty() || Character.isDigit(action.charAt(0)) ? "" : action;
    }

    public Row root() {
        return row(root);
    }

    public Row row(String session) {
        var row = rows.get(session);
        if (row == null) {
            throw new IllegalArgumentException("not on the board: " + session);
        }
        return row;
    }

    public Collection<Row> rows() {
        return rows.values();
    }

    /// Tokens of the whole family so far. Once it is over, the parent's figure is that of all.
    long tokens() {
        return root().isClosed()
                ? root().tokens()
                : rows.values().stream().mapToLong(r -> r.tokens() + r.writing()).sum();
    }

    /// Cost of the whole family so far; absent if nobody knows.
    @Nullable Long cost() {
        if (root().isClosed()) {
            return root().cost();
        }
        Long sum = null;
        for (var row : rows.values()) {
            var cost = row.cost();
            sum = cost == null ? sum : (Long) (cost + (sum == null ? 0 : sum));
        }
        return sum;
    }

    public List<Row> children() {
        return rows.values().stream().filter(r -> r.depth() > 0).toList();
    }

    /// Those that wait for a person, when nothing else can go on.
    public List<Row> stuck() {
        var waiting = rows.values().stream().filter(Row::needsPerson).toList();
        boolean moves =
                rows.values().stream()
                        .anyMatch(r ->
                                !r.isClosed()
                                        && !r.needsPerson()
                                        && !r.waitingFor().equals("session"));
        return moves ? List.of() : waiting;
    }
}
