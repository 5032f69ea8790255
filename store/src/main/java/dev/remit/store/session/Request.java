package dev.remit.store.session;

import dev.remit.core.json.Hash;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.SessionLog.Append;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// An append as it is written: its events as text, and the large contents that they name.
record Request(Append append, List<String> bodies, SortedMap<Hash, byte[]> blobs) {
    static Request of(Append append) {
        var bodies = new ArrayList<String>(append.events().size());
        // in order, so that two who store the same contents of a session wait and do not deadlock
        var blobs = new TreeMap<Hash, byte[]>(Comparator.comparing(Hash::hex));
        for (var event : append.events()) {
            var encoded = LogCodec.encode(event);
            bodies.add(encoded.body());
            blobs.putAll(encoded.blobs());
        }
        return new Request(append, bodies, blobs);
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
