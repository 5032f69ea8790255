package dev.remit.store.money;

import dev.remit.core.identity.SessionId;
import dev.remit.core.money.Attempt;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A row that is to be written.
///
/// @param accounts that its cost comes from
/// @param reserved -1: nothing was
/// @param bare whether its texts are left out, since the database would not have them
record Row(UUID id, Attempt attempt, List<Account> accounts, long reserved, boolean bare) {
    private static final int LONGEST = 2000;

    static Row of(Attempt attempt, List<Account> accounts, long reserved) {
        var id = SessionId.random(InstantSource.system().instant(), ThreadLocalRandom.current());
        return new Row(id.uuid(), attempt, accounts, reserved, false);
    }

    Row withoutTexts() {
        return new Row(id, attempt, accounts, reserved, true);
    }

    long cost() {
        return attempt.cost().micros();
    }

    /// Of a length that a column can have, and of characters that it can hold.
    @Nullable String text(@Nullable String value) {
        return value == null || bare ? null : cut(value);
    }

    String required(String value) {
        return bare ? "" : cut(value);
    }

    private static String cut(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0 || Character.isSurrogate(c) || i >= LONGEST) {
                return mended(value);
            }
        }
        return value;
    }

    private static String mended(String value) {
        var whole = new StringBuilder();
        value.codePoints()
                .limit(LONGEST)
                .map(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF) ? 0xFFFD : c)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
