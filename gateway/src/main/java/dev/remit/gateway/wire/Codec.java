package dev.remit.gateway.wire;

import dev.remit.http.client.SseEvent;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads and writes one dialect. Stateless; what has state is made for each call.
public interface Codec {
    static Codec of(Dialect dialect) {
        return Codecs.of(dialect);
    }

    Dialect dialect();

    // ---- requests of clients

    /// @param body JSON in UTF-8
    /// @param path what the path says of the request, where the dialect has it there
    /// @throws BadRequest if it is no request of this dialect; a field that is there twice, whose
    ///   value is changed or read here, is refused
    Facts facts(byte[] body, InPath path) throws BadRequest;

    /// @return the same request with the changes, nothing else touched
    byte[] splice(byte[] body, Changes changes) throws BadRequest;

    ChatRequest readRequest(byte[] body, InPath path) throws BadRequest;

    /// What the path says, for Gemini; empty elsewhere.
    ///
    /// @param sse whether a stream is to come as Server-Sent Events (`alt=sse`); else it comes as
    ///   the elements of one JSON list
    record InPath(@Nullable String model, boolean stream, boolean sse) {
        public static final InPath NOTHING = new InPath(null, false);

        public InPath(@Nullable String model, boolean stream) {
            this(model, stream, stream);
        }
    }

    // ---- to providers

    /// @param newCap as in [Changes]
    /// @throws BadRequest if the dialect cannot say what is essential to the request, such as
    ///   several answers; the message is for the client
    byte[] writeRequest(ChatRequest request, boolean newCap) throws BadRequest;

    /// @throws Garbage if it is no whole answer of this dialect
    ChatAnswer readAnswer(byte[] body) throws Garbage;

    StreamReader streamReader();

    /// @param header finds a header of the answer; gives null if it is not there
    ProviderError readError(int status, byte[] body, Function<String, @Nullable String> header);

    // ---- to clients

    /// @param asked for what the answer repeats of the request
    default byte[] writeAnswer(ChatAnswer answer, Facts asked) {
        return Strict.bytes(answer(answer, asked));
    }

    /// What [#writeAnswer] writes, as a value.
    JsonNode answer(ChatAnswer answer, Facts asked);

    StreamWriter streamWriter(Facts asked);

    /// @param path of the request, which says how Gemini's clients want a stream framed
    /// @param from who answers: signatures of another dialect are sealed with whose they are, so
    ///   that they find their way back ([Seal])
    default StreamWriter streamWriter(Facts asked, InPath path, Dialect from) {
        return streamWriter(asked);
    }

    /// The HTTP status of an error's answer.
    default int status(GatewayError error) {
        return error.kind().status();
    }

    /// The body of an error's answer.
    byte[] writeError(GatewayError error);

    /// Headers that this dialect's clients understand beside the body, such as `retry-after` and
    /// `x-should-retry`.
    Map<String, String> errorHeaders(GatewayError error);

    /// Understands the events of one answer, as they come.
    interface StreamReader {
        /// @return what it says; empty for signs of life. An event that only says what was used
        ///   gives exactly one [Delta.Used]
        List<Delta> read(SseEvent event) throws Garbage;

        /// The transport has ended.
        ///
        /// @throws Garbage if the answer was not whole
        void end() throws Garbage;
    }

    /// Says an answer as a stream, in whole events of bytes as they go over the wire.
    interface StreamWriter {
        /// @return maybe nothing yet
        byte[] write(Delta delta);

        /// The end of a good answer.
        byte[] end();

        /// An explicit error in the midst of the stream, after which nothing comes.
        byte[] error(GatewayError error);
    }
}
