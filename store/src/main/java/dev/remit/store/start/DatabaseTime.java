package dev.remit.store.start;

import dev.remit.store.database.Database;
import dev.remit.store.session.Parameters;
import java.time.Instant;
import java.time.InstantSource;

/// The database's clock, asked each time: nodes whose own clocks differ fire at the same moment.
public final class DatabaseTime implements InstantSource {
    private final Database database;

    public DatabaseTime(Database database) {
        this.database = database;
    }

    @Override
    public Instant instant() {
        return database.with(connection -> {
            try (var select = connection.prepareStatement("SELECT clock_timestamp()")) {
                return Parameters.list(select, row -> ScheduleRows.required(row, 1)).getFirst();
            }
        });
    }
}
