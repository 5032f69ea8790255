package dev.remit.store.database;

import dev.remit.store.database.DatabaseException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Free ports of the loopback interface, below the range from which outgoing connections are
/// served.
final class Ports {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int TRIES = 200;

    private Ports() {}

    /// @param wanted 0: any
    static int choose(int wanted) {
        if (wanted != 0) {
            if (!isFree(wanted)) {
                throw taken("127.0.0.1:" + wanted);
            }
            return wanted;
        }
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw taken("every port tried from " + FIRST + " to " + LAST);
    }

    static DatabaseException taken(String what) {
        return new DatabaseException(
                Kind.PORT_TAKEN,
                "the database cannot listen on %s: something else does. Stop that, or choose another port, or"
                                .formatted(what)
                        + " none: then a free one is taken.");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
