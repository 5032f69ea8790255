package dev.remit.bench.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One connection of the load generator: sends the same bytes again and again and reads the answers
/// with as little work as can be, so that what is measured is the other side.
public final class Wire implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private final byte[] request;
    private final byte[] buffer = new byte[64 << 10];
    private int from;
    private int to;

    Wire(int port, byte[] request) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.request = request;
    }

    /// A POST of a JSON body.
    public static byte[] post(int port, String path, String key, String body, String... headers) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder();
        head.append("POST ").append(path).append(" HTTP/1.1\r\n");
        head.append("Host: 127.0.0.1:").append(port).append("\r\n");
        head.append("Authorization: Bearer ").append(key).append("\r\n");
        head.append("Content-Type: application/json\r\n");
        for (var header : headers) {
            head.append(header).append("\r\n");
        }
        head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
        var start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        var whole = new byte[start.length + bytes.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(bytes, 0, whole, start.length, bytes.length);
        return whole;
    }

    /// What came of a request.
    ///
    /// @param firstNanos until the first byte of the body
    record Answer(int status, long firstNanos, long totalNanos, int bodyBytes) {}

    Answer call() throws IOException {
        long start = System.nanoTime();
        out.write(request);
        var head = head();
        var status = Integer.parseInt(head.substring(9, 12));
        long first = 0;
        int body = 0;
        var length = header(head, "content-length");
        if (length != null) {
            int left = Integer.parseInt(length);
            while (left > 0) {
                int piece = Math.min(left, available());
                first = first == 0 ? System.nanoTime() - start : first;
                from += piece;
                left -= piece;
                body += piece;
            }
        } else if ("chunked".equals(header(head, "transfer-encoding"))) {
            for (int size = chunk(); size > 0; size = chunk()) {
                int left = size + 2;
                while (left > 0) {
                    int piece = Math.min(left, available());
                    first = first == 0 ? System.nanoTime() - start : first;
                    from += piece;
                    left -= piece;
                }
                body += size;
            }
            line();
        } else {
            throw new IOException("an answer of unknown length: " + head);
        }
        return new Answer(status, first, System.nanoTime() - start, body);
    }

    private int available() throws IOException {
        if (from == to) {
            from = 0;
            to = in.read(buffer);
            if (to <= 0) {
                to = 0;
                throw new IOException("the connection ended");
            }
        }
        return to - from;
    }

    private String head() throws IOException {
        var text = new StringBuilder(256);
        while (true) {
            var line = line();
            if (line.isEmpty()) {
                return text.toString();
            }
            text.append(line).append('\n');
        }
    }

    private String line() throws IOException {
        var text = new StringBuilder(64);
        while (true) {
            available();
            var b = buffer[from++];
            if (b == '\n') {
                return text.toString();
            }
            if (b != '\r') {
                text.append((char) b);
            }
        }
    }

    private int chunk() throws IOException {
        var line = line();
        int end = line.indexOf(';');
        return Integer.parseInt((end < 0 ? line : line.substring(0, end)).strip(), 16);
    }

    private static @Nullable String header(String head, String name) {
        for (var line : head.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
                return line.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
