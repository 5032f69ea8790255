package dev.remit.core.tool;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An entry of the registry: what a tool takes, what it may cause, and how its failures are read.
///
/// @param name dotted, such as `runbooks.search`
/// @param description what the model is told it does
/// @param input JSON Schema of its arguments, an object
/// @param idempotent whether doing it twice with the same idempotency key equals doing it once
/// @param timeout after this the end of a started action is no longer expected
/// @param attempts how often it may be tried in all, where trying again is safe
/// @param atOnce how many uses of a tool of this name may be under way at a time, on all nodes
///   together; 0: any number
/// @param price what a use costs, unless the operator says otherwise; absent: nothing
public record Tool(
        String name,
        String description,
        Tier tier,
        JsonNode input,
        boolean idempotent,
        Duration timeout,
        int attempts,
        int atOnce,
        @Nullable ToolPrice price,
        Means means) {
    /// One that any number may use at a time, for nothing.
    public Tool(
            String name,
            String description,
            Tier tier,
            JsonNode input,
            boolean idempotent,
            Duration timeout,
            int attempts,
            Means means) {
        this(name, description, tier, input, idempotent, timeout, attempts, 0, null, means);
    }

    /// The same, as it is shown to a model.
    public Tool as(String shown, JsonNode arguments) {
        return new Tool(
                name, shown, tier, arguments, idempotent, timeout, attempts, atOnce, price, means);
    }

    /// How it is done.
    public sealed interface Means {
        /// A function built into Remit, such as `knowledge.search`.
        record Function(String name) implements Means {}

        /// One HTTP call. Placeholders `{name}` in the URL are filled from the arguments, encoded.
        /// `${secret.NAME}` in a header is filled from the vault, outside of the agent's sight.
        ///
        /// @param body a JSON template whose `${args.x}` are filled; absent: the remaining
        ///   arguments
        record Http(String method, String url, Map<String, String> headers, @Nullable JsonNode body)
                implements Means {
            public Http {
                headers = Map.copyOf(headers);
            }
        }
    }
}
