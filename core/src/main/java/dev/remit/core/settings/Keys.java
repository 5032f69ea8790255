package dev.remit.core.settings;

import java.util.Set;

/// The keys that `remit.yaml` may have. The editor schema `docs/schemas/remit.schema.json` names
/// the same ones; a test keeps them equal.
final class Keys {
    static final Set<String> FILE =
            Set.of(
                    "remit",
                    "organisation",
                    "time_zone",
                    "providers",
                    "routes",
                    "teams",
                    "budgets",
                    "guards",
                    "prices",
                    "tool_prices",
                    "prompts",
                    "ledger",
                    "telemetry",
                    "dispatcher",
                    "sessions");
    static final Set<String> PROVIDER =
            Set.of(
                    "kind",
                    "url",
                    "credential",
                    "region",
                    "project",
                    "api_version",
                    "deployment",
                    "headers",
                    "free",
                    "requests_per_minute",
                    "tokens_per_minute",
                    "at_once");

    /// Of a provider, those that only some kinds have.
    static final Set<String> OPTIONS = Set.of("region", "project", "api_version", "deployment");

    static final Set<String> ROUTE =
            Set.of(
                    "strategy",
                    "affinity",
                    "targets",
                    "max_output",
                    "first_token",
                    "stall",
                    "total",
                    "cache",
                    "check");
    static final Set<String> TARGET =
            Set.of(
                    "model",
                    "priority",
                    "weight",
                    "when",
                    "requests_per_minute",
                    "tokens_per_minute",
                    "at_once");
    static final Set<String> CHECK = Set.of("schema", "when");
    static final Set<String> TEAM = Set.of("description", "at_once", "budget");
    static final Set<String> BUDGET = Set.of("for", "limit", "mode", "notify");
    static final Set<String> TEAM_BUDGET = Set.of("limit", "mode", "notify");

    static final Set<String> GUARD = Set.of("secrets", "deny", "size", "name", "on", "routes");
    static final Set<String> DENY = Set.of("name", "words", "patterns", "mode", "on", "routes");
    static final Set<String> SIZE = Set.of("name", "bytes", "mode", "on", "routes");

    static final Set<String> PRICE =
            Set.of("input", "output", "cache_read", "cache_write", "reasoning", "input_audio");
    static final Set<String> LEDGER = Set.of("days");
    static final Set<String> PROMPTS = Set.of("keep", "days");
    static final Set<String> SESSIONS = Set.of("keep", "archive", "archive_keep");
    static final Set<String> TELEMETRY = Set.of("otlp", "headers", "sampled");
    static final Set<String> DISPATCHER = Set.of("temporal");
    static final Set<String> TEMPORAL =
            Set.of("target", "namespace", "task_queue", "credential", "tls");
    static final Set<String> TLS = Set.of("authority", "certificate", "credential", "server_name");

    private Keys() {}
}
