package dev.remit.store;

import dev.remit.store.database.Database;
import dev.remit.store.database.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.UUID;

/// One real PostgreSQL for all tests of this JVM, and as many databases on it as they want.
public final class TestDatabases {
    private static final EmbeddedPostgres SERVER =
            EmbeddedPostgres.start(Path.of("target", "test-postgres").toAbsolutePath());

    private TestDatabases() {}

    public static EmbeddedPostgres server() {
        return SERVER;
    }

    /// A database that nobody else uses, with Remit's tables.
    public static Database fresh() {
        var name = "test_" + UUID.randomUUID().toString().replace("-", "");
        return Database.open(SERVER.database(name));
    }
}
