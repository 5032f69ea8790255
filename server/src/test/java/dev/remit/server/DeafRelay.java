package dev.remit.server;

import dev.remit.store.database.DatabaseAddress;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands between a server and its database, and lets notifications get lost: of what PostgreSQL
/// says, messages of the kind `A` ("Message Formats" of its protocol) are dropped by a seeded dice.
final class DeafRelay implements AutoCloseable {
    private static final char NOTIFICATION = 'A';

    private final DatabaseAddress target;
    private final ServerSocket listening;
    private final int percent;
    private final Random dice;
    private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger lost = new AtomicInteger();
    final AtomicInteger passed = new AtomicInteger();

    /// @param percent how many of all are lost
    DeafRelay(DatabaseAddress target, int percent, long seed) throws IOException {
        this.target = target;
        this.percent = percent;
        this.dice = new Random(seed);
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// Encryption would hide what is said.
    String url() {
        return new DatabaseAddress(
                        "127.0.0.1:" + listening.getLocalPort(),
                        target.database(),
                        target.user(),
                        target.password(),
                        Map.of("sslmode", "disable", "gssEncMode", "disable"))
                .toUrl();
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                var parts = target.hosts().split(":");
                var server = new Socket(parts[0], Integer.parseInt(parts[1]));
                server.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> toServer(client, server));
                Thread.ofVirtual().start(() -> toClient(client, server));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void toServer(Socket client, Socket server) {
        try (client;
                server) {
            client.getInputStream().transferTo(server.getOutputStream());
        } catch (IOException e) {
            // one of them has gone
        }
    }

    private void toClient(Socket client, Socket server) {
        try (client;
                server) {
            var from =
                    new DataInputStream(new java.io.BufferedInputStream(server.getInputStream()));
            var to =
                    new DataOutputStream(
                            new java.io.BufferedOutputStream(client.getOutputStream()));
            while (true) {
                int kind = from.readUnsignedByte();
                int length = from.readInt();
                var body = from.readNBytes(length - 4);
                if (kind != NOTIFICATION || !isLost()) {
                    to.writeByte(kind);
                    to.writeInt(length);
                    to.write(body);
                }
                if (from.available() == 0) {
                    to.flush();
                }
            }
        } catch (IOException e) {
            // one of them has gone
        }
    }

    private synchronized boolean isLost() {
        boolean drop = dice.nextInt(100) < percent;
        (drop ? lost : passed).incrementAndGet();
        return drop;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (var socket : List.copyOf(sockets)) {
            socket.close();
        }
    }
}
