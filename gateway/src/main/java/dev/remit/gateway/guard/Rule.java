package dev.remit.gateway.guard;

import dev.remit.core.settings.Settings.Guard;
import dev.remit.core.settings.Settings.Guard.Mode;
import dev.remit.gateway.guard.Guarding.Found;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A configured guard: what is looked for, and what becomes of it.
record Rule(Guard settings, Guarding guarding) {
    boolean isOn(String route) {
        return settings.routes().isEmpty() || settings.routes().contains(route);
    }

    Mode mode() {
        return settings.mode();
    }

    /// Tells of what was found.
    ///
    /// @throws Blocked if that must not pass
    void tell(List<Found> all, String where, Consumer<Finding> findings) throws Blocked {
        for (var one : all) {
            tell(one.what(), where, findings);
        }
    }

    void tell(String what, String where, Consumer<Finding> findings) throws Blocked {
        findings.accept(new Finding(settings.name(), mode(), what, where));
        if (mode() == Mode.BLOCK) {
            throw new Blocked(
                    settings.name(),
                    "blocked by the guard \"" + settings.name() + "\": " + what + " at " + where);
        }
    }

    /// What is too large cannot be masked, so it is blocked.
    void size(long bytes, String where, Consumer<Finding> findings) throws Blocked {
        if (guarding.isTooMuch(bytes)) {
            tell("size", where, findings);
            if (mode() == Mode.MASK) {
                throw new Blocked(
                        settings.name(),
                        "blocked by the guard \""
                                + settings.name()
                                + "\": larger than "
                                + settings.bytes()
                                + " bytes");
            }
        }
    }

    /// @return the text with what was found masked; the same one if nothing was, or it may pass
    String text(String field, String text, String where, Consumer<Finding> findings)
            throws Blocked {
        var found = guarding.find(field, text);
        if (found.isEmpty()) {
            return text;
        }
        tell(found, where, findings);
        return mode() == Mode.MASK ? masked(text, found) : text;
    }

    static String masked(String text, List<Found> found) {
        var out = new StringBuilder(text.length());
        int done = 0;
        for (var one : found) {
            out.append(text, done, one.start()).append(one.mask());
            done = one.end();
        }
        return out.append(text, done, text.length()).toString();
    }

    @Nullable SecretsGuarding secrets() {
        return guarding instanceof SecretsGuarding secrets ? secrets : null;
    }
}
