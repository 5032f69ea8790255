package dev.remit.store.money;

import dev.remit.store.database.Database;
import dev.remit.store.session.PostgresSessionLog;
import java.time.Duration;

/// A node of a test: what a server has of the store.
record TestNode(PostgresSessionLog log, PostgresLedger ledger) implements AutoCloseable {
    static final LedgerSettings IMPATIENT =
            LedgerSettings.USUAL.withPatience(Duration.ofSeconds(1));

    static TestNode start(Database database, String name) {
        return start(database, name, IMPATIENT);
    }

    static TestNode start(Database database, String name, LedgerSettings settings) {
        var log = PostgresSessionLog.join(database, name, true);
        return new TestNode(log, PostgresLedger.open(database, log.node(), settings));
    }

    @Override
    public void close() {
        ledger.close();
        log.close();
    }
}
