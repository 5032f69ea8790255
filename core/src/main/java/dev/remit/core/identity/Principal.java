package dev.remit.core.identity;

import java.util.Locale;

/// Who acts.
///
/// @param name unique within its kind, such as `local` or `oncall-copilot.triage`
public record Principal(Kind kind, String name) {
    /// What a principal can be.
    public enum Kind {
        PERSON,
        SERVICE,
        AGENT,
        SCHEDULE,
        WEBHOOK
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ":" + name;
    }
}
