package dev.remit.core.agent;

import java.util.Set;

/// The keys that the files may have. The editor schemas under `docs/schemas` name the same ones; a
/// test keeps them equal.
final class Keys {
    static final Set<String> AGENT =
            Set.of(
                    "remit",
                    "name",
                    "description",
                    "owner",
                    "supervisor",
                    "affects",
                    "model",
                    "instructions",
                    "knowledge",
                    "input",
                    "answer",
                    "may",
                    "never",
                    "on_trouble",
                    "budget",
                    "limits",
                    "checks",
                    "good_when",
                    "value",
                    "schedules",
                    "on");
    static final Set<String> MODEL = Set.of("use", "brain");
    static final Set<String> GRANT = Set.of("only", "when");
    static final Set<String> CHECK = Set.of("when", "says");
    static final Set<String> LIMITS =
            Set.of(
                    "turns",
                    "time",
                    "same_call",
                    "at_once",
                    "repairs",
                    "output_tokens",
                    "context_tokens");
    static final Set<String> BUDGET = Set.of("session", "day");

    static final Set<String> WORKFLOW =
            Set.of(
                    "remit",
                    "name",
                    "description",
                    "input",
                    "steps",
                    "budget",
                    "deadline",
                    "output",
                    "schedules",
                    "on");
    static final Set<String> WORKFLOW_BUDGET = Set.of("session");
    static final Set<String> AGENT_STEP = Set.of("agent", "input", "as");
    static final Set<String> DO = Set.of("do", "with", "as");
    static final Set<String> PARALLEL = Set.of("parallel", "if_one_fails");
    static final Set<String> SEQUENCE = Set.of("sequence");

    /// Kinds of steps that are designed and not built yet.
    static final Set<String> LATER =
            Set.of("approve", "map", "choose", "repeat", "wait", "workflow");

    static final Set<String> TOOL =
            Set.of(
                    "remit",
                    "name",
                    "description",
                    "tier",
                    "idempotent",
                    "timeout",
                    "attempts",
                    "input",
                    "function",
                    "http");
    static final Set<String> HTTP = Set.of("method", "url", "headers", "body");

    static final Set<String> REHEARSAL = Set.of("remit", "replies");
    static final Set<String> REPLY =
            Set.of("when", "let", "answer", "calls", "fault", "tokens_per_second");
    static final Set<String> CALL = Set.of("tool", "arguments");
    static final Set<String> FAULT = Set.of("kind", "times", "retry_after");

    private Keys() {}
}
