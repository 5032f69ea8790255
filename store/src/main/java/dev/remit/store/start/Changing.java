package dev.remit.store.start;

import dev.remit.core.identity.Principal;
import dev.remit.core.json.Json;
import dev.remit.core.start.StartReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Schedules that are made or changed, by an agent's file or by themselves. What has not changed
/// goes on as it was; what waits for its turn goes on waiting.
final class Changing {
    private final Connection connection;
    private final Principal by;
    private final Instant now;

    Changing(Connection connection, Principal by, Instant now) {
        this.connection = connection;
        this.by = by;
        this.now = now;
    }

    /// @param written checked by [StartReader#schedule] already
    void put(String name, String agent, boolean byFolder, JsonNode written) throws SQLException {
        var before = ScheduleRows.lock(connection, name).orElse(null);
        if (before == null) {
            var next = StartReader.schedule(written).when().next(now).orElse(null);
            write(name, agent, byFolder, written, next, Turn.NOTHING_WAITS);
        } else if (!Json.write(before.written()).equals(Json.write(written))) {
            passed(before);
            var next = StartReader.schedule(written).when().next(now).orElse(null);
            write(name, agent, byFolder, written, next, turn(before));
        } else if (before.byFolder() != byFolder || !before.agent().equals(agent)) {
            write(name, agent, byFolder, written, before.nextAt(), turn(before));
        }
    }

    /// What came before it was changed and was not decided about is over with it.
    private void passed(Schedule before) throws SQLException {
        try {
            var pause = before.pause();
            var why =
                    pause == null
                            ? "the schedule was changed before they were started"
                            : "it was paused from " + pause.at() + " by " + pause.by();
            new Passed(connection, before, now).skip("changed", why);
        } catch (StartReader.InvalidStart e) {
            // of another version of the program: nobody here knows its times
        }
    }

    /// Whether anything of a schedule waits for its turn.
    private enum Turn {
        NOTHING_WAITS,
        WAITS,
        PAUSED
    }

    private Turn turn(Schedule schedule) throws SQLException {
        if (schedule.pause() != null) {
            return Turn.PAUSED;
        }
        return ScheduleRows.buffered(connection, schedule.id()).isEmpty()
                ? Turn.NOTHING_WAITS
                : Turn.WAITS;
    }

    private void write(
            String name,
            String agent,
            boolean byFolder,
            JsonNode written,
            @Nullable Instant next,
            Turn turn)
            throws SQLException {
        var due =
                switch (turn) {
                    case WAITS -> now;
                    case PAUSED -> null;
                    case NOTHING_WAITS ->
                            next == null ? null : StartReader.schedule(written).due(name, next);
                };
        ScheduleRows.write(connection, name, agent, byFolder, written, next, due, by, now);
    }
}
