package dev.remit.gateway.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A hash of what stays the same over a conversation. Quick rather than hard to forge: all that
/// hangs on it is which target is likely to have the prompt in its cache.
final class Prefix {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private long tools;
    private long system;
    private long first;

    void tools(byte[] body, Scan.Range range) {
        tools = hash(body, range);
    }

    void system(byte[] body, Scan.Range range) {
        system = hash(body, range);
    }

    void first(byte[] body, Scan.Range range) {
        first = hash(body, range);
    }

    /// The same in whatever order the parts were in the body.
    long value() {
        return mixed(mixed(mixed(FACTOR ^ tools) + system) * 31 + first);
    }

    static long hash(byte[] body, Scan.@Nullable Range range) {
        if (range == null) {
            return 0;
        }
        long hash = FACTOR ^ (range.to() - range.from());
        int at = range.from();
        for (; at + 8 <= range.to(); at += 8) {
            hash = Long.rotateLeft(hash ^ (long) LONG.get(body, at), 29) * FACTOR;
        }
        for (; at < range.to(); at++) {
            hash = Long.rotateLeft(hash ^ (body[at] & 0xFF), 29) * FACTOR;
        }
        return mixed(hash);
    }

    /// The finishing step of MurmurHash3.
    private static long mixed(long hash) {
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 33);
    }
}
