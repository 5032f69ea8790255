package dev.remit.bench.campaign.witness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTTP message, whole: a request or an answer.
///
/// @param first the request line or the status line
/// @param headers by name in lower case
public record Heard(String first, Map<String, String> headers, String body) {
    private static final int LONGEST_LINE = 64 << 10;
    private static final int LARGEST = 64 << 20;

    /// @return absent if the other side closed before it said anything
    /// @throws IOException if it said half of it
    public static @Nullable Heard read(InputStream in) throws IOException {
        var first = line(in);
        if (first == null || first.isEmpty()) {
            return null;
        }
        var headers = new HashMap<String, String>();
        for (var line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return new Heard(first, Map.copyOf(headers), body(first, headers, in));
    }

    private static String body(String first, Map<String, String> headers, InputStream in)
            throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            return chunks(in);
        }
        var length = headers.get("content-length");
        if (length != null) {
            return new String(exactly(in, Integer.parseInt(length)), UTF_8);
        }
        boolean answer = first.startsWith("HTTP/") && !first.contains(" 204");
        return answer ? new String(in.readAllBytes(), UTF_8) : "";
    }

    private static String chunks(InputStream in) throws IOException {
        var out = new ByteArrayOutputStream();
        while (true) {
            var line = line(in);
            if (line == null) {
                throw new EOFException("cut within a body");
            }
            int size = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
            out.write(exactly(in, size));
            line(in);
            if (size == 0) {
                return out.toString(UTF_8);
            }
        }
    }

    private static byte[] exactly(InputStream in, int size) throws IOException {
        if (size > LARGEST) {
            throw new IOException("a body of " + size + " bytes");
        }
        var bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("cut within a body");
        }
        return bytes;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c; (c = in.read()) != '\n'; ) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.write(c);
            }
            if (line.size() > LONGEST_LINE) {
                throw new IOException("a line without an end");
            }
        }
        return line.toString(ISO_8859_1);
    }

    /// Of an answer; 0 if there is none.
    public int status() {
        var words = first.split(" ", -1);
        return words.length > 1 && words[1].matches("\\d{3}") ? Integer.parseInt(words[1]) : 0;
    }

    /// Of a request, without its query.
    public String path() {
        var words = first.split(" ", -1);
        return words.length > 1 ? words[1].split("\\?", 2)[0] : "";
    }

    /// @throws IllegalArgumentException if it is no JSON
    public Tree json() {
        return Tree.parse(body);
    }
}
