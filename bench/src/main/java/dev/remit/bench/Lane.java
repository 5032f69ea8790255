package dev.remit.bench;

import java.sql.SQLException;

/// One session that is appended to, step after step, by one thread. A step is the end of an action
/// and the start of the next, 1 KB each.
interface Lane extends AutoCloseable {
    void step() throws SQLException;

    @Override
    void close() throws SQLException;
}
