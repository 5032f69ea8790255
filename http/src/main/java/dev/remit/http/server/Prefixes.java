package dev.remit.http.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What holds at and below a path; the longest one counts.
final class Prefixes<T> {
    private record Entry<T>(String prefix, T value) {}

    private final List<Entry<T>> entries = new ArrayList<>();

    /// @throws IllegalArgumentException if it does not start with a slash, ends with one, or was
    ///   given before
    void add(String prefix, T value) {
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException("expected a prefix such as /v1, not " + prefix);
        }
        int at = 0;
        for (var entry : entries) {
            if (entry.prefix().equals(prefix)) {
                throw new IllegalArgumentException("given twice: " + prefix);
            }
            if (entry.prefix().length() >= prefix.length()) {
                at++;
            }
        }
        entries.add(at, new Entry<>(prefix, value));
    }

    void addAll(Prefixes<T> others) {
        others.entries.forEach(entry -> add(entry.prefix(), entry.value()));
    }

    @Nullable T of(String path) {
        for (var entry : entries) {
            var prefix = entry.prefix();
            if (path.startsWith(prefix)
                    && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
                return entry.value();
            }
        }
        return null;
    }
}
