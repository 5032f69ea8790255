package dev.remit.store.database;

import dev.remit.store.database.DatabaseException.Kind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/// Tables that a newer program has changed.
///
/// A migration leaves everything as programs before it know it, so these go on working, and start
/// again when they died: that is what lets old nodes and new ones stand side by side.
/// `CompatibleTest` holds each migration to it. One that cannot, such as one that drops a column,
/// says in its name from which version on programs can work with what it leaves behind:
/// `V31__since_24_drop_old_gate.sql`.
final class Newer {
    private static final Pattern SINCE = Pattern.compile("since (\\d+(?:[._]\\d+)*)( .*)?");

    private Newer() {}

    /// @throws DatabaseException of kind `NEWER_SCHEMA` if this program is too old for these tables
    static void check(MigrationInfoService tables, DatabaseAddress address) {
        var newest = newest(tables);
        for (var applied : tables.applied()) {
            var since = applied.getState() == MigrationState.FUTURE_SUCCESS ? since(applied) : null;
            if (since != null && (newest == null || newest.compareTo(since) < 0)) {
                throw new DatabaseException(
                        Kind.NEWER_SCHEMA,
                        "the tables at %s are of version %s, which Remit can work with that knows version %s"
                                        .formatted(address, applied.getVersion(), since)
                                + " at least; this one knows %s. Start a newer Remit."
                                        .formatted(newest));
            }
        }
    }

    /// From which version on programs can work with what that migration leaves behind; absent: all
    /// that could with what was there before.
    static @Nullable MigrationVersion since(MigrationInfo migration) {
        var name = migration.getDescription();
        var matcher = SINCE.matcher(name == null ? "" : name);
        return matcher.matches() ? MigrationVersion.fromVersion(matcher.group(1)) : null;
    }

    /// The newest migration that this program brings along.
    private static @Nullable MigrationVersion newest(MigrationInfoService tables) {
        return Arrays.stream(tables.all())
                .filter(known -> known.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull) // the making of the schema has none
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
