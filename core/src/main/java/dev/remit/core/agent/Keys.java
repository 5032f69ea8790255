package dev.remit.core.agent;

import java.util.Map;
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
    static final Set<String> AGENT_STEP = Set.of("agent", "input", "as", "within", "retry", "undo");
    static final Set<String> DO = Set.of("do", "with", "as", "within", "retry", "undo");
    static final Set<String> WORKFLOW_STEP =
            Set.of("workflow", "input", "as", "within", "retry", "undo");
    static final Set<String> PARALLEL = Set.of("parallel", "if_one_fails");
    static final Set<String> SEQUENCE = Set.of("sequence");

    static final Set<String> MAP =
            Set.of("map", "as", "steps", "at_once", "at_most", "if_one_fails", "name");
    static final Set<String> CHOOSE = Set.of("choose", "otherwise", "as");
    static final Set<String> BRANCH = Set.of("when", "steps");
    static final Set<String> REPEAT = Set.of("repeat", "until", "at_most", "if_not", "as");
    static final Set<String> APPROVE_STEP = Set.of("approve", "as");
    static final Set<String> APPROVE = Set.of("show", "ask", "by", "within", "otherwise");
    static final Set<String> WAIT_STEP = Set.of("wait", "as");
    static final Set<String> WAIT = Set.of("event", "where", "within", "otherwise");
    static final Set<String> RETRY = Set.of("attempts", "first", "longest");
    static final Set<String> UNDO = Set.of("do", "with", "retry");

    /// What each kind of step may have, by the key that makes it one.
    static final Map<String, Set<String>> STEPS =
            Map.of(
                    "agent", AGENT_STEP,
                    "do", DO,
                    "workflow", WORKFLOW_STEP,
                    "parallel", PARALLEL,
                    "sequence", SEQUENCE,
                    "map", MAP,
                    "choose", CHOOSE,
                    "repeat", REPEAT,
                    "approve", APPROVE_STEP,
                    "wait", WAIT_STEP);

    static final Set<String> TOOL =
            Set.of(
                    "remit",
                    "name",
                    "description",
                    "tier",
                    "idempotent",
                    "timeout",
                    "attempts",
                    "at_once",
                    "price",
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
