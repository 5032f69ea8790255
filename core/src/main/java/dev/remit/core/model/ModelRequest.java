package dev.remit.core.model;

import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One model call, in no provider's words.
///
/// @param agent name of the agent, as in the registry
/// @param team who pays; absent: the organisation
/// @param cause on whose behalf, nearest first
/// @param turn from 1
/// @param attempt from 1, of this turn
/// @param route what the agent asked for, such as `capable`
/// @param messages system message first
/// @param tools what the model may call
/// @param answer JSON Schema of the final answer; absent: free text
/// @param input what the session was opened with, for the rehearsal provider
/// @param rehearsal the agent's script, for the rehearsal provider
/// @param key whose budgets it counts towards; absent: no key's
/// @param layout how it is to be said to a model of the family that the session's brain is made for
public record ModelRequest(
        SessionId session,
        String agent,
        @Nullable String team,
        List<Principal> cause,
        int turn,
        int attempt,
        ModelChoice choice,
        String route,
        List<Message> messages,
        List<Tool> tools,
        @Nullable JsonNode answer,
        int maxOutputTokens,
        Duration timeout,
        Content input,
        @Nullable Rehearsal rehearsal,
        @Nullable String key,
        Layout layout) {
    /// Laid out in no particular way, at no key's expense.
    public ModelRequest(
            SessionId session,
            String agent,
            @Nullable String team,
            List<Principal> cause,
            int turn,
            int attempt,
            ModelChoice choice,
            String route,
            List<Message> messages,
            List<Tool> tools,
            @Nullable JsonNode answer,
            int maxOutputTokens,
            Duration timeout,
            Content input,
            @Nullable Rehearsal rehearsal) {
        this(
                session,
                agent,
                team,
                cause,
                turn,
                attempt,
                choice,
                route,
                messages,
                tools,
                answer,
                maxOutputTokens,
                timeout,
                input,
                rehearsal,
                null,
                Layout.PLAIN);
    }
}
