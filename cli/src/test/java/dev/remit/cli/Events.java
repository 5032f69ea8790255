package dev.remit.cli;

import dev.remit.client.SessionEvent;
import dev.remit.core.json.Json;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// Events as a server tells them, for tests.
public final class Events {
    public static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

    private Events() {}

    /// @param millis after the start
    /// @param body of the event, as JSON with single quotes
    public static SessionEvent event(String session, long seq, long millis, String body) {
        return new SessionEvent(json(session, seq, millis, body));
    }

    static ObjectNode json(String session, long seq, long millis, String body) {
        var json =
                Json.object()
                        .put("session", session)
                        .put("seq", seq)
                        .put("epoch", 1)
                        .put("at", START.plusMillis(millis).toString());
        json.set("event", Json.parse(body.replace('\'', '"')));
        return json;
    }
}
