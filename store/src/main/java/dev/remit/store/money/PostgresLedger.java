package dev.remit.store.money;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseException;
import dev.remit.store.session.Node;
import dev.remit.store.session.Writer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Budgets and the ledger in PostgreSQL, as one node sees them. `docs/money.md` says how they keep
/// what they promise.
///
/// ```
/// var log = PostgresSessionLog.join(database, name, exclusive);
/// var ledger = PostgresLedger.open(database, log.node(), LedgerSettings.USUAL);
/// ledger.rules().replaceConfigured(settings.budgets(), settings.zone());
/// …
/// ledger.close();      // before log.close(): it gives back what the node holds
/// ```
public final class PostgresLedger implements Ledger, AutoCloseable {
    private final Database database;

    private final BooleanSupplier mayStart;
    private final RuleBook book = new RuleBook();
    private final DatabaseClock clock;
    private final Escrow escrow;
    private final LedgerWriter writer;
    private final ExchangeWriter exchanges;
    private final BudgetWatch watch;
    private final Retention retention;
    private volatile boolean closing;

    private PostgresLedger(
            Database database,
            Node node,
            LedgerSettings settings,
            BooleanSupplier mayStart,
            DatabaseClock clock) {
        this.database = database;

        this.mayStart = mayStart;
        this.clock = clock;
        this.escrow =
                new Escrow(
                        new Slices(new Writer(database, node), node.incarnation()),
                        book,
                        clock,
                        node,
                        mayStart,
                        (accounts, amount) -> new HeldMoney(this, accounts, amount),
                        settings.patience());
        this.writer = new LedgerWriter(database, node, settings.rows(), escrow::lookAgain);
        this.exchanges = new ExchangeWriter(database, settings.prompts());
        this.retention = new Retention(settings.retention(), settings.kept());
        this.watch = new BudgetWatch(database, node, book, escrow, retention);
    }

    /// Begins to hold money for a node.
    ///
    /// @param node that lives, and is left only after this is closed
    /// @throws DatabaseException if the database cannot be reached
    public static PostgresLedger open(Database database, Node node, LedgerSettings settings) {
        var clock = new DatabaseClock(System::nanoTime, InstantSource.system());
        return open(database, node, settings, node::mayStart, clock);
    }

    static PostgresLedger open(
            Database database,
            Node node,
            LedgerSettings settings,
            BooleanSupplier mayStart,
            DatabaseClock clock) {
        var ledger = new PostgresLedger(database, node, settings, mayStart, clock);
        ledger.start();
        return ledger;
    }

    private void start() {
        database.with(connection -> {
            book.refresh(connection);
            return true;
        });
        try {
            escrow.start(book.version());
        } catch (SQLException e) {
            throw new DatabaseException(
                    DatabaseException.Kind.NOT_REACHABLE, "the ledger cannot be opened", e);
        }
        writer.start();
        exchanges.start();
        watch.start();
    }

    /// The limits. A change holds on this node and on all others.
    public BudgetRules rules() {
        return new BudgetRules(database);
    }

    public LedgerQueries queries() {
        return new LedgerQueries(database);
    }

    /// Tells a listener of thresholds that this node sees passed first, until the result is closed.
    public AutoCloseable listen(BudgetListener listener) {
        return watch.listen(listener);
    }

    /// How long prompts and answers are kept from now on, and rows of the ledger.
    public void retain(Duration said, Duration rows) {
        retention.keep(said, rows);
    }

    @Override
    public Answer reserve(List<Scope> scopes, Money least, Money most) throws InterruptedException {
        var budgets = book.of(scopes);
        if (budgets.isEmpty()) {
            return new HeldMoney(this, List.of(), most.micros());
        }
        if (closing) {
            return new Unavailable("this server is being shut down");
        }
        var accounts = mayStart.getAsBoolean() ? open(budgets) : null;
        if (accounts != null) {
            long amount = Account.take(accounts, most.micros(), most.micros());
            if (amount >= 0) {
                wakeIfLow(accounts);
                return new HeldMoney(this, accounts, amount);
            }
        }
        var answer = escrow.reserve(scopes, least.micros(), most.micros());
        return answer instanceof Unavailable && !isHard(budgets)
                ? fromWhatIsThere(budgets, most.micros())
                : answer;
    }

    /// The accounts of all of them, if each has one that may be used.
    private @Nullable List<Account> open(List<Budget> budgets) {
        long now = clock.latestMillis();
        var accounts = new ArrayList<Account>(budgets.size());
        for (int i = 0; i < budgets.size(); i++) {
            var account = budgets.get(i).account(now);
            if (account == null) {
                return null;
            }
            accounts.add(account);
        }
        return accounts;
    }

    private static boolean isHard(List<Budget> budgets) {
        for (int i = 0; i < budgets.size(); i++) {
            if (budgets.get(i).rule().hard()) {
                return true;
            }
        }
        return false;
    }

    /// Budgets that only tell never refuse. What cannot be counted now, since the database is away
    /// and nothing of the present window is here, is in the ledger all the same.
    private Answer fromWhatIsThere(List<Budget> budgets, long amount) {
        var accounts = new ArrayList<Account>();
        for (var budget : budgets) {
            var account = budget.account();
            if (account != null && !account.retired) {
                accounts.add(account);
            }
        }
        return Account.take(accounts, amount, amount) < 0
                ? new HeldMoney(this, List.of(), amount)
                : new HeldMoney(this, List.copyOf(accounts), amount);
    }

    private void wakeIfLow(List<Account> accounts) {
        for (int i = 0; i < accounts.size(); i++) {
            if (accounts.get(i).isLow()) {
                escrow.wake();
                return;
            }
        }
    }

    @Override
    public void record(Attempt attempt) {
        write(attempt, List.of(), -1);
    }

    @Override
    public void revise(Revision revision) {
        database.with(connection -> {
            Revisions.write(connection, revision);
            return true;
        });
        escrow.lookAgain();
    }

    void write(Attempt attempt, List<Account> accounts, long reserved) {
        var row = Row.of(attempt, accounts, reserved);
        writer.add(row);
        var exchanged = attempt.exchanged();
        if (exchanged != null) {
            exchanges.add(row.id(), exchanged);
        }
    }

    Escrow escrow() {
        return escrow;
    }

    void wakeEscrow() {
        escrow.wake();
    }

    /// Writes what waits to be written, and gives back what this node holds. Reservations under way
    /// can still be settled; what they hold is lost to their budgets if they are not before the
    /// node leaves.
    @Override
    public void close() {
        closing = true;
        writer.close();
        exchanges.close();
        escrow.close();
        watch.close();
    }
}
