package dev.remit.gateway.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Changes of single values in a body, and nothing else in it.
final class Splice {
    private record Edit(int from, int to, byte[] by) {}

    private final byte[] body;
    private final List<Edit> edits = new ArrayList<>();

    Splice(byte[] body) {
        this.body = body;
    }

    /// @param json the new value, as JSON
    void replace(Scan.Range range, String json) {
        edits.add(new Edit(range.from(), range.to(), json.getBytes(StandardCharsets.UTF_8)));
    }

    /// A member at the beginning of an object that has others.
    ///
    /// @param object where the object begins, at its brace
    /// @param json name and value
    void insert(int object, String json) {
        edits.add(new Edit(object + 1, object + 1, (json + ",").getBytes(StandardCharsets.UTF_8)));
    }

    /// Takes that out.
    void remove(Scan.Range range) {
        edits.add(new Edit(range.from(), range.to(), new byte[0]));
    }

    byte[] done() {
        if (edits.isEmpty()) {
            return body;
        }
        edits.sort(Comparator.comparingInt(Edit::from));
        int length = body.length;
        for (var edit : edits) {
            length += edit.by.length - (edit.to - edit.from);
        }
        var result = new byte[length];
        int read = 0;
        int written = 0;
        for (var edit : edits) {
            var kept = edit.from - read;
            System.arraycopy(body, read, result, written, kept);
            System.arraycopy(edit.by, 0, result, written + kept, edit.by.length);
            written += kept + edit.by.length;
            read = edit.to;
        }
        System.arraycopy(body, read, result, written, body.length - read);
        return result;
    }
}
