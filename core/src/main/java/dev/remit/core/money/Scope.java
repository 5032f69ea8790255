package dev.remit.core.money;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whose money it is: what a budget holds for. Written as `team:growth`; the organisation alone as
/// `organisation`.
///
/// @param name empty for the organisation
public record Scope(Kind kind, String name) {
    public static final Scope ORGANISATION = new Scope(Kind.ORGANISATION, "");

    /// What can have a budget.
    public enum Kind {
        ORGANISATION,
        TEAM,
        AGENT,
        SESSION,
        KEY,
        TOOL
    }

    public Scope {
        if ((kind == Kind.ORGANISATION) != name.isEmpty()) {
            throw new IllegalArgumentException("a scope is organisation, or has a name");
        }
    }

    /// @param text as [#toString] writes it
    /// @return nothing if it names no scope
    public static @Nullable Scope parse(String text) {
        if (text.equals("organisation")) {
            return ORGANISATION;
        }
        var colon = text.indexOf(':');
        for (var kind : Kind.values()) {
            if (kind != Kind.ORGANISATION
                    && colon > 0
                    && colon < text.length() - 1
                    && text.substring(0, colon).equals(word(kind))) {
                return new Scope(kind, text.substring(colon + 1));
            }
        }
        return null;
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return kind == Kind.ORGANISATION ? word(kind) : word(kind) + ":" + name;
    }
}
