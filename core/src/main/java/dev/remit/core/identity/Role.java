package dev.remit.core.identity;

import static dev.remit.core.identity.Permission.*;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A named set of permissions, as a company gives them out.
public enum Role {
    VIEWER(SESSIONS_READ),
    AUTHOR(SESSIONS_READ, SESSIONS_RUN, AGENTS_APPLY, MODELS_USE),
    OPERATOR(SESSIONS_READ, SESSIONS_RUN, OPERATIONS_RUN, MODELS_USE, MONEY_READ),
    APPROVER(SESSIONS_READ, APPROVALS_ANSWER),
    FINANCE(MONEY_READ, MONEY_SET),
    ADMIN(Permission.values()),
    AUDITOR(SESSIONS_READ, MONEY_READ, AUDIT_READ);

    @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
    private final Set<Permission> permissions;

    Role(Permission... permissions) {
        var all = EnumSet.noneOf(Permission.class);
        all.addAll(Set.of(permissions));
        this.permissions = Set.copyOf(all);
    }

    public Set<Permission> permissions() {
        return permissions;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param text as [#toString] writes it
    public static Optional<Role> find(String text) {
        for (var role : values()) {
            if (role.toString().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
