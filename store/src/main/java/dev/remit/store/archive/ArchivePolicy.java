package dev.remit.store.archive;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What becomes of closed sessions.
///
/// @param keep how long after its end a session stays in the database
/// @param folder of the files; of several nodes, one that they share. Absent: sessions are deleted
/// @param archiveKeep how long a file stays after the last of its sessions ended; absent: for ever
public record ArchivePolicy(Duration keep, @Nullable Path folder, @Nullable Duration archiveKeep) {}
