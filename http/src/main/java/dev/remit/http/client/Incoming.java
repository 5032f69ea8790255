package dev.remit.http.client;

import java.io.IOException;
import java.time.Duration;

/// What comes over a connection for one request, and by when it has to come.
///
/// While somebody waits for bytes, the silence counts; while nobody reads, it is not the server
/// that is silent, and only the request's total and [#within] go on.
final class Incoming {
    private final Connection connection;
    private final long silence;
    private final long end;
    private long within = Deadlines.NEVER;
    private boolean began;
    private boolean late;

    Incoming(Connection connection, Timeouts timeouts, long end) {
        this.connection = connection;
        this.silence = timeouts.read().toNanos();
        this.end = end;
    }

    Connection connection() {
        return connection;
    }

    /// From now on bytes must come within that time, whatever came before.
    void within(Duration time) {
        within = Deadlines.after(time.toNanos());
        connection.dueAt(Math.min(within, end));
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        arm();
        connection.write(bytes, offset, length);
    }

    int fill() throws IOException {
        arm();
        return received(connection.fill());
    }

    int readInto(byte[] into, int offset, int most) throws IOException {
        arm();
        return received(connection.readInto(into, offset, most));
    }

    private int received(int count) throws IOException {
        began |= count > 0;
        if (!connection.dueAt(Math.min(within, end))) {
            throw new IOException("cut");
        }
        return count;
    }

    private void arm() throws IOException {
        long due = Math.min(Deadlines.after(silence), Math.min(within, end));
        late = due == end;
        if (!connection.dueAt(due)) {
            throw new IOException("cut");
        }
    }

    /// Whether any byte has come.
    boolean began() {
        return began;
    }

    /// Whether it was the request's total that ended it, if a deadline did.
    boolean ranOut() {
        return late || Deadlines.now() >= end;
    }
}
