package dev.remit.store.money;

import java.util.Locale;
import java.util.Optional;

/// What rows of the ledger are told apart by. Written as `team`, or `tag:project`.
public sealed interface Dimension {
    /// @param text as `toString` writes it
    static Optional<Dimension> parse(String text) {
        if (text.startsWith("tag:") && text.length() > 4) {
            return Optional.of(new Tag(text.substring(4)));
        }
        for (var field : Field.values()) {
            if (field.toString().equals(text)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /// SQL of its text; a tag has its name as a parameter.
    String sql();

    /// What every row has or can have.
    enum Field implements Dimension {
        TEAM("team"),
        AGENT("agent"),
        /// As it was asked for at the provider.
        MODEL("model"),
        PROVIDER("provider"),
        ROUTE("route"),
        /// Of uses of tools alone.
        TOOL("tool"),
        KEY("key"),
        SESSION("session"),
        /// The nearest of the chain of causes.
        PRINCIPAL("principal"),
        USER("end_user"),
        /// `answered`, `cached`, `cancelled`, `failed`, `refused`, `unattributed`.
        END("lower(ending)"),
        /// In the time zone of the question, such as `2026-11-21`.
        DAY("to_char(local, 'YYYY-MM-DD')"),
        /// Such as `2026-11-21T14:00`.
        HOUR("to_char(local, 'YYYY-MM-DD\"T\"HH24:00')");

        private final String sql;

        Field(String sql) {
            this.sql = sql;
        }

        @Override
        public String sql() {
            return sql;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A tag, by its name.
    record Tag(String name) implements Dimension {
        @Override
        public String sql() {
            return "tags ->> ?";
        }

        @Override
        public String toString() {
            return "tag:" + name;
        }
    }
}
