package dev.remit.gateway.fake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/// One message of AWS's binary event streams: a prelude of two lengths with its own checksum,
/// headers, a payload, and a checksum over all of it. Numbers are big-endian.
///
/// Source: "Amazon event stream encoding" in AWS's documentation of Transcribe streaming, and the
/// Smithy specification `vnd.amazon.eventstream`.
final class EventFrame {
    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    private static final byte TEXT = 7;

    private EventFrame() {}

    static byte[] event(String type, byte[] json) {
        var headers = new LinkedHashMap<String, String>();
        headers.put(":event-type", type);
        headers.put(":content-type", "application/json");
        headers.put(":message-type", "event");
        return frame(headers, json);
    }

    static byte[] exception(String type, byte[] json) {
        var headers = new LinkedHashMap<String, String>();
        headers.put(":exception-type", type);
        headers.put(":content-type", "application/json");
        headers.put(":message-type", "exception");
        return frame(headers, json);
    }

    private static byte[] frame(Map<String, String> headers, byte[] payload) {
        var written = headers(headers);
        var frame = new byte[PRELUDE + written.length + payload.length + CHECKSUM];
        var into = ByteBuffer.wrap(frame).putInt(frame.length).putInt(written.length);
        into.putInt(checksum(frame, into.position()));
        into.put(written).put(payload);
        into.putInt(checksum(frame, into.position()));
        return frame;
    }

    private static int checksum(byte[] frame, int length) {
        var crc = new CRC32();
        crc.update(frame, 0, length);
        return (int) crc.getValue();
    }

    private static byte[] headers(Map<String, String> headers) {
        int length = 0;
        for (var header : headers.entrySet()) {
            length += 4 + header.getKey().length() + header.getValue().length();
        }
        var written = ByteBuffer.allocate(length);
        for (var header : headers.entrySet()) {
            var name = header.getKey().getBytes(StandardCharsets.US_ASCII);
            var value = header.getValue().getBytes(StandardCharsets.US_ASCII);
            written.put((byte) name.length).put(name).put(TEXT);
            written.putShort((short) value.length).put(value);
        }
        return written.array();
    }
}
