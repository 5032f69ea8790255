package dev.remit.store.archive;

import dev.remit.store.session.Parameters;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sessions that are due, with all below them: a family goes together or not at all.
///
/// @param until those that ended before are due
record Families(Connection connection, Instant until) {
    /// @param root the session without a parent
    record Family(UUID root, String agent, Instant closed, List<UUID> sessions) {}

    /// What goes into one file: families of one agent and one day.
    record Batch(List<UUID> sessions, String fileName, Instant closed) {}

    /// In the order of their ids, which is that of time.
    List<Family> after(@Nullable UUID last, int limit) throws SQLException {
        var roots = new ArrayList<Family>();
        try (var select =
                connection.prepareStatement(
                        """
                        SELECT s.id, s.definition, s.updated_at FROM session s
                        WHERE s.parent IS NULL AND s.closed AND s.id > ? AND s.id < ?
                          AND s.updated_at < ?
                          AND NOT EXISTS (SELECT FROM archived a WHERE a.session = s.id)
                          AND NOT EXISTS (SELECT FROM archive_hold h
                                          WHERE h.session = s.id AND h.since >= ?)
                        ORDER BY s.id LIMIT ?
                        """)) {
            new Parameters(select)
                    .set(last == null ? new UUID(0, 0) : last)
                    .set(bound())
                    .set(until)
                    .set(until)
                    .set(limit);
            var row = select.executeQuery();
            while (row.next()) {
                roots.add(
                        new Family(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                instant(row, 3),
                                List.of()));
            }
        }
        return roots;
    }

    /// What was opened before has ids below this one.
    private UUID bound() {
        return new UUID(Math.max(0, until.toEpochMilli()) << 16, 0);
    }

    List<Batch> batches(List<Family> roots, int most) throws SQLException {
        var byFile = new LinkedHashMap<String, List<Family>>();
        var batches = new ArrayList<Batch>();
        for (var root : roots) {
            var family = whole(root);
            if (family != null) {
                byFile.computeIfAbsent(day(root) + "/" + root.agent(), k -> new ArrayList<>())
                        .add(family);
            }
        }
        for (var families : byFile.values()) {
            var now = new ArrayList<Family>();
            int sessions = 0;
            for (var family : families) {
                if (sessions > 0 && sessions + family.sessions().size() > most) {
                    batches.add(batch(now));
                    now.clear();
                    sessions = 0;
                }
                now.add(family);
                sessions += family.sessions().size();
            }
            batches.add(batch(now));
        }
        return batches;
    }

    private static Batch batch(List<Family> families) {
        var first = families.getFirst();
        var sessions = families.stream().flatMap(f -> f.sessions().stream()).toList();
        var closed = families.stream().map(Family::closed).max(Instant::compareTo).orElseThrow();
        var name =
                day(first)
                        + "/"
                        + first.agent().replaceAll("[^a-zA-Z0-9._-]", "_")
                        + "-"
                        + first.root()
                        // what was restored and goes again goes into a file of its own
                        + "-"
                        + UUID.randomUUID().toString().substring(0, 8)
                        + ".jsonl.gz";
        return new Batch(sessions, name, closed);
    }

    /// On which it was opened, as its id says.
    private static LocalDate day(Family family) {
        long millis =
                ByteBuffer.allocate(Long.BYTES)
                                .putLong(0, family.root().getMostSignificantBits())
                                .getLong(0)
                        >>> 16;
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    /// @return absent if one of them is still open
    private @Nullable Family whole(Family root) throws SQLException {
        var sessions = new ArrayList<UUID>();
        try (var select =
                connection.prepareStatement(
                        """
                        WITH RECURSIVE family AS (
                            SELECT id, closed FROM session WHERE id = ?
                            UNION ALL
                            SELECT s.id, s.closed FROM session s JOIN family f ON s.parent = f.id)
                        SELECT id, closed FROM family
                        """)) {
            new Parameters(select).set(root.root());
            var row = select.executeQuery();
            while (row.next()) {
                if (!row.getBoolean(2)) {
                    return null;
                }
                sessions.add(row.getObject(1, UUID.class));
            }
        }
        return new Family(root.root(), root.agent(), root.closed(), List.copyOf(sessions));
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
