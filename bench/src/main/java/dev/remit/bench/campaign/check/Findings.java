package dev.remit.bench.campaign.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Collects what is found.
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private final Map<String, Long> notes = new TreeMap<>();

    void add(Finding.Kind kind, String session, String what) {
        all.add(new Finding(kind, session, what));
    }

    void note(String what, long count) {
        if (count > 0) {
            notes.merge(what, count, Long::sum);
        }
    }

    List<Finding> all() {
        return List.copyOf(all);
    }

    Map<String, Long> notes() {
        return java.util.Collections.unmodifiableMap(notes);
    }
}
