package dev.remit.core.start;

import dev.remit.core.json.Hash;
import dev.remit.core.model.ModelChoice;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A schedule as its author wrote it.
///
/// @param input of each session
/// @param buffer most fires that wait, where all are kept
/// @param catchUp fires that are later than this, because no node ran, are missed
/// @param jitter each fire is up to this much later than its nominal time, the same for every node
/// @param models absent: what the server uses by itself
public record ScheduleSpec(
        When when,
        JsonNode input,
        Overlap overlap,
        int buffer,
        Duration catchUp,
        Duration jitter,
        @Nullable ModelChoice models) {
    public static final int BUFFER = 100;
    public static final Duration CATCH_UP = Duration.ofHours(1);

    /// When a fire is started: its nominal time and its share of the jitter.
    public Instant due(String schedule, Instant nominal) {
        if (jitter.isZero()) {
            return nominal;
        }
        var dice = ByteBuffer.wrap(Hash.of(schedule + "@" + nominal).bytes()).getLong();
        return nominal.plusMillis(Math.floorMod(dice, jitter.toMillis()));
    }
}
