package dev.remit.http.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ServerSocketFactory;

/// A server that says exactly the bytes a test wants, and sees when the other side hangs up.
final class RawServer implements AutoCloseable {
    /// Answers one request on one connection; afterwards the connection is closed.
    interface Script {
        void answer(String request, OutputStream out, Socket socket) throws Exception;
    }

    private final ServerSocket server;
    private final Script script;
    final List<String> requests = new CopyOnWriteArrayList<>();
    final CountDownLatch hungUp = new CountDownLatch(1);

    RawServer(Script script) throws IOException {
        this(script, ServerSocketFactory.getDefault());
    }

    RawServer(Script script, ServerSocketFactory sockets) throws IOException {
        this.script = script;
        this.server = listen(sockets);
        Thread.ofVirtual().start(this::accept);
    }

    static ServerSocket listen(ServerSocketFactory sockets) throws IOException {
        for (int port = 20_000; port < 32_000; port += 7) {
            try {
                return sockets.createServerSocket(port, 1024, InetAddress.getLoopbackAddress());
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IOException("no free port");
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var request = read(new BufferedInputStream(socket.getInputStream()));
            requests.add(request);
            script.answer(request, socket.getOutputStream(), socket);
        } catch (Exception hungUpOrEnded) {
            hungUp.countDown();
        }
    }

    /// Waits until the other side has closed its end, and ends the script with that.
    static void awaitHangUp(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            continue;
        }
        throw new IOException("hung up");
    }

    static String read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            var b = in.read();
            if (b < 0) {
                throw new IOException("no request");
            }
            head.write(b);
            if (head.size() == 1 && b == 0x16) { // the start of a TLS handshake
                return "";
            }
        }
        var text = head.toString(StandardCharsets.ISO_8859_1);
        var length =
                text.lines()
                        .filter(l -> l.toLowerCase().startsWith("content-length:"))
                        .mapToInt(l -> Integer.parseInt(l.substring(15).strip()))
                        .findFirst()
                        .orElse(0);
        return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    static void chunk(OutputStream out, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        say(out, Integer.toHexString(bytes.length) + "\r\n");
        out.write(bytes);
        say(out, "\r\n");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
