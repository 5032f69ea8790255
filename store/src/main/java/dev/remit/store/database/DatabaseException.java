package dev.remit.store.database;

import dev.remit.core.session.Unavailable;
import org.jspecify.annotations.Nullable;

/// The database cannot be used. The message says what was expected, what came and what to do; it
/// never holds a password.
public final class DatabaseException extends Unavailable {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /// What is the matter.
    public enum Kind {
        /// The address is not one.
        BAD_ADDRESS,
        /// Nobody answers there, or it is broken.
        NOT_REACHABLE,
        WRONG_PASSWORD,
        /// The server has no such database.
        NO_SUCH_DATABASE,
        /// The server is too old.
        WRONG_SERVER_VERSION,
        /// The server would lose what it has acknowledged.
        UNSAFE_SETTINGS,
        /// A newer Remit has changed the tables.
        NEWER_SCHEMA,
        /// The server did not accept a statement.
        REFUSED,
        /// The tables could not be created or changed.
        MIGRATION_FAILED,
        /// Embedded: somebody listens on the port.
        PORT_TAKEN,
        /// Embedded: the disk is full.
        NO_ROOM,
        /// Embedded: the data was written by another major version.
        OTHER_MAJOR_VERSION,
        /// Embedded: the data belongs to another user of this machine.
        OTHER_OWNER,
        /// Embedded: another process uses the data.
        IN_USE,
        /// Embedded: this machine lacks something that is needed.
        NOT_INSTALLED,
        /// Embedded: it does not start, for another reason.
        START_FAILED
    }

    public DatabaseException(Kind kind, String message) {
        this(kind, message, null);
    }

    public DatabaseException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /// A statement that the server refused, it will refuse again.
    @Override
    public boolean mayPass() {
        return kind != Kind.REFUSED;
    }
}
