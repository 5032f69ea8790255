package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Changes of single values in a body, and nothing else in it.
final class Splice {
    private record Edit(int from, int to, String by) {}

    private final byte[] body;
    private final List<Edit> edits = new ArrayList<>();

    Splice(byte[] body) {
        this.body = body;
    }

    /// @param json the new value, as JSON
    void replace(Scan.Range range, String json) {
        edits.add(new Edit(range.from(), range.to(), json));
    }

    /// A member at the beginning of the body, which has others.
    ///
    /// @param json name and value
    void insert(String json) {
        int brace = 0;
        while (body[brace] != '{') {
            brace++;
        }
        insert(brace, json);
    }

    /// A member at the beginning of an object that has others.
    ///
    /// @param object where the object begins, at its brace
    /// @param json name and value
    void insert(int object, String json) {
        edits.add(new Edit(object + 1, object + 1, json + ","));
    }

    /// Takes that out.
    void remove(Scan.Range range) {
        edits.add(new Edit(range.from(), range.to(), ""));
    }

    static String quoted(String text) {
        return Json.write(Json.text(text));
    }

    byte[] done() {
        if (edits.isEmpty()) {
            return body;
        }
        edits.sort(Comparator.comparingInt(Edit::from));
        int length = body.length;
        var news = new ArrayList<byte[]>();
        for (var edit : edits) {
            var by = edit.by.getBytes(StandardCharsets.UTF_8);
            news.add(by);
            length += by.length - (edit.to - edit.from);
        }
        var result = new byte[length];
        int read = 0;
        int written = 0;
        for (int i = 0; i < edits.size(); i++) {
            var edit = edits.get(i);
            var by = news.get(i);
            var kept = edit.from - read;
            System.arraycopy(body, read, result, written, kept);
            System.arraycopy(by, 0, result, written + kept, by.length);
            written += kept + by.length;
            read = edit.to;
        }
        System.arraycopy(body, read, result, written, body.length - read);
        return result;
    }
}
