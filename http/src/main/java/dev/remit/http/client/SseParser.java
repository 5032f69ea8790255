package dev.remit.http.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Takes the bytes of an event stream, in whatever pieces they come, and gives its events.
///
/// Follows the WHATWG HTML standard, section 9.2.6 "Interpreting an event stream": lines end in CR,
/// LF or CRLF, one leading byte order mark is dropped, a line that begins with a colon is a
/// comment, an event without data is none, and one that is not ended by an empty line is lost.
final class SseParser {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /// The stream has a line or an event beyond the limit.
    static final class TooLarge extends Exception {
        private static final long serialVersionUID = 1;

        TooLarge() {
            super(null, null, false, false);
        }
    }

    private final int limit;
    private final Consumer<SseEvent> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String id = "";
    private boolean hasData;
    private boolean first = true;
    private boolean afterCarriageReturn;

    /// @param limit of one line in bytes, and of the data of one event in characters
    SseParser(int limit, Consumer<SseEvent> events) {
        this.limit = limit;
        this.events = events;
    }

    void feed(byte[] bytes, int length) throws TooLarge {
        for (int i = 0; i < length; i++) {
            var b = bytes[i];
            var endOfPair = afterCarriageReturn && b == '\n';
            afterCarriageReturn = b == '\r';
            if (endOfPair) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                take(text());
            } else if (line.size() >= limit) {
                throw new TooLarge();
            } else {
                line.write(b);
            }
        }
    }

    private String text() {
        var bytes = line.toByteArray();
        line.reset();
        var start = first && startsWithMark(bytes) ? MARK.length : 0;
        first = false;
        return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    }

    private static boolean startsWithMark(byte[] bytes) {
        return bytes.length >= MARK.length
                && bytes[0] == MARK[0]
                && bytes[1] == MARK[1]
                && bytes[2] == MARK[2];
    }

    private void take(String text) throws TooLarge {
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        var colon = text.indexOf(':');
        if (colon == 0) {
            return;
        }
        var field = colon < 0 ? text : text.substring(0, colon);
        var value = colon < 0 ? "" : text.substring(colon + 1);
        field(field, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void field(String name, String value) throws TooLarge {
        switch (name) {
            case "event" -> type = value;
            case "data" -> {
                if (data.length() + value.length() > limit) {
                    throw new TooLarge();
                }
                data.append(value).append('\n');
                hasData = true;
            }
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    id = value;
                }
            }
            default -> {} // unknown fields are ignored; `retry` is for those who reconnect
        }
    }

    private void dispatch() {
        if (hasData) {
            data.setLength(data.length() - 1);
            events.accept(new SseEvent(type.isEmpty() ? "message" : type, data.toString(), id));
        }
        data.setLength(0);
        hasData = false;
        type = "";
    }
}
