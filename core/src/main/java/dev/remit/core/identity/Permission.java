package dev.remit.core.identity;

import java.util.Locale;
import java.util.Optional;

/// One thing that a key may be allowed to do. Written as `models:use`.
public enum Permission {
    /// Call models through the gateway.
    MODELS_USE,
    /// See agents, sessions, their logs and what they say.
    SESSIONS_READ,
    /// Open sessions, write to them, cancel them.
    SESSIONS_RUN,
    /// Apply agents and workflows.
    AGENTS_APPLY,
    /// Answer questions about actions.
    APPROVALS_ANSWER,
    /// Stop scopes, resolve doubt, move sessions.
    OPERATIONS_RUN,
    /// See costs, budgets and the ledger.
    MONEY_READ,
    /// Set budgets, correct prices, reconcile.
    MONEY_SET,
    /// Make and revoke keys.
    KEYS_MANAGE,
    /// Put credentials into the vault; nobody reads them.
    CREDENTIALS_PUT,
    /// Change providers, routes and limits; stop the server.
    SERVER_MANAGE,
    /// See the record of who did what.
    AUDIT_READ,
    /// Tell of events that may start sessions, and nothing else.
    EVENTS_SEND;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ':');
    }

    /// @param text as [#toString] writes it
    public static Optional<Permission> find(String text) {
        for (var permission : values()) {
            if (permission.toString().equals(text)) {
                return Optional.of(permission);
            }
        }
        return Optional.empty();
    }
}
