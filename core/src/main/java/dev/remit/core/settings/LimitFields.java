package dev.remit.core.settings;

import dev.remit.core.identity.Key;
import dev.remit.core.text.Fields;

/// `requests_per_minute`, `tokens_per_minute` and `at_once`.
final class LimitFields {
    private LimitFields() {}

    static Key.Limits read(Fields fields) {
        return new Key.Limits(
                fields.integer("requests_per_minute", 1L, 1_000_000_000L, 0L),
                fields.integer("tokens_per_minute", 1L, 1_000_000_000_000L, 0L),
                fields.integer("at_once", 1, 1_000_000, 0));
    }
}
