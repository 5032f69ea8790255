package dev.remit.gateway.provider;

import dev.remit.gateway.wire.Garbage;
import dev.remit.http.client.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/// Takes the bytes of an `application/vnd.amazon.eventstream`, in whatever pieces they come, and
/// gives its messages as events: their type, and their payload as data. For one thread.
///
/// A message is: its length and that of its headers, a checksum of these two, headers, payload, a
/// checksum of all before. All numbers are 32 bits, big-endian; checksums are CRC-32. After AWS's
/// "Event stream encoding".
public final class AwsEventStream {
    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    private static final int LARGEST_HEADERS = 128 * 1024;

    private final int limit;
    private final Consumer<SseEvent> events;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    /// @param limit of one message in bytes
    /// @param events is given each message; the type of an exception is its own, such as
    ///   `throttlingException`
    public AwsEventStream(int limit, Consumer<SseEvent> events) {
        this.limit = limit;
        this.events = events;
    }

    /// Takes the next bytes.
    ///
    /// @throws Garbage if they are no event stream, or were damaged on their way
    public void feed(byte[] bytes, int length) throws Garbage {
        waiting.write(bytes, 0, length);
        var all = waiting.toByteArray();
        int at = 0;
        for (int next; (next = whole(all, at)) > 0; at = next) {
            message(all, at, next);
        }
        if (at > 0) {
            waiting.reset();
            waiting.write(all, at, all.length - at);
        }
    }

    /// The transport has ended.
    ///
    /// @throws Garbage if it ended within a message
    public void end() throws Garbage {
        if (waiting.size() > 0) {
            throw new Garbage("the event stream ends within a message");
        }
    }

    /// Where the message ends that begins there; -1 if it is not all there yet.
    private int whole(byte[] all, int at) throws Garbage {
        if (all.length - at < PRELUDE) {
            return -1;
        }
        var prelude = ByteBuffer.wrap(all, at, PRELUDE);
        int length = prelude.getInt();
        int headers = prelude.getInt();
        if (prelude.getInt() != crc(all, at, 8)) {
            throw new Garbage("the event stream was damaged: a prelude's checksum is wrong");
        }
        var least = PRELUDE + CHECKSUM;
        if (length < least
                || length > limit
                || headers < 0
                || headers > LARGEST_HEADERS
                || headers > length - least) {
            throw new Garbage("a message of the event stream has an impossible length");
        }
        return all.length - at < length ? -1 : at + length;
    }

    private void message(byte[] all, int from, int to) throws Garbage {
        var end = to - CHECKSUM;
        if (ByteBuffer.wrap(all, end, CHECKSUM).getInt() != crc(all, from, end - from)) {
            throw new Garbage("the event stream was damaged: a message's checksum is wrong");
        }
        int headers = ByteBuffer.wrap(all, from + 4, 4).getInt();
        var start = from + PRELUDE;
        var named = headers(ByteBuffer.wrap(all, start, headers));
        var payload = start + headers;
        var data = new String(all, payload, end - payload, StandardCharsets.UTF_8);
        events.accept(new SseEvent(type(named), data, ""));
    }

    private static String type(Map<String, String> headers) {
        return switch (headers.getOrDefault(":message-type", "event")) {
            case "exception" -> headers.getOrDefault(":exception-type", "exception");
            case "error" -> headers.getOrDefault(":error-code", "error");
            default -> headers.getOrDefault(":event-type", "message");
        };
    }

    /// Those that are text; of the others only the length matters.
    private static Map<String, String> headers(ByteBuffer bytes) throws Garbage {
        var headers = new HashMap<String, String>();
        try {
            while (bytes.hasRemaining()) {
                var name = text(bytes, bytes.get() & 0xFF);
                switch (bytes.get()) {
                    case 0, 1 -> {} // true, false
                    case 2 -> skip(bytes, 1);
                    case 3 -> skip(bytes, 2);
                    case 4 -> skip(bytes, 4);
                    case 5, 8 -> skip(bytes, 8);
                    case 6 -> skip(bytes, bytes.getShort() & 0xFFFF);
                    case 7 -> headers.put(name, text(bytes, bytes.getShort() & 0xFFFF));
                    case 9 -> skip(bytes, 16);
                    default -> throw new Garbage("a header of the event stream has no known type");
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new Garbage("a header of the event stream is cut off");
        }
        return headers;
    }

    private static void skip(ByteBuffer bytes, int count) {
        bytes.position(bytes.position() + count);
    }

    private static String text(ByteBuffer bytes, int length) {
        var text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static int crc(byte[] bytes, int from, int length) {
        var crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
