package dev.remit.store.session;

import dev.remit.store.database.DatabaseAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Stands between a client and the database and breaks connections where a test wants it.
public final class Relay implements AutoCloseable {
    /// Where the next connection that carries the word breaks.
    public enum Break {
        NOWHERE,
        /// The server never gets it.
        BEFORE_THE_SERVER,
        /// The server does it; the client never hears of it.
        BEFORE_THE_ANSWER,
        /// The client hears nothing and is cut off; the server gets it when the test says so.
        LATE
    }

    private final ServerSocket listening;
    private final DatabaseAddress target;
    private final String word;
    private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch late = new CountDownLatch(1);
    private volatile Break at = Break.NOWHERE;
    private volatile boolean cut;

    public Relay(DatabaseAddress target, String word) throws IOException {
        this.target = target;
        this.word = word;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public DatabaseAddress address() {
        return new DatabaseAddress(
                "127.0.0.1:" + listening.getLocalPort(),
                target.database(),
                target.user(),
                target.password(),
                target.options());
    }

    public void breakNext(Break where) {
        at = where;
    }

    /// Whether it broke where it was told to.
    public boolean hasBroken() {
        return at == Break.NOWHERE;
    }

    /// Breaks all connections and lets nobody in until [#heal].
    public void cut() throws IOException {
        cut = true;
        for (var socket : List.copyOf(sockets)) {
            socket.close();
        }
    }

    public void heal() {
        cut = false;
    }

    /// Lets what was held back reach the server, and waits until the server has answered it.
    public void deliver() throws InterruptedException {
        release.countDown();
        late.await();
    }

    private void accept() {
        try {
            while (true) {
                var client = listening.accept();
                if (cut) {
                    client.close();
                    continue;
                }
                var parts = target.hosts().split(":");
                var server = new Socket(parts[0], Integer.parseInt(parts[1]));
                server.setTcpNoDelay(true);
                client.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                var pair = new Pair(client, server);
                Thread.ofVirtual().start(pair::toServer);
                Thread.ofVirtual().start(pair::toClient);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private final class Pair {
        private final Socket client;
        private final Socket server;
        private volatile boolean mute;

        Pair(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void toServer() {
            try {
                InputStream from = client.getInputStream();
                OutputStream to = server.getOutputStream();
                var buffer = new byte[1 << 16];
                for (int n; (n = from.read(buffer)) > 0; ) {
                    boolean hit =
                            new String(buffer, 0, n, java.nio.charset.StandardCharsets.ISO_8859_1)
                                    .contains(word);
                    var here = hit ? at : Break.NOWHERE;
                    if (here != Break.NOWHERE) {
                        at = Break.NOWHERE;
                    }
                    switch (here) {
                        case NOWHERE -> to.write(buffer, 0, n);
                        case BEFORE_THE_SERVER -> {
                            client.close();
                            server.close();
                            return;
                        }
                        case BEFORE_THE_ANSWER -> {
                            mute = true;
                            to.write(buffer, 0, n);
                        }
                        case LATE -> {
                            mute = true;
                            client.close();
                            release.await();
                            to.write(buffer, 0, n);
                            return;
                        }
                    }
                }
                server.close();
            } catch (IOException e) {
                closeBoth();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void toClient() {
            try {
                InputStream from = server.getInputStream();
                OutputStream to = client.getOutputStream();
                var buffer = new byte[1 << 16];
                for (int n; (n = from.read(buffer)) > 0; ) {
                    if (mute) {
                        closeBoth();
                        late.countDown();
                        return;
                    }
                    to.write(buffer, 0, n);
                }
                client.close();
            } catch (IOException e) {
                closeBoth();
            }
        }

        private void closeBoth() {
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (var socket : List.copyOf(sockets)) {
            socket.close();
        }
    }
}
