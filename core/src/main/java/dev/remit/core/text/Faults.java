package dev.remit.core.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects faults while a folder is read; reading goes on after each, so that all are found.
public final class Faults {
    private static final int MOST = 200;
    private static final int LONGEST = 600;

    private final Set<Fault> found = new LinkedHashSet<>();

    /// Of a whole file, or of one that is not there.
    public void add(String file, String wrong, String right) {
        found.add(new Fault(file, 0, 0, brief(wrong), brief(right)));
    }

    public void add(String file, Place at, String wrong, String right) {
        found.add(new Fault(file, at.line(), at.column(), brief(wrong), brief(right)));
    }

    private static String brief(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /// Whether there are more than will be shown, so that looking for more is of no use.
    public boolean isEnough() {
        return found.size() > MOST;
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /// In the order of files and lines; bounded.
    public List<Fault> sorted() {
        var sorted = new ArrayList<>(found);
        sorted.sort(
                Comparator.comparing(Fault::file)
                        .thenComparingInt(Fault::line)
                        .thenComparingInt(Fault::column));
        if (sorted.size() <= MOST) {
            return List.copyOf(sorted);
        }
        var first = new ArrayList<>(sorted.subList(0, MOST));
        first.add(
                new Fault(
                        sorted.get(MOST).file(),
                        0,
                        0,
                        "and " + (sorted.size() - MOST) + " more faults",
                        "put these right first"));
        return List.copyOf(first);
    }
}
