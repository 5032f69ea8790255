package dev.remit.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events (WHATWG HTML, section 9.2) off a stream of bytes.
final class EventReader implements AutoCloseable {
    /// An event larger than this is refused.
    private static final int MOST_BYTES = 64 << 20;

    private final InputStream in;
    private volatile long heardAt = System.nanoTime();

    private final int most;

    EventReader(InputStream in) {
        this(in, MOST_BYTES);
    }

    /// @param most bytes of one event
    EventReader(InputStream in, int most) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.most = most;
    }

    /// @param id absent if the event has none
    record Sent(@Nullable String id, String type, String data) {}

    /// The next event, blocking; null at the end of the stream. An event that the end cut off is
    /// dropped, as the standard says.
    @Nullable Sent next() throws IOException {
        String id = null;
        var type = "message";
        var data = new StringBuilder();
        boolean any = false;
        while (true) {
            var line = line();
            if (line == null) {
                return null;
            }
            if (line.isEmpty()) {
                if (any) {
                    return new Sent(id, type, data.toString());
                }
                continue;
            }
            int colon = line.indexOf(':');
            if (colon == 0) {
                continue;
            }
            var field = colon < 0 ? line : line.substring(0, colon);
            var value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "id" -> id = value;
                case "event" -> type = value;
                case "data" -> {
                    data.append(any ? "\n" : "").append(value);
                    any = true;
                    if (data.length() > most) {
                        throw new IOException("an event of more than " + most + " bytes");
                    }
                }
                default -> {}
            }
        }
    }

    /// When the last line came, in [System#nanoTime]; heartbeats count.
    long heardAt() {
        return heardAt;
    }

    private @Nullable String line() throws IOException {
        var bytes = new ByteArrayOutputStream(256);
        while (true) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            if (b == '\n') {
                heardAt = System.nanoTime();
                var text = bytes.toString(StandardCharsets.UTF_8);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (bytes.size() >= most) {
                throw new IOException("a line of more than " + most + " bytes");
            }
            bytes.write(b);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
