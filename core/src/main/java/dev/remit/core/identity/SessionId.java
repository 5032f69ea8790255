package dev.remit.core.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.remit.core.json.Hash;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// The name of a session: a UUID of version 7 (RFC 9562), so ids sort by the time they were made.
public record SessionId(UUID uuid) implements Comparable<SessionId> {
    public static SessionId random(Instant now, RandomGenerator random) {
        return at(now.toEpochMilli(), random.nextLong(), random.nextLong());
    }

    /// The id of a child, the same whenever it is computed: opening a child twice opens it once.
    /// Takes the parent's time, so that a family lies together in the log.
    public static SessionId child(SessionId parent, ActionId action) {
        var digest = ByteBuffer.wrap(Hash.of(parent + "/" + action).bytes());
        return at(parent.uuid.getMostSignificantBits() >>> 16, digest.getLong(), digest.getLong());
    }

    private static SessionId at(long millis, long high, long low) {
        return new SessionId(
                new UUID(
                        (millis << 16) | 0x7000L | (high & 0xFFFL),
                        0x8000_0000_0000_0000L | (low & 0x3FFF_FFFF_FFFF_FFFFL)));
    }

    /// @throws IllegalArgumentException if the text is not a UUID
    @JsonCreator
    public static SessionId parse(String text) {
        return new SessionId(UUID.fromString(text));
    }

    @Override
    public int compareTo(SessionId other) {
        int high =
                Long.compareUnsigned(
                        uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(
                        uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
    }

    @JsonValue
    @Override
    public String toString() {
        return uuid.toString();
    }
}
