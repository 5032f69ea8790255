package dev.remit.store.money;

import dev.remit.core.money.Money;
import dev.remit.store.database.Database;
import dev.remit.store.session.Node;
import dev.remit.store.session.Parameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The background of budgets on a connection of its own: hears what other nodes change and call in,
/// finds thresholds that were passed, writes down what dead nodes held, and forgets what is old.
final class BudgetWatch implements AutoCloseable {
    static final String CHANNEL = "remit_budget";

    private static final Logger LOG = LoggerFactory.getLogger(BudgetWatch.class);
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final int BEATS_BETWEEN_CLEANING = 120;

    private final Database database;
    private final Node node;
    private final RuleBook book;
    private final Escrow escrow;
    private final Retention retention;
    private final List<BudgetListener> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final Set<String> told = new HashSet<>();
    private volatile @Nullable Connection connection;
    private volatile boolean closing;
    private long beats;

    BudgetWatch(Database database, Node node, RuleBook book, Escrow escrow, Retention retention) {
        this.database = database;
        this.node = node;
        this.book = book;
        this.escrow = escrow;
        this.retention = retention;
        this.thread = Thread.ofPlatform().daemon().name("remit-budgets").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    AutoCloseable listen(BudgetListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void run() {
        while (!closing) {
            try {
                var open = open();
                beat(open);
                hear(open);
            } catch (SQLException | RuntimeException e) {
                if (!closing) {
                    LOG.warn("budgets cannot be watched: {}", e.getMessage());
                    disconnect();
                    LockSupport.parkNanos(BEAT.toNanos());
                }
            }
        }
    }

    private Connection open() throws SQLException {
        var open = connection;
        if (open == null) {
            open = database.connect(node.applicationName(), Map.of());
            connection = open;
            try (var statement = open.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
            }
            escrow.rulesChanged();
        }
        return open;
    }

    private void beat(Connection open) throws SQLException {
        if (version(open) != book.version()) {
            escrow.rulesChanged();
        }
        var lost = node.isFenced() ? List.<Long>of() : Forfeits.sweep(open);
        watch(open, lost);
        if (beats++ % BEATS_BETWEEN_CLEANING == BEATS_BETWEEN_CLEANING / 2) {
            retention.clean(open);
            Forfeits.forget(open);
        }
    }

    private static long version(Connection open) throws SQLException {
        try (var select = open.prepareStatement("SELECT version FROM budget_rules")) {
            return Parameters.list(select, row -> row.getLong(1)).getFirst();
        }
    }

    /// Until the next beat.
    private void hear(Connection open) throws SQLException {
        var postgres = open.unwrap(PGConnection.class);
        long end = System.nanoTime() + BEAT.toNanos();
        for (long left = BEAT.toMillis(); left > 0 && !closing; ) {
            for (var notification : postgres.getNotifications((int) left)) {
                heard(notification.getParameter());
            }
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    private void heard(String said) {
        if (said.startsWith("tight ")) {
            escrow.tighten(Long.parseLong(said.substring(6)));
        } else {
            escrow.rulesChanged();
        }
    }

    // thresholds

    private record Seen(Account account, long written) {}

    private void watch(Connection open, Collection<Long> lost) throws SQLException {
        var seen = new ArrayList<Seen>();
        var ids = new HashSet<>(lost);
        for (var account : escrow.accounts()) {
            if (account.written != account.watched) {
                seen.add(new Seen(account, account.written));
                ids.add(account.id);
            }
        }
        if (!ids.isEmpty()) {
            for (var budget : spent(open, ids)) {
                tell(open, budget);
            }
        }
        seen.forEach(s -> s.account().watched = s.written());
    }

    /// How much of a budget is spent.
    private record Spent(long id, Budget budget, long cap, long spent, @Nullable Instant renews) {}

    private List<Spent> spent(Connection open, Collection<Long> ids) throws SQLException {
        var all = new ArrayList<Spent>();
        try (var select =
                open.prepareStatement(
                        """
                        SELECT b.id, b.scope, b.span, b.cap,
                               b.used - coalesce((SELECT sum(taken + grown - spent) FROM slice s
                                                  WHERE s.budget = b.id), 0)::bigint,
                               b.ends
                        FROM budget b WHERE b.id = ANY(?::bigint[])
                        """)) {
            new Parameters(select).longs(ids.stream().mapToLong(Long::longValue).toArray());
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    var budget =
                            book.find(
                                    BudgetRules.scope(row.getString(2)),
                                    BudgetRules.window(row.getString(3)));
                    if (budget != null) {
                        var ends = row.getObject(6, OffsetDateTime.class);
                        all.add(
                                new Spent(
                                        row.getLong(1),
                                        budget,
                                        row.getLong(4),
                                        row.getLong(5),
                                        ends.equals(OffsetDateTime.MAX) ? null : ends.toInstant()));
                    }
                }
            }
        }
        return all;
    }

    private void tell(Connection open, Spent budget) throws SQLException {
        for (int threshold : budget.budget().rule().thresholds()) {
            boolean passed =
                    budget.spent() > 0
                            && (double) budget.spent() * 100 >= (double) budget.cap() * threshold;
            if (passed
                    && told.add(budget.id() + "/" + threshold)
                    && isFirst(open, budget, threshold)) {
                var notice =
                        new BudgetListener.Notice(
                                budget.budget().rule(),
                                threshold,
                                new Money(budget.spent()),
                                new Money(budget.cap()),
                                budget.renews());
                listeners.forEach(listener -> tell(listener, notice));
            }
        }
    }

    private static void tell(BudgetListener listener, BudgetListener.Notice notice) {
        try {
            listener.passed(notice);
        } catch (RuntimeException e) {
            LOG.warn("a listener of budgets failed", e);
        }
    }

    private static boolean isFirst(Connection open, Spent budget, int threshold)
            throws SQLException {
        try (var insert =
                open.prepareStatement(
                        """
                        INSERT INTO budget_notice (budget, threshold, spent, cap)
                        VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
                        """)) {
            new Parameters(insert)
                    .set(budget.id())
                    .set(threshold)
                    .set(budget.spent())
                    .set(budget.cap());
            return insert.executeUpdate() > 0;
        }
    }

    private void disconnect() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("a connection that failed cannot be closed", e);
            }
        }
    }

    /// Looks at thresholds a last time.
    @Override
    public void close() {
        closing = true;
        var open = connection;
        try {
            if (open != null) {
                open.abort(Runnable::run);
            }
            thread.join(BEAT.multipliedBy(4));
            disconnect();
            database.<Boolean>with(pooled -> {
                watch(pooled, List.of());
                return true;
            });
        } catch (SQLException | RuntimeException e) {
            LOG.debug("budgets cannot be watched to the end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
