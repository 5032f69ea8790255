package dev.remit.server;

import dev.remit.hands.vault.VaultException;
import dev.remit.server.home.StartFailure;
import dev.remit.store.database.DatabaseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts whatever prevented a start into one line for the user.
final class StartFailures {
    private static final Logger LOG = LoggerFactory.getLogger(StartFailures.class);

    private StartFailures() {}

    static StartFailure read(RuntimeException e) {
        return switch (e) {
            case StartFailure failure -> failure;
            case DatabaseException database ->
                    new StartFailure(
                            database.kind() == DatabaseException.Kind.BAD_ADDRESS
                                    ? StartFailure.USAGE
                                    : StartFailure.TROUBLE,
                            String.valueOf(database.getMessage()));
            case VaultException vault -> new StartFailure(String.valueOf(vault.getMessage()));
            default -> {
                LOG.error("the server failed", e);
                yield new StartFailure(
                        "the server failed, which is a defect: "
                                + e.getClass().getSimpleName()
                                + "; logs/server.log in the state folder says where");
            }
        };
    }
}
