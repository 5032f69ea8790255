package dev.remit.store.start;

import dev.remit.core.start.StartReader;
import dev.remit.core.start.TriggerSpec;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/// An agent or workflow that is started by events of one name.
///
/// @param byFolder whether it stands in the file of its agent
/// @param written as its author wrote it
public record Trigger(
        String name,
        long id,
        String agent,
        boolean byFolder,
        String event,
        JsonNode written,
        Instant changedAt,
        String changedBy) {
    /// @throws StartReader.InvalidStart if another version of the program wrote it
    public TriggerSpec spec() {
        return StartReader.trigger(written);
    }
}
