package dev.remit.store.start;

import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseAddress;
import dev.remit.store.database.DatabaseException;
import dev.remit.store.session.Relay;
import dev.remit.store.session.Relay.Break;
import dev.remit.store.session.Within;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.Function;

/// A node whose transactions go wrong where a test wants it: a relay stands between it and the
/// database, and knows a commit when it sees one.
final class FaultyNode implements AutoCloseable {
    private final Relay relay;
    private final Database database;
    final PostgresSchedules schedules;
    final PostgresTriggers triggers;

    FaultyNode(DatabaseAddress address, Within sessions) throws IOException {
        var options = new HashMap<>(address.options());
        options.put("prepareThreshold", "0"); // so that COMMIT goes by that word each time
        this.relay =
                new Relay(
                        new DatabaseAddress(
                                address.hosts(),
                                address.database(),
                                address.user(),
                                address.password(),
                                options),
                        "COMMIT");
        this.database = Database.open(relay.address());
        this.schedules = new PostgresSchedules(database, sessions);
        this.triggers = new PostgresTriggers(database, sessions);
    }

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// @param healthy opens sessions
    /// @param rival what another node does in the middle
    /// @return absent: nobody knows what became of it
    <T> Optional<T> attempt(Fault fault, Opener healthy, Runnable rival, Function<Opener, T> work) {
        relay.breakNext(
                switch (fault) {
                    case COMMIT_LOST -> Break.BEFORE_THE_SERVER;
                    case ANSWER_LOST -> Break.BEFORE_THE_ANSWER;
                    default -> Break.NOWHERE;
                });
        try {
            return Optional.of(
                    work.apply(wish -> {
                        disturb(fault, rival);
                        return healthy.open(wish);
                    }));
        } catch (DatabaseException | Died e) {
            return Optional.empty();
        } finally {
            relay.breakNext(Break.NOWHERE);
        }
    }

    private void disturb(Fault fault, Runnable rival) throws Opener.Refused {
        switch (fault) {
            case REFUSED -> throw new Opener.Refused("it does not take that today");
            case DIES -> throw new Died();
            case CUT -> cut();
            case RIVAL -> rival.run();
            case NONE, COMMIT_LOST, ANSWER_LOST -> {}
        }
    }

    private void cut() {
        try {
            relay.cut();
            relay.heal();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        database.close();
        relay.close();
    }
}
