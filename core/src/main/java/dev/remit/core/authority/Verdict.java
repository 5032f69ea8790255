package dev.remit.core.authority;

/// What authority says of one proposed action, with the rule that decided it.
public sealed interface Verdict {
    String rule();

    /// It may start.
    record Allow(String rule) implements Verdict {}

    /// A person is asked first. Not given before the authority issue builds approvals.
    record Ask(String rule) implements Verdict {}

    /// It may not start; the rule says why and what would be right.
    record Deny(String rule) implements Verdict {}
}
