package dev.remit.bench.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.bench.campaign.witness.Heard;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// Plain HTTP to one of the nodes, a connection a request.
final class Http {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 12_000;

    private final Network network;

    Http(Network network) {
        this.network = network;
    }

    /// @param body in JSON; empty: none
    /// @throws IOException if no whole answer came; the request may have been heard all the same
    Heard send(int node, String method, String path, String key, String body, String... headers)
            throws IOException {
        network.enter(Network.node(node));
        int port = network.port(node);
        try (var socket = new Socket()) {
            socket.setSoTimeout(READ_MILLIS);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            var bytes = body.getBytes(UTF_8);
            var head =
                    new StringBuilder()
                            .append(method + " " + path + " HTTP/1.1\r\n")
                            .append("Host: 127.0.0.1:" + port + "\r\n")
                            .append("Authorization: Bearer " + key + "\r\n")
                            .append("Connection: close\r\n");
            for (var header : headers) {
                head.append(header).append("\r\n");
            }
            if (!body.isEmpty()) {
                head.append("Content-Type: application/json\r\n");
                head.append("Content-Length: " + bytes.length + "\r\n");
            }
            var out = socket.getOutputStream();
            out.write(head.append("\r\n").toString().getBytes(UTF_8));
            out.write(bytes);
            out.flush();
            var heard = Heard.read(new BufferedInputStream(socket.getInputStream()));
            if (heard == null || heard.status() == 0) {
                throw new IOException("no answer");
            }
            return heard;
        }
    }
}
