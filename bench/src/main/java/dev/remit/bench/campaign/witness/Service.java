package dev.remit.bench.campaign.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/// A small HTTP server that can also misbehave: cut a connection before or within an answer.
final class Service implements AutoCloseable {
    private static final int IDLE_MILLIS = 60_000;
    private static final int BACKLOG = 1000;

    private final ServerSocket socket;
    private final Work work;

    /// What a service does.
    @FunctionalInterface
    interface Work {
        Said on(Heard request) throws InterruptedException;
    }

    /// What a service answers.
    sealed interface Said {
        record Whole(int status, List<String> headers, String type, String body) implements Said {}

        /// The connection is reset and nothing is said.
        record Nothing() implements Said {}
    }

    Service(int port, Work work) throws IOException {
        this.work = work;
        this.socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress("0.0.0.0", port), BACKLOG);
        Thread.ofPlatform().name("service " + port).start(this::accept);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                // closed, or too many files: the next one
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            connection.setSoTimeout(IDLE_MILLIS);
            var in = new BufferedInputStream(connection.getInputStream());
            for (var request = Heard.read(in); request != null; request = Heard.read(in)) {
                switch (work.on(request)) {
                    case Said.Nothing nothing -> {
                        connection.setSoLinger(true, 0);
                        return;
                    }
                    case Said.Whole whole -> write(whole, connection.getOutputStream());
                }
                if (request.headers().getOrDefault("connection", "").equalsIgnoreCase("close")) {
                    return;
                }
            }
        } catch (IOException e) {
            // the other side is gone, or behind a partition; what was done is in the journal
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(Said.Whole whole, OutputStream out) throws IOException {
        var body = whole.body().getBytes(UTF_8);
        var head =
                new StringBuilder("HTTP/1.1 ")
                        .append(whole.status())
                        .append(" .\r\nContent-Type: ")
                        .append(whole.type());
        whole.headers().forEach(h -> head.append("\r\n").append(h));
        head.append("\r\nContent-Length: ").append(body.length).append("\r\n\r\n");
        out.write(head.toString().getBytes(UTF_8));
        out.write(body);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
