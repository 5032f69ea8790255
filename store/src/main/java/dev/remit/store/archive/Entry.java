package dev.remit.store.archive;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/// One session as a file has it: lines of JSON, compressed by themselves, so that one session is
/// read without the others. `zcat` shows the whole file.
///
/// @param rows of the events as the table had them, in order
record Entry(
        SessionId session,
        List<JsonNode> rows,
        Map<Hash, String> blobs,
        List<JsonNode> inbox,
        List<JsonNode> kept) {
    static final String FORMAT = "archive/v1";

    private static final long NANOS = 1_000_000_000;

    /// @throws ArchiveException if it is not whole
    static Entry read(InputStream compressed) throws IOException {
        var rows = new ArrayList<JsonNode>();
        var blobs = new HashMap<Hash, String>();
        var inbox = new ArrayList<JsonNode>();
        var kept = new ArrayList<JsonNode>();
        SessionId id = null;
        JsonNode end = null;
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(compressed), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var json = Json.parse(line);
                if (json.has("remit")) {
                    id = SessionId.parse(json.required("session").asString());
                } else if (json.has("seq")) {
                    rows.add(json);
                } else if (json.has("blob")) {
                    blobs.put(
                            new Hash(json.required("blob").asString()),
                            json.required("body").asString());
                } else if (json.has("position")) {
                    inbox.add(json);
                } else if (json.has("action")) {
                    kept.add(json);
                } else {
                    end = json.required("end");
                }
            }
        }
        if (id == null
                || end == null
                || end.path("events").asInt(-1) != rows.size()
                || end.path("blobs").asInt(-1) != blobs.size()
                || end.path("inbox").asInt(-1) != inbox.size()
                || end.path("kept").asInt(-1) != kept.size()) {
            throw new ArchiveException("the entry of session " + id + " is not whole");
        }
        return new Entry(id, rows, blobs, inbox, kept);
    }

    List<Recorded> events() {
        return rows.stream().map(this::event).toList();
    }

    private Recorded event(JsonNode row) {
        long at = row.required("at").asLong();
        Event event =
                LogCodec.event(
                        row.required("version").asInt(),
                        Json.parse(row.required("body").asString()),
                        hash -> {
                            var body = blobs.get(hash);
                            return body == null ? null : body.getBytes(StandardCharsets.UTF_8);
                        });
        return new Recorded(
                session,
                row.required("seq").asLong(),
                row.required("epoch").asLong(),
                Instant.ofEpochSecond(Math.floorDiv(at, NANOS), Math.floorMod(at, NANOS)),
                event);
    }

    /// The state that its events give: proof that it can be read.
    State fold() {
        State state = null;
        for (var event : events()) {
            state = state == null ? State.first(event) : state.apply(event);
        }
        if (state == null) {
            throw new ArchiveException("the entry of session " + session + " has no events");
        }
        return state;
    }
}
