package dev.remit.hands.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// A request as it came over the wire.
///
/// @param path with its query
/// @param headers by name in lower case
public record Received(String method, String path, Map<String, String> headers, String body) {
    private static final int LARGEST_HEAD = 64 * 1024;
    private static final int LARGEST_BODY = 8 << 20;

    public Received {
        headers = Map.copyOf(headers);
    }

    /// The `Idempotency-Key`; empty if there is none.
    public String key() {
        return headers.getOrDefault("idempotency-key", "");
    }

    static Received read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 0x0d0a0d0a) {
            int next = in.read();
            if (next < 0 || head.size() > LARGEST_HEAD) {
                throw new EOFException("no whole request came");
            }
            head.write(next);
            last = last << 8 | next;
        }
        var lines = head.toString(UTF_8).split("\r\n", -1);
        var first = lines[0].split(" ", 3);
        var headers = new HashMap<String, String>();
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            var header = lines[i].split(":", 2);
            headers.put(header[0].strip().toLowerCase(Locale.ROOT), header[1].strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (length > LARGEST_BODY) {
            throw new IOException("a body of " + length + " bytes is more than is taken here");
        }
        var body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the body was not sent to its end");
        }
        return new Received(first[0], first[1], headers, new String(body, UTF_8));
    }
}
