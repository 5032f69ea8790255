package dev.remit.store.money;

import dev.remit.core.money.Ledger.Answer;
import dev.remit.core.money.Ledger.Refused;
import dev.remit.core.money.Ledger.Reservation;
import dev.remit.core.money.Ledger.Unavailable;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.store.session.Node;
import dev.remit.store.session.SqlFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves money between the budgets and this node: ahead of need while there is plenty, exactly what
/// is asked for near the limit, and back what is not used. One thread does all of it, in rounds, on
/// a connection of its own; so each statement serves everybody who waits.
final class Escrow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Escrow.class);

    /// How often money that others may have given back is looked for while somebody waits.
    private static final long RETRY = Duration.ofMillis(10).toNanos();

    /// How often budgets are looked at in any case.
    private static final long BEAT = Duration.ofMillis(500).toNanos();

    /// How often the same round is planned again because others were faster.
    private static final int TRIES = 8;

    /// How long a database may take after the time that a caller waits for money.
    private static final long ANSWERS_WITHIN = Duration.ofSeconds(3).toNanos();

    /// How long to leave a database alone that cannot be reached.
    private static final long PAUSE = Duration.ofMillis(200).toNanos();

    private final Slices slices;
    private final RuleBook book;
    private final DatabaseClock clock;
    private final Node node;
    private final BooleanSupplier mayStart;
    private final Reservations reservations;
    private final long patience;
    private final Thread thread;

    private final Queue<Waiter> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Map<Long, Account> accounts = new ConcurrentHashMap<>();
    private volatile boolean closing;
    private volatile boolean fenced;
    private volatile boolean rulesChanged;
    private volatile boolean look;
    private volatile long downUntil;
    private volatile @Nullable String down;

    // by the thread alone
    private final List<Waiter> waiting = new ArrayList<>();
    private long seq;
    private int nodes = 1;
    private long lookedAt = System.nanoTime() - BEAT;
    private long known;
    private boolean unsure;
    private int failures;

    /// Makes a reservation of what was taken.
    @FunctionalInterface
    interface Reservations {
        Reservation of(List<Account> accounts, long amount);
    }

    Escrow(
            Slices slices,
            RuleBook book,
            DatabaseClock clock,
            Node node,
            BooleanSupplier mayStart,
            Reservations reservations,
            Duration patience) {
        this.slices = slices;
        this.book = book;
        this.clock = clock;
        this.node = node;
        this.mayStart = mayStart;
        this.reservations = reservations;
        this.patience = patience.toNanos();
        this.thread = Thread.ofPlatform().daemon().name("remit-escrow").unstarted(this::run);
    }

    void start(long version) throws SQLException {
        slices.enter(version);
        known = version;
        thread.start();
    }

    Collection<Account> accounts() {
        return accounts.values();
    }

    /// Reserves what cannot be reserved from what this node holds.
    Answer reserve(List<Scope> scopes, long least, long most) throws InterruptedException {
        var trouble = down;
        if (trouble != null && System.nanoTime() - downUntil < 0) {
            return new Unavailable(trouble);
        }
        var waiter = new Waiter(scopes, least, most, System.nanoTime() + patience);
        arrivals.add(waiter);
        if (closing) {
            waiter.give(shuttingDown());
        }
        wake();
        return waiter.await(ANSWERS_WITHIN);
    }

    private static Unavailable shuttingDown() {
        return new Unavailable("this server is being shut down");
    }

    /// Something changed that may let somebody go on, or should be given back.
    void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    /// Another node calls this budget in.
    void tighten(long id) {
        var account = accounts.get(id);
        if (account != null) {
            account.tight = true;
            wake();
        }
    }

    /// More was billed than there was.
    void lookAgain() {
        look = true;
        wake();
    }

    /// The rules may be others than before.
    void rulesChanged() {
        rulesChanged = true;
        wake();
    }

    private void run() {
        while (!closing) {
            woken.set(false);
            try {
                round();
                down = null;
                failures = 0;
            } catch (SQLException e) {
                failed(e);
            } catch (RuntimeException e) {
                LOG.error("budgets cannot be looked after; trying again", e);
                LockSupport.parkNanos(PAUSE);
            }
            if (!woken.get()) {
                LockSupport.parkNanos(this, waiting.isEmpty() && arrivals.isEmpty() ? BEAT : RETRY);
            }
        }
        arrive();
        waiting.forEach(waiter -> waiter.give(shuttingDown()));
    }

    private void failed(SQLException e) {
        unsure = true;
        if (SqlFailure.of(e) == SqlFailure.COLLIDED) {
            return;
        }
        slices.disconnect();
        if (++failures == 1) {
            woken.set(true); // a connection that was lost, perhaps: at once with a new one
            return;
        }
        var message = "the database cannot be asked for money: " + e.getMessage();
        if (down == null) {
            LOG.warn("{}", message);
        }
        downUntil = System.nanoTime() + PAUSE;
        down = message;
        arrive();
        // whoever has waited long enough to have outlived a mere hiccup
        long soon = System.nanoTime() + patience - PAUSE;
        waiting.removeIf(waiter -> waiter.isOverdue(soon) && waiter.give(new Unavailable(message)));
        if (!closing) {
            LockSupport.parkNanos(PAUSE / 4);
        }
    }

    private void arrive() {
        for (var waiter = arrivals.poll(); waiter != null; waiter = arrivals.poll()) {
            waiting.add(waiter);
        }
        waiting.removeIf(Waiter::isAnswered);
    }

    private void round() throws SQLException {
        arrive();
        if (unsure) {
            agree();
        }
        if (rulesChanged) {
            rulesChanged = false;
            look = true;
            readRules();
        }
        long now = System.nanoTime();
        if (look || now - lookedAt > BEAT || clock.latestMillis() == Long.MAX_VALUE) {
            look(accounts.keySet());
            look = false;
            lookedAt = now;
        }
        retire();
        if (!isAlive()) {
            return;
        }
        serve();
        refill();
        giveBack();
        tell();
    }

    /// A node that may not start anything gives no money out; it may be given its time again.
    private boolean isAlive() {
        if (node.isFenced() || fenced) {
            var why = new Unavailable("this node was taken for dead and must be started again");
            waiting.forEach(waiter -> waiter.give(why));
            waiting.clear();
            return false;
        }
        if (!mayStart.getAsBoolean()) {
            long now = System.nanoTime();
            var why = new Unavailable("this node cannot renew its lease");
            waiting.removeIf(waiter -> waiter.isOverdue(now) && waiter.give(why));
            return false;
        }
        return true;
    }

    /// After an answer was lost: what the database says of our slices is the truth.
    private void agree() throws SQLException {
        var truth = slices.truth();
        seq = truth.seq();
        for (var account : accounts.values()) {
            long taken = truth.taken().getOrDefault(account.id, 0L);
            account.free.addAndGet(taken - account.taken);
            account.taken = taken;
        }
        unsure = false;
    }

    private void readRules() throws SQLException {
        var gone = book.refresh(slices.connection());
        if (gone != null) {
            for (var budget : gone) {
                var account = budget.account();
                if (account != null) {
                    account.retired = true;
                }
            }
        }
    }

    /// Says so when the rules hold here: what was called in was given back before.
    private void tell() throws SQLException {
        if (known != book.version()) {
            long version = book.version();
            slices.knows(version);
            known = version;
        }
    }

    private void look(Collection<Long> ids) throws SQLException {
        var asked = clock.ask();
        var seen = slices.look(ids);
        clock.learn(asked, seen.now());
        nodes = seen.nodes();
        seen.budgets().forEach(this::learn);
    }

    private void learn(Slices.Seen seen) {
        var account = accounts.get(seen.id());
        if (account != null) {
            account.cap = seen.cap();
            account.used = seen.used();
            account.tight = seen.tight();
        }
    }

    /// Ends accounts whose window is over, and forgets those that nothing depends on any more.
    private void retire() throws SQLException {
        long now = clock.latestMillis();
        List<Long> done = new ArrayList<>();
        for (var account : accounts.values()) {
            if (now != Long.MAX_VALUE && now >= account.ends) {
                account.retired = true;
            }
            if (account.retired
                    && account.pending.get() == 0
                    && account.free.get() == 0
                    && account.owed.get() == 0
                    && account.watched == account.written) {
                done.add(account.id);
            }
        }
        if (!done.isEmpty()) {
            slices.drop(done);
            accounts.keySet().removeAll(done);
        }
    }

    // serving those who wait

    private void serve() throws SQLException {
        if (waiting.isEmpty()) {
            return;
        }
        open();
        serveFromHere(false);
        for (int i = 0; !waiting.isEmpty() && i < TRIES; i++) {
            var plan = new Plan(nodes);
            int servable = 0;
            for (var waiter : waiting) {
                servable += plan.add(waiter, accounts(waiter)) ? 1 : 0;
            }
            if (servable == 0) {
                break;
            }
            accounts.values().forEach(plan::ahead);
            var wants = plan.wants();
            if (wants.isEmpty() || take(wants)) {
                // less than was wanted only if there is no more to be had
                serveFromHere(wants.isEmpty() || i == TRIES - 1);
            }
        }
        if (!waiting.isEmpty()) {
            decide();
        }
    }

    private List<Account> accounts(Waiter waiter) {
        var all = new ArrayList<Account>();
        for (var budget : book.of(waiter.scopes)) {
            var account = budget.account();
            if (account != null && !account.retired) {
                all.add(account);
            }
        }
        return all;
    }

    /// @param less whether less than was wanted may be given
    private void serveFromHere(boolean less) {
        for (var served = waiting.iterator(); served.hasNext(); ) {
            var waiter = served.next();
            var from = accounts(waiter);
            long amount = Account.take(from, less ? waiter.least : waiter.most, waiter.most);
            if (amount >= 0) {
                var reservation = reservations.of(from, amount);
                if (!waiter.give(reservation)) {
                    reservation.release();
                }
                served.remove();
            }
        }
    }

    /// Opens the accounts that those who wait need.
    private void open() throws SQLException {
        Set<Budget> missing = new HashSet<>();
        for (int i = 0; i < TRIES; i++) {
            missing.clear();
            for (var waiter : waiting) {
                for (var budget : book.of(waiter.scopes)) {
                    if (budget.account(clock.latestMillis()) == null) {
                        missing.add(budget);
                    }
                }
            }
            boolean again = false;
            for (var budget : missing) {
                again |= !open(budget);
            }
            if (!again) {
                return;
            }
            readRules();
        }
    }

    /// @return false if the rules must be read first
    private boolean open(Budget budget) throws SQLException {
        var asked = clock.ask();
        var opened = slices.open(budget, book.version());
        clock.learn(asked, opened.now());
        if (opened.hurdle() != null) {
            if (opened.hurdle() == Slices.Hurdle.NO_RULE) {
                budget.open(null);
            }
            return opened.hurdle() == Slices.Hurdle.NO_RULE;
        }
        var account =
                accounts.computeIfAbsent(
                        opened.id(), id -> new Account(opened.id(), opened.ends()));
        account.free.addAndGet(opened.taken() - account.taken);
        account.taken = opened.taken();
        account.hard = budget.rule().hard();
        account.retired = false;
        learn(opened.seen());
        budget.open(account);
        return true;
    }

    /// @return whether it could be had; if not, what is left is known now
    private boolean take(Map<Long, Long> wants) throws SQLException {
        var moved = move(wants);
        if (moved == null || !moved.fits()) {
            return false;
        }
        wants.forEach((id, amount) -> {
            var account = accounts.get(id);
            if (account != null) {
                account.taken += amount;
                account.used += amount;
                account.free.addAndGet(amount);
            }
        });
        return true;
    }

    private Slices.@Nullable Moved move(Map<Long, Long> amounts) throws SQLException {
        var asked = clock.ask();
        unsure = true; // until the answer is here
        var moved = slices.move(seq + 1, amounts);
        if (!moved.open()) {
            fenced = true;
            unsure = false;
            return null;
        }
        clock.learn(asked, moved.now());
        if (!moved.turn()) {
            agree();
            return null;
        }
        seq++;
        unsure = false;
        moved.budgets().forEach(this::learn);
        return moved;
    }

    /// Nobody here can be served by what is left. Who could not be served if all that is held came
    /// back is refused at once; the others wait for it, for a while.
    private void decide() throws SQLException {
        var ids = new HashSet<Long>();
        for (var waiter : waiting) {
            accounts(waiter).forEach(account -> ids.add(account.id));
        }
        var asked = clock.ask();
        var seen = slices.look(ids);
        clock.learn(asked, seen.now());
        nodes = seen.nodes();
        Map<Long, Slices.Seen> fresh = new HashMap<>();
        for (var budget : seen.budgets()) {
            fresh.put(budget.id(), budget);
            learn(budget);
        }
        long now = System.nanoTime();
        var scarce = new HashSet<Long>();
        waiting.removeIf(waiter -> refuse(waiter, fresh, scarce, now));
        if (!scarce.isEmpty()) {
            scarce.forEach(this::tighten);
            slices.callIn(scarce);
        }
    }

    private boolean refuse(
            Waiter waiter, Map<Long, Slices.Seen> fresh, Set<Long> scarce, long now) {
        for (var budget : book.of(waiter.scopes)) {
            var account = budget.account();
            var seen = account == null ? null : fresh.get(account.id);
            if (account == null || seen == null || !account.hard || account.retired) {
                continue;
            }
            if (Math.max(0, account.free.get()) + account.left() >= waiter.least) {
                continue;
            }
            long settled = seen.used() - seen.held();
            if (seen.cap() - settled < waiter.least || waiter.isOverdue(now)) {
                waiter.give(refusal(budget, account, seen));
                return true;
            }
            if (!account.tight) {
                scarce.add(account.id);
            }
        }
        return false;
    }

    private static Refused refusal(Budget budget, Account account, Slices.Seen seen) {
        return new Refused(
                budget.rule(),
                new Money(Math.max(0, seen.used() - Math.max(0, account.free.get()))),
                new Money(Math.max(0, Math.max(0, account.free.get()) + account.left())),
                account.ends == Long.MAX_VALUE ? null : Instant.ofEpochMilli(account.ends));
    }

    // when nobody waits

    private void refill() throws SQLException {
        long now = System.nanoTime();
        var plan = new Plan(nodes);
        var scarce = new HashSet<Long>();
        var plenty = new HashSet<Long>();
        for (var account : accounts.values()) {
            account.pace.measure(account, now);
            if (account.retired) {
                continue;
            }
            if (!account.tight && Plan.isScarce(account, nodes, 0)) {
                scarce.add(account.id);
                account.tight = true;
            } else if (account.tight && Plan.isPlenty(account, nodes)) {
                plenty.add(account.id);
                account.tight = false;
            }
            plan.ahead(account);
        }
        if (!scarce.isEmpty()) {
            slices.callIn(scarce);
        }
        if (!plenty.isEmpty()) {
            slices.relax(plenty);
        }
        for (var want : plan.wants().entrySet()) {
            take(Map.of(want.getKey(), want.getValue()));
        }
    }

    /// Money that is on its way back counts as given back; if the answer is lost, the truth about
    /// it is found later.
    private void giveBack() throws SQLException {
        var amounts = new HashMap<Long, Long>();
        for (var account : accounts.values()) {
            long back = account.owed.getAndSet(0);
            long excess = Plan.excess(account);
            if (excess > 0) {
                long amount = account.empty();
                long kept = Math.max(0, amount - excess);
                account.free.addAndGet(kept);
                back += amount - kept;
            }
            if (back > 0) {
                account.taken -= back;
                amounts.put(account.id, -back);
            }
        }
        if (!amounts.isEmpty()) {
            var moved = move(amounts);
            if (moved != null && moved.fits()) {
                amounts.forEach((id, amount) ->
                        accounts.computeIfPresent(
                                id,
                                (same, account) -> {
                                    account.used += amount;
                                    return account;
                                }));
            } else {
                unsure = true;
            }
        }
    }

    /// Gives everything back. Callers are refused from now on; what is reserved stays reserved.
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            boolean ended = thread.join(Duration.ofSeconds(5));
            if (ended && !fenced && !node.isFenced()) {
                if (unsure) {
                    agree();
                }
                accounts.values().forEach(account -> account.retired = true);
                giveBack();
                slices.leave();
            }
        } catch (SQLException e) {
            LOG.warn("what this node holds cannot be given back now: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            slices.disconnect();
        }
    }
}
