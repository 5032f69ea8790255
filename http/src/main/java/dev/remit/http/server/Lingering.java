package dev.remit.http.server;

import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// Takes the rest of a request that was refused, and drops it: a connection that is closed while
/// the client still sends loses the answer on its way.
final class Lingering {
    private static final long MOST_BYTES = 256L << 20;
    private static final long MOST_TIME = Duration.ofSeconds(5).toNanos();

    private Lingering() {}

    static void drain(Request request) {
        if (request.getLength() == 0) {
            return;
        }
        long start = System.nanoTime();
        var rest = new byte[8192];
        try (var in = Content.Source.asInputStream(request)) {
            for (long count = 0; count < MOST_BYTES; ) {
                int more = in.read(rest);
                if (more < 0 || System.nanoTime() - start > MOST_TIME) {
                    return;
                }
                count += more;
            }
        } catch (IOException e) {
            // it is gone, which ends it as well
        }
    }
}
