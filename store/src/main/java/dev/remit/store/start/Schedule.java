package dev.remit.store.start;

import dev.remit.core.start.ScheduleSpec;
import dev.remit.core.start.StartReader;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A schedule as it stands.
///
/// @param byFolder whether it stands in the file of its agent
/// @param written as its author wrote it
/// @param nextAt nominal time of the next fire; absent: there is none
/// @param due when somebody has to look
public record Schedule(
        String name,
        long id,
        String agent,
        boolean byFolder,
        JsonNode written,
        @Nullable Instant nextAt,
        @Nullable Instant due,
        @Nullable Pause pause,
        Instant changedAt,
        String changedBy) {
    /// @param note why, in somebody's words
    public record Pause(Instant at, String by, @Nullable String note) {}

    /// @throws StartReader.InvalidStart if another version of the program wrote it
    public ScheduleSpec spec() {
        return StartReader.schedule(written);
    }
}
