package dev.remit.gateway.session;

import dev.remit.gateway.wire.Dialect;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A vendor's signature as a session's log keeps it: with what is needed to hand it back.
///
/// @param origin who made it and alone takes it back
/// @param redacted whether it stands for a thought that the vendor hides
/// @param id of the thought, where the vendor gives one
/// @param call id of the tool call that it belongs to; absent: it belongs to a thought
record Signature(
        Dialect origin,
        boolean redacted,
        @Nullable String id,
        @Nullable String call,
        String value) {
    private static final String FORM = "gw1";
    private static final int FIELDS = 6;

    /// Fields are separated by a character that no vendor uses in them.
    String written() {
        return String.join(
                "|",
                FORM,
                origin.word(),
                redacted ? "1" : "0",
                id == null ? "" : id,
                call == null ? "" : call,
                value);
    }

    /// @return nothing if it is of another form, such as that of a direct call to a vendor
    static Optional<Signature> read(String text) {
        var fields = text.split("\\|", FIELDS);
        if (fields.length != FIELDS || !fields[0].equals(FORM)) {
            return Optional.empty();
        }
        for (var dialect : Dialect.values()) {
            if (dialect.word().equals(fields[1])) {
                return Optional.of(
                        new Signature(
                                dialect,
                                fields[2].equals("1"),
                                orNull(fields[3]),
                                orNull(fields[4]),
                                fields[5]));
            }
        }
        return Optional.empty();
    }

    private static @Nullable String orNull(String field) {
        return field.isEmpty() ? null : field;
    }
}
