package dev.remit.bench.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Many who read one session, each over a connection of its own, and note how old the words are
/// when they come; or who never read.
final class Readers implements AutoCloseable {
    private static final int MICROS_A_BUCKET = 100;
    private static final int BUCKETS = 300_000;
    private static final String TEXT = "\"text\":\"";

    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicIntegerArray ages = new AtomicIntegerArray(BUCKETS);
    private final AtomicLong heard = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final CountDownLatch over;
    private final CountDownLatch ready;

    private Readers(int many) {
        over = new CountDownLatch(many);
        ready = new CountDownLatch(many);
    }

    /// A node to read at.
    record Door(int port, String key) {}

    /// @param doors of the nodes, which they go through in turn
    /// @param reading false: they take nothing of what they asked for
    static Readers open(int many, boolean reading, List<Door> doors, String session)
            throws IOException, InterruptedException {
        var readers = new Readers(reading ? many : 0);
        for (int i = 0; i < many; i++) {
            var door = doors.get(i % doors.size());
            int port = door.port();
            var socket = new Socket();
            readers.sockets.add(socket);
            if (!reading) {
                socket.setReceiveBufferSize(4096);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var request =
                    "GET /v1/sessions/"
                            + session
                            + "/events?tokens=true HTTP/1.1\r\nHost: 127.0.0.1:"
                            + port
                            + "\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                            + door.key()
                            + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            if (reading) {
                Thread.ofVirtual().start(() -> readers.read(socket));
            }
        }
        if (!readers.ready.await(60, TimeUnit.SECONDS)) {
            throw new IOException(readers.ready.getCount() + " readers get nothing");
        }
        return readers;
    }

    private void read(Socket socket) {
        try (var in = new Chunks(socket.getInputStream())) {
            boolean first = true;
            var begun = "";
            for (var line = in.line(); line != null; line = in.line()) {
                if (first && line.startsWith("data: ")) {
                    first = false;
                    ready.countDown();
                }
                if (line.startsWith("data: {\"call\"")) {
                    begun = hear(begun, line);
                }
            }
        } catch (IOException e) {
            broken.incrementAndGet();
        } finally {
            over.countDown();
        }
    }

    /// @param begun a word of which not all came before
    /// @return a word of which not all has come
    private String hear(String begun, String line) {
        long now = System.nanoTime();
        var text =
                begun + line.substring(line.indexOf(TEXT) + TEXT.length(), line.lastIndexOf('"'));
        int from = 0;
        for (int end; (end = text.indexOf(' ', from)) > 0; from = end + 1) {
            long said = Long.parseLong(text, from, end, Speaker.RADIX);
            long bucket = (now - said) / 1000 / MICROS_A_BUCKET;
            ages.incrementAndGet(Math.clamp(bucket, 0, BUCKETS - 1));
            heard.incrementAndGet();
        }
        return text.substring(from);
    }

    void awaitEnd() throws InterruptedException, IOException {
        if (!over.await(120, TimeUnit.SECONDS) || broken.get() > 0) {
            throw new IOException(over.getCount() + " never end, " + broken + " broke off");
        }
    }

    /// Words that came, to all of them together.
    long heard() {
        return heard.get();
    }

    /// How old words were when they came, in milliseconds.
    double age(double share) {
        long left = Math.round(share * heard.get());
        for (int i = 0; i < BUCKETS; i++) {
            left -= ages.get(i);
            if (left <= 0) {
                return (i + 1) * MICROS_A_BUCKET / 1000.0;
            }
        }
        return Double.NaN;
    }

    @Override
    public void close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }

    /// Lines of a body in chunks (RFC 9112, section 7.1), behind a head that is left out. Takes
    /// little of the processor, for that is measured on the same machine.
    private static final class Chunks implements AutoCloseable {
        private final InputStream in;
        private final byte[] buffer = new byte[8 << 10];
        private byte[] line = new byte[1 << 10];
        private int next;
        private int filled;
        private int left;
        private boolean end;

        Chunks(InputStream in) throws IOException {
            this.in = in;
            var status = raw();
            if (!status.startsWith("HTTP/1.1 200")) {
                throw new IOException("answered: " + status);
            }
            while (!raw().isEmpty()) {}
        }

        private byte read() throws IOException {
            if (next == filled) {
                filled = in.read(buffer);
                next = 0;
                if (filled <= 0) {
                    throw new IOException("the stream broke off");
                }
            }
            return buffer[next++];
        }

        private String raw() throws IOException {
            var text = new StringBuilder();
            for (byte b = read(); b != '\n'; b = read()) {
                text.append((char) b);
            }
            return text.toString().stripTrailing();
        }

        /// @return null at the end
        @Nullable String line() throws IOException {
            int length = 0;
            while (!end) {
                if (left == 0) {
                    left = Integer.parseInt(raw(), 16);
                    end = left == 0;
                    continue;
                }
                byte b = read();
                if (--left == 0) {
                    raw();
                }
                if (b == '\n') {
                    return new String(line, 0, length, StandardCharsets.UTF_8);
                }
                if (length == line.length) {
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = b;
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
