package dev.remit.gateway.vendor;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.model.ModelRequest;
import dev.remit.gateway.wire.Words;
import dev.remit.http.client.SseEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One vendor's wire format.
sealed interface Protocol permits AnthropicProtocol, OpenAiProtocol {
    /// In model choices, and of the credential.
    String provider();

    /// For people.
    String vendor();

    /// How a person sets the key.
    String keyVariable();

    /// Of the call, below the base URL.
    String path();

    Map<String, String> headers(@Nullable String key);

    /// The vendor's present model for a route; a route that is none is taken to name a model.
    String model(String route);

    ObjectNode body(Asked asked);

    Reading reading(Asked asked);

    /// What to leave out after the server refused a request, or nothing if there is no such thing.
    ///
    /// @param why the server's words
    @Nullable Habits without(Asked asked, String why);

    /// One call, with all that the wire format needs to know.
    ///
    /// @param answer schema of the answer; absent: free text
    record Asked(
            ModelRequest request,
            String model,
            Endpoint endpoint,
            ToolNames names,
            @Nullable AnswerSchema answer,
            Habits habits) {
        Asked with(Habits other) {
            return new Asked(request, model, endpoint, names, answer, other);
        }
    }

    /// Makes an answer out of the events of a stream.
    interface Reading {
        /// @return whether the model got on, rather than showing that it is alive
        boolean take(JsonNode event) throws CallFailed;

        /// Takes an answer that came in one piece, from a server that does not stream.
        void takeWhole(JsonNode body) throws CallFailed;

        Draft draft();

        /// @return whether the model got on
        default boolean take(SseEvent event) throws CallFailed {
            if (event.data().equals("[DONE]")) {
                draft().end();
                return false;
            }
            try {
                return take(Json.parse(event.data()));
            } catch (JacksonException e) {
                throw CallFailed.lost(
                        Kind.GARBAGE,
                        "an event of the stream is no JSON: "
                                + Words.clean(Words.brief(event.data()), null),
                        null,
                        draft().usage());
            }
        }
    }
}
