package dev.remit.core.settings;

import dev.remit.core.identity.Key;
import dev.remit.core.money.BudgetRule;
import dev.remit.core.secret.Secrets;
import dev.remit.core.tool.ToolPrices;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that an operator configures, as `remit.yaml` says it. Immutable: a changed file gives new
/// settings, which take the place of the old ones as a whole.
///
/// @param organisation for people
/// @param zone in which days, weeks and months begin
/// @param providers by name
/// @param routes by name
/// @param teams by name
/// @param budgets of every scope, those of teams included
/// @param guards in the order they look
/// @param prices by `provider/model`, before all published ones
/// @param toolPrices what uses of tools cost, before what their own files say
/// @param dispatcher that a server starts with
/// @param sessions what becomes of closed ones
/// @param ledger how long its rows are kept, and budgets of windows that are over
public record Settings(
        String organisation,
        ZoneId zone,
        Map<String, Provider> providers,
        Map<String, Route> routes,
        Map<String, Team> teams,
        List<BudgetRule> budgets,
        List<Guard> guards,
        Map<String, PriceOverride> prices,
        ToolPrices toolPrices,
        Prompts prompts,
        Telemetry telemetry,
        DispatcherChoice dispatcher,
        Sessions sessions,
        Duration ledger) {
    /// How long rows of the ledger are kept, if nobody says otherwise.
    public static final Duration LEDGER = Duration.ofDays(400);

    public Settings {
        providers = Map.copyOf(providers);
        routes = Map.copyOf(routes);
        teams = Map.copyOf(teams);
        budgets = List.copyOf(budgets);
        guards = List.copyOf(guards);
        prices = Map.copyOf(prices);
    }

    /// With sessions dispatched by the nodes themselves, and tools that cost what they say.
    public Settings(
            String organisation,
            ZoneId zone,
            Map<String, Provider> providers,
            Map<String, Route> routes,
            Map<String, Team> teams,
            List<BudgetRule> budgets,
            List<Guard> guards,
            Map<String, PriceOverride> prices,
            Prompts prompts,
            Telemetry telemetry) {
        this(
                organisation,
                zone,
                providers,
                routes,
                teams,
                budgets,
                guards,
                prices,
                ToolPrices.NONE,
                prompts,
                telemetry,
                new DispatcherChoice.Local(),
                Defaults.SESSIONS,
                LEDGER);
    }

    /// What holds where there is no file: the vendors under their own names, no routes but those
    /// that name a provider's model, no budgets.
    public static Settings none() {
        return Defaults.SETTINGS;
    }

    /// A place where models are called.
    ///
    /// @param url absent: the vendor's own
    /// @param credential name of the secret that holds its key; absent: none is sent
    /// @param options that only some kinds have, such as `region`, `project`, `api_version`,
    ///   `deployment`
    /// @param headers sent with each call
    /// @param free whether it is the operator's own hardware, where tokens cost nothing
    /// @param limits of all calls to it together
    public record Provider(
            String name,
            Provider.Kind kind,
            @Nullable URI url,
            @Nullable String credential,
            Map<String, String> options,
            Map<String, String> headers,
            boolean free,
            Key.Limits limits) {
        public Provider {
            options = Map.copyOf(options);
            headers = Map.copyOf(headers);
        }

        /// Whose API it is.
        public enum Kind {
            ANTHROPIC,
            OPENAI,
            AZURE,
            GEMINI,
            MISTRAL,
            GROQ,
            DEEPSEEK,
            XAI,
            TOGETHER,
            FIREWORKS,
            OPENROUTER,
            OPENAI_COMPATIBLE,
            VERTEX,
            BEDROCK
        }
    }

    /// How a name for a choice of models is resolved.
    ///
    /// @param maxOutput of a request that names no cap of its own; absent: the model's
    /// @param firstToken how long the first token may take before the next target is tried
    /// @param stall how long a stream may say nothing
    /// @param total how long a call may take, fallbacks included
    /// @param cache how long an answer may be given again to the same request; absent: not at all
    /// @param check what an answer must pass, or the next target is tried
    public record Route(
            String name,
            Strategy strategy,
            boolean affinity,
            List<Target> targets,
            @Nullable Integer maxOutput,
            Duration firstToken,
            Duration stall,
            Duration total,
            @Nullable Duration cache,
            @Nullable Check check) {
        public static final Duration FIRST_TOKEN = Duration.ofSeconds(60);
        public static final Duration STALL = Duration.ofSeconds(30);
        public static final Duration TOTAL = Duration.ofMinutes(10);

        public Route {
            targets = List.copyOf(targets);
        }

        /// In which order targets of the same priority are tried.
        public enum Strategy {
            /// As they are listed.
            ORDERED,
            /// At random, by weight.
            WEIGHTED,
            /// Where the fewest calls are under way.
            LEAST_IN_FLIGHT,
            /// The faster of two chosen at random, by a moving average.
            FASTEST,
            /// The cheapest whose window the request fits in.
            CHEAPEST,
            /// As listed; the next one also if the answer fails the check.
            ESCALATE
        }
    }

    /// One model at one provider.
    ///
    /// @param priority lower ones first; others only when none of these is to be had
    /// @param weight relative to others of the same priority
    /// @param when CEL over `request`; absent: always
    /// @param limits of calls to this target by way of this route
    public record Target(
            String provider,
            String model,
            int priority,
            int weight,
            @Nullable Condition when,
            Key.Limits limits) {
        @Override
        public String toString() {
            return provider + "/" + model;
        }
    }

    /// What an answer must pass.
    ///
    /// @param schema JSON Schema of the answer's text
    /// @param when CEL over `answer` and `request`
    public record Check(@Nullable AnswerCheck schema, @Nullable Condition when) {}

    /// @param atOnce how many sessions of its agents may be under way at a time, on all nodes
    ///   together; 0: any number
    public record Team(String name, @Nullable String description, int atOnce) {}

    /// Looks at what goes to models and what comes back.
    ///
    /// @param kind `secrets`, `deny` or `size`
    /// @param words refused or masked by `deny`: texts, matched in any case
    /// @param patterns refused or masked by `deny`: regular expressions that cannot run away
    /// @param bytes for `size`
    /// @param routes on which it looks; empty: all
    public record Guard(
            String name,
            Guard.Kind kind,
            Mode mode,
            boolean onRequest,
            boolean onAnswer,
            List<String> words,
            List<String> patterns,
            long bytes,
            List<String> routes) {
        public Guard {
            words = List.copyOf(words);
            patterns = List.copyOf(patterns);
            routes = List.copyOf(routes);
        }

        /// What it looks for.
        public enum Kind {
            SECRETS,
            DENY,
            SIZE
        }

        /// What it does when it finds something.
        public enum Mode {
            LOG,
            MASK,
            BLOCK
        }
    }

    /// Dollars for a million tokens. Parts that are absent cost what `input` and `output` do.
    public record PriceOverride(
            BigDecimal input,
            BigDecimal output,
            @Nullable BigDecimal cacheRead,
            @Nullable BigDecimal cacheWrite,
            @Nullable BigDecimal reasoning,
            @Nullable BigDecimal inputAudio) {}

    /// What is kept of prompts and answers, and how long.
    public record Prompts(Keep keep, Duration retention) {
        /// How much is kept.
        public enum Keep {
            /// As it was, but for what a redactor knows to be secret.
            FULL,
            /// With everything masked that looks like a secret.
            REDACTED,
            HASHES,
            NONE
        }
    }

    /// What becomes of sessions that have ended.
    ///
    /// @param keep how long they stay in the database
    /// @param archive the folder of their files, which nodes share; a relative one is below the
    ///   state folder. Absent: they are deleted
    /// @param archiveKeep how long a file stays; absent: for ever
    public record Sessions(
            Duration keep, @Nullable String archive, @Nullable Duration archiveKeep) {}

    /// Where traces and figures go.
    ///
    /// @param otlp base address of a collector; absent: nowhere
    /// @param headers for the collector; a value may name a secret as `${secret.NAME}`, see
    ///   [#headers(Secrets)]
    /// @param sampled the share of traces that are sent, from 0 to 1
    public record Telemetry(@Nullable URI otlp, Map<String, String> headers, double sampled) {
        public Telemetry {
            headers = Map.copyOf(headers);
        }

        /// The headers as they are sent, with their secrets; those whose secret is not held are
        /// left out.
        public Map<String, String> headers(Secrets secrets) {
            var sent = new HashMap<String, String>();
            headers.forEach((name, value) ->
                    SecretHeader.resolve(value, secrets).ifPresent(v -> sent.put(name, v)));
            return Map.copyOf(sent);
        }
    }
}
