package dev.remit.core.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the rehearsal provider answers in place of a model. Read from `rehearsal.yaml`, or taken
/// from a recorded session.
public sealed interface Rehearsal {
    /// The first reply whose `when` holds is given.
    record Script(List<Reply> replies) implements Rehearsal {}

    /// The recorded replies of one agent, in order: the nth call gets the nth message.
    ///
    /// @param messages each a [dev.remit.core.model.Message] as JSON
    record Recording(List<JsonNode> messages) implements Rehearsal {}

    /// @param when CEL over `input`, `turn`, `attempt`, `messages`, `results`; absent: always
    /// @param let names for CEL expressions, evaluated in order, to be used below
    /// @param answer a template: CEL in `${}` anywhere inside; absent if it calls tools
    /// @param calls tools it calls
    /// @param fault what goes wrong instead, such as `rate_limited`
    record Reply(
            @Nullable String when,
            Map<String, String> let,
            @Nullable JsonNode answer,
            List<Call> calls,
            @Nullable Fault fault,
            @Nullable Integer tokensPerSecond) {}

    record Call(String tool, JsonNode arguments) {}

    /// @param kind `rate_limited`, `overloaded`, `server_error`, `timed_out`, `cut`, `garbage`,
    ///   `wrong_schema`
    /// @param times the first so many attempts of the turn fail, then the reply is given
    /// @param retryAfterMillis what a rate limit names as its delay
    record Fault(String kind, int times, @Nullable Long retryAfterMillis) {}
}
