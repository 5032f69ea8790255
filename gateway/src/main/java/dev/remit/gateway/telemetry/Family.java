package dev.remit.gateway.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Figures of one name that differ in their labels. Their number is bounded: what comes beyond is
/// counted under labels of `other`, so that no client can fill the memory with names.
final class Family<T> {
    private static final String OTHER = "other";
    private static final int MOST = 500;

    final String name;
    final String help;
    final List<String> labels;
    private final Supplier<T> maker;
    private final Map<Labels, T> figures = new ConcurrentHashMap<>();

    /// Values of labels; quicker to look up than a list.
    private static final class Labels {
        final String[] values;
        final int hash;

        Labels(String... values) {
            this.values = values;
            this.hash = Arrays.hashCode(values);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Labels labels && Arrays.equals(values, labels.values);
        }
    }

    Family(String name, String help, List<String> labels, Supplier<T> maker) {
        this.name = name;
        this.help = help;
        this.labels = labels;
        this.maker = maker;
    }

    /// @param values as many as there are labels
    T of(String... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(name + " has the labels " + labels);
        }
        var key = new Labels(values);
        var known = figures.get(key);
        if (known != null) {
            return known;
        }
        if (figures.size() >= MOST) {
            var others = new String[values.length];
            Arrays.fill(others, OTHER);
            key = new Labels(others);
        }
        return figures.computeIfAbsent(key, labels -> maker.get());
    }

    /// By their labels as Prometheus writes them, such as `{route="fast"}`; empty without labels.
    Map<String, T> all() {
        var all = new TreeMap<String, T>();
        figures.forEach((key, figure) -> all.put(text(key), figure));
        return all;
    }

    private String text(Labels key) {
        var text = new StringBuilder();
        for (int i = 0; i < key.values.length; i++) {
            text.append(i == 0 ? "" : ",").append(labels.get(i)).append("=\"");
            text.append(escaped(key.values[i])).append('"');
        }
        return text.toString();
    }

    static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
