package dev.remit.gateway.telemetry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads a protocol buffer without its schema: fields by number.
final class Proto {
    private final Map<Integer, List<Object>> fields = new TreeMap<>();

    Proto(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            Object value =
                    switch ((int) (tag & 7)) {
                        case 0 -> varint(in);
                        case 1 -> in.getLong();
                        case 2 -> piece(in, (int) varint(in));
                        case 5 -> (long) in.getInt();
                        default -> throw new IllegalArgumentException("no protocol buffer");
                    };
            fields.computeIfAbsent((int) (tag >>> 3), n -> new ArrayList<>()).add(value);
        }
    }

    private static byte[] piece(ByteBuffer in, int length) {
        var piece = new byte[length];
        in.get(piece);
        return piece;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    List<Proto> messages(int field) {
        return fields.getOrDefault(field, List.of()).stream()
                .map(value -> new Proto((byte[]) value))
                .toList();
    }

    String text(int field) {
        return new String((byte[]) fields.get(field).getFirst(), StandardCharsets.UTF_8);
    }

    String hex(int field) {
        return fields.containsKey(field)
                ? HexFormat.of().formatHex((byte[]) fields.get(field).getFirst())
                : "";
    }

    long number(int field) {
        return fields.containsKey(field) ? (Long) fields.get(field).getFirst() : 0;
    }

    double real(int field) {
        return Double.longBitsToDouble(number(field));
    }

    /// OTLP's key-value pairs, as texts.
    Map<String, String> attributes(int field) {
        var attributes = new TreeMap<String, String>();
        for (var pair : messages(field)) {
            attributes.put(pair.text(1), value(pair.messages(2).getFirst()));
        }
        return attributes;
    }

    private static String value(Proto any) {
        if (any.fields.containsKey(1)) {
            return any.text(1);
        }
        if (any.fields.containsKey(2)) {
            return String.valueOf(any.number(2) != 0);
        }
        if (any.fields.containsKey(3)) {
            return String.valueOf(any.number(3));
        }
        return any.messages(5).getFirst().messages(1).stream()
                .map(Proto::value)
                .toList()
                .toString();
    }
}
