package dev.remit.bench.harness;

import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.List;

/// The figures of one benchmark, in the order in which they are told.
public final class Figures {
    private final String title;
    private final List<Line> lines = new ArrayList<>();

    /// @param title what was measured
    public Figures(String title) {
        this.title = title;
    }

    public void add(Line line) {
        lines.add(line);
    }

    public String table() {
        var text = new StringBuilder(title).append("\n\n");
        lines.forEach(line -> text.append(line.text()).append('\n'));
        return text.toString();
    }

    public String json() {
        return Json.pretty(Json.tree(lines)) + "\n";
    }
}
