package dev.remit.store.session;

import dev.remit.core.json.Hash;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Append;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An append as it is written: its events as text, and the large contents that they name.
///
/// @param end present if it ends the session
record Request(
        Append append, List<String> bodies, SortedMap<Hash, byte[]> blobs, @Nullable End end) {
    /// @throws IllegalArgumentException if it is to end the session and does not say how
    static Request of(Append append) {
        var bodies = new ArrayList<String>(append.events().size());
        // in order, so that two who store the same contents of a session wait and do not deadlock
        var blobs = new TreeMap<Hash, byte[]>(Comparator.comparing(Hash::hex));
        for (var event : append.events()) {
            var encoded = LogCodec.encode(event);
            bodies.add(encoded.body());
            blobs.putAll(encoded.blobs());
        }
        var end = append.then() instanceof SessionLog.Then.End e ? End.of(append, e) : null;
        return new Request(append, bodies, blobs, end);
    }

    boolean ends() {
        return end != null;
    }

    int count() {
        return bodies.size();
    }

    long at() {
        return nanos(append.at());
    }

    /// Bytes of the events, without the contents that they name by hash.
    long bytes() {
        return bodies.stream().mapToLong(String::length).sum();
    }

    /// What goes over the wire, about.
    long size() {
        return bytes() + blobs.values().stream().mapToLong(b -> b.length).sum();
    }

    /// Nanoseconds since 1970, which hold an instant exactly until the year 2262.
    static long nanos(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }
}
