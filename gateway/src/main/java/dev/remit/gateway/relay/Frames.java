package dev.remit.gateway.relay;

import dev.remit.http.client.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of Server-Sent Events into its events without losing their bytes, so that they can
/// be passed on as they came.
///
/// Follows the WHATWG HTML standard, section 9.2.6: lines end in CR, LF or CRLF; an empty line ends
/// an event.
final class Frames {
    private final int limit;
    private byte[] buffer = new byte[4096];
    private int from;
    private int to;
    private int seen;
    private boolean emptyLine = true;

    /// @param raw its bytes, the empty line behind it included
    /// @param event absent if it was a comment only
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(byte[] raw, @Nullable SseEvent event) {}

    /// A stream with an event beyond the limit.
    static final class TooLarge extends Exception {
        private static final long serialVersionUID = 1;

        TooLarge(int limit) {
            super("expected events of at most " + limit + " bytes, and more came");
        }
    }

    /// @param limit of one event, in bytes
    Frames(int limit) {
        this.limit = limit;
    }

    void feed(byte[] bytes, int length) throws TooLarge {
        if (to - from + length > limit) {
            throw new TooLarge(limit);
        }
        if (to + length > buffer.length) {
            var needed = to - from + length;
            var target =
                    needed > buffer.length
                            ? new byte[Math.max(needed, Math.min(limit, buffer.length * 2))]
                            : buffer;
            System.arraycopy(buffer, from, target, 0, to - from);
            buffer = target;
            seen -= from;
            to -= from;
            from = 0;
        }
        System.arraycopy(bytes, 0, buffer, to, length);
        to += length;
    }

    /// @return nothing until a whole event has come
    @Nullable Frame next() {
        while (seen < to) {
            var b = buffer[seen];
            if (b == '\r') {
                if (seen + 1 == to) {
                    return null; // a line feed may belong to it
                }
                seen += buffer[seen + 1] == '\n' ? 2 : 1;
            } else if (b == '\n') {
                seen++;
            } else {
                emptyLine = false;
                seen++;
                continue;
            }
            if (emptyLine) {
                var frame = cut();
                if (frame != null) {
                    return frame;
                }
            }
            emptyLine = true;
        }
        return null;
    }

    private @Nullable Frame cut() {
        var raw = Arrays.copyOfRange(buffer, from, seen);
        from = seen;
        return raw.length <= 2 ? null : new Frame(raw, event(raw));
    }

    /// Whether bytes are left that are no whole event.
    boolean isPartial() {
        for (int i = from; i < to; i++) {
            if (buffer[i] != '\n' && buffer[i] != '\r') {
                return true;
            }
        }
        return false;
    }

    private static @Nullable SseEvent event(byte[] raw) {
        String type = "message";
        String data = null;
        var line = 0;
        while (line < raw.length) {
            var end = line;
            while (end < raw.length && raw[end] != '\n' && raw[end] != '\r') {
                end++;
            }
            if (starts(raw, line, end, "data")) {
                var value = value(raw, line + 4, end);
                data = data == null ? value : data + "\n" + value;
            } else if (starts(raw, line, end, "event")) {
                type = value(raw, line + 5, end);
            }
            line = end + 1;
        }
        return data == null ? null : new SseEvent(type, data, "");
    }

    private static boolean starts(byte[] raw, int from, int to, String field) {
        var length = field.length();
        if (to - from < length || (to - from > length && raw[from + length] != ':')) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (raw[from + i] != field.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String value(byte[] raw, int from, int to) {
        var start = from;
        if (start < to) {
            start++; // the colon
        }
        if (start < to && raw[start] == ' ') {
            start++;
        }
        return new String(raw, start, to - start, StandardCharsets.UTF_8);
    }
}
