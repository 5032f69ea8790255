package dev.remit.store.money;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.store.database.Database;
import dev.remit.store.session.Node;
import java.util.List;

/// Budgets and the ledger in PostgreSQL, as one node sees them.
///
/// ```
/// var log = PostgresSessionLog.join(database, name, exclusive);
/// var ledger = PostgresLedger.open(database, log.node(), LedgerSettings.USUAL);
/// ledger.rules().replaceConfigured(settings.budgets(), settings.zone());
/// …
/// ledger.close();      // before log.close(): it gives back what the node holds
/// ```
@SuppressWarnings({"UnusedMethod", "DoNotCallSuggester"}) // until its inside lands
public final class PostgresLedger implements Ledger, AutoCloseable {
    private final Database database;

    private PostgresLedger(Database database) {
        this.database = database;
    }

    /// @param node that lives, and is left only after this is closed
    public static PostgresLedger open(Database database, Node node, LedgerSettings settings) {
        throw new UnsupportedOperationException("under construction: lands within the hour");
    }

    public BudgetRules rules() {
        return new BudgetRules(database);
    }

    public LedgerQueries queries() {
        return new LedgerQueries(database);
    }

    /// Tells a listener of thresholds that this node sees passed first, until the result is closed.
    public AutoCloseable listen(BudgetListener listener) {
        throw new UnsupportedOperationException("under construction: lands within the hour");
    }

    @Override
    public Answer reserve(List<Scope> scopes, Money least, Money most) {
        throw new UnsupportedOperationException("under construction: lands within the hour");
    }

    @Override
    public void record(Attempt attempt) {
        throw new UnsupportedOperationException("under construction: lands within the hour");
    }

    @Override
    public void close() {}
}
