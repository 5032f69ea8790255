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

    /// A body that is ready.
    ///
    /// @param headers beside `Content-Type` and `Content-Length`; a value holds no control
    ///   character
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(int status, Map<String, String> headers, String contentType, byte[] body)
            implements Reply {
        public Bytes {
            headers = Map.copyOf(headers);
        }
    }

    /// A body that is passed on as it comes, of whatever kind.
    ///
    /// @param headers beside `Content-Type`; with a `Content-Length` the body is not chunked
    record Stream(int status, Map<String, String> headers, String contentType, ByteSource source)
            implements Reply {
        public Stream {
            headers = Map.copyOf(headers);
        }
    }

    /// Writes the bytes of one body. The body ends when it returns.
    @FunctionalInterface
    interface ByteSource {
        /// @throws Problem to answer with that instead, if nothing was written yet
        /// @throws Broken to cut the connection without an end of the body
        /// @throws IOException if the client is gone; nobody needs to be told
        /// @throws InterruptedException if the thread is interrupted
        void writeTo(ByteSink sink) throws IOException, InterruptedException;
    }

    /// Server-sent events, for as long as the source writes.
    record Events(Source source) implements Reply {}

    /// Writes the events of one stream. The stream ends when it returns.
    @FunctionalInterface
    interface Source {
        /// @throws Problem to answer with that instead, if the stream has not begun yet
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
