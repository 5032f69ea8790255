package dev.remit.core.money;

import dev.remit.core.identity.Principal;
import dev.remit.core.json.Content;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One row of the ledger: an attempt to use a model or a tool, whatever came of it.
///
/// @param call the same for all attempts that one request led to; time-ordered
/// @param number of the attempt within the call, from 1
/// @param at when it began
/// @param usage in disjoint buckets
/// @param cost what it cost; the bound if nobody knows better
/// @param certain whether usage and cost are the provider's own and final, rather than a bound
/// @param saved by reading from the provider's cache, or from ours, against the full price
/// @param wire the client's: `openai`, `responses`, `anthropic`, `gemini`, `session`; `tool` for
///   the use of a tool
/// @param firstToken until the first token came; absent if none did
/// @param why what went wrong, for people; no secrets
/// @param prices date of the price list that it was reckoned by; absent: no price was needed
public record Attempt(
        UUID call,
        int number,
        Instant at,
        Who who,
        Target target,
        Usage usage,
        Money cost,
        boolean certain,
        Money saved,
        String wire,
        boolean streamed,
        @Nullable Duration firstToken,
        Duration total,
        End end,
        @Nullable String why,
        @Nullable String prices,
        @Nullable Exchanged exchanged) {

    /// On whose behalf.
    ///
    /// @param cause the chain of principals, nearest first; it ends at a person, a schedule or a
    ///   webhook, or at the service that a key was made for
    /// @param key id of the key; absent: none was needed
    /// @param parent the session or call that asked for this one, as the caller says
    /// @param user OpenAI's `user`, Anthropic's `metadata.user_id`, as the caller says
    /// @param tags as the caller says
    public record Who(
            List<Principal> cause,
            @Nullable String key,
            @Nullable String team,
            @Nullable String agent,
            @Nullable String session,
            @Nullable String parent,
            @Nullable String user,
            Map<String, String> tags) {
        public Who {
            cause = List.copyOf(cause);
            tags = Map.copyOf(tags);
        }
    }

    /// What was asked for and who answered.
    ///
    /// @param route as the caller named it
    /// @param provider name of the configured provider; empty if none was reached
    /// @param model that was asked for there
    /// @param answered the model as the provider named it in its answer
    /// @param tool name of the tool that was used; absent: it was a model, and the others are empty
    ///   where it was a tool
    public record Target(
            String route,
            String provider,
            String model,
            @Nullable String answered,
            @Nullable String tool) {
        /// A model.
        public Target(String route, String provider, String model, @Nullable String answered) {
            this(route, provider, model, answered, null);
        }

        /// A tool.
        public static Target tool(String name) {
            return new Target("", "", "", null, name);
        }
    }

    /// How it ended.
    public enum End {
        ANSWERED,
        /// From our own cache, at no cost.
        CACHED,
        /// The client hung up, or the session was cancelled.
        CANCELLED,
        /// The provider failed, or its answer was no good.
        FAILED,
        /// Remit refused: budget, limits, guards, permissions.
        REFUSED,
        /// A node died with this money in its hands; what it was used for is not known.
        UNATTRIBUTED
    }

    /// What was said, if the policy is to keep it: cleaned of secrets, or hashes alone. Cleaning
    /// takes time, so it is left to whoever writes the row.
    ///
    /// @param bytes about how much memory it holds until then
    /// @param answer absent if there was none
    public record Exchanged(
            int bytes, Supplier<Content> request, @Nullable Supplier<Content> answer) {}
}
