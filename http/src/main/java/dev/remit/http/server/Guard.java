package dev.remit.http.server;

/// Looks at every request before it is routed, unknown paths included.
@FunctionalInterface
public interface Guard {
    /// @throws Problem to refuse it
    void check(Exchange exchange);
}
