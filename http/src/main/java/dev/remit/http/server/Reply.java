package dev.remit.http.server;

import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a handler answers.
public sealed interface Reply {
    /// A JSON document.
    record Json(int status, Map<String, String> headers, JsonNode body) implements Reply {
        public Json {
            headers = Map.copyOf(headers);
        }
    }

    /// A status and nothing else.
    record Empty(int status) implements Reply {}

    /// Server-sent events, for as long as the source writes.
    record Events(Source source) implements Reply {}

    /// Writes the events of one stream. The stream ends when it returns.
    @FunctionalInterface
    interface Source {
        /// @throws IOException if the client is gone or the server stops; nobody needs to be told
        /// @throws InterruptedException if the thread is interrupted
        void writeTo(EventStream stream) throws IOException, InterruptedException;
    }

    static Reply ok(JsonNode body) {
        return json(200, body);
    }

    static Reply json(int status, JsonNode body) {
        return new Json(status, Map.of(), body);
    }
}
