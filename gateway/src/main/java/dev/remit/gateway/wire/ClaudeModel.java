package dev.remit.gateway.wire;

import java.util.Locale;
import java.util.regex.Pattern;

/// What a model of Anthropic's takes, by its name. A name that tells nothing is taken to be a newer
/// one.
///
/// Source: "Extended thinking", "Adaptive thinking", "Effort", "Structured outputs" and "Migration
/// guide" in Anthropic's docs, as of 2026-11.
///
/// @param version such as 45 for 4.5
record ClaudeModel(int version) {
    private static final int UNKNOWN = 99;

    private static final Pattern NEW =
            Pattern.compile("claude-[a-z]+-(\\d)(?:[-.](\\d))?(?!\\d).*");
    private static final Pattern OLD = Pattern.compile("claude-(\\d)(?:[-.](\\d))?(?!\\d).*");

    static ClaudeModel of(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        var start = lower.indexOf("claude-");
        if (start < 0) {
            return new ClaudeModel(UNKNOWN);
        }
        for (var pattern : new Pattern[] {NEW, OLD}) {
            var match = pattern.matcher(lower.substring(start));
            if (match.matches()) {
                var minor = match.group(2);
                return new ClaudeModel(
                        Integer.parseInt(match.group(1)) * 10
                                + (minor == null ? 0 : Integer.parseInt(minor)));
            }
        }
        return new ClaudeModel(UNKNOWN);
    }

    /// Whether it can think at all.
    boolean thinks() {
        return version >= 37;
    }

    /// Whether it decides itself how much, by an effort; else it takes a budget.
    boolean adapts() {
        return version >= 46;
    }

    /// Whether the form of an answer can be enforced without a tool.
    boolean enforces() {
        return version >= 45;
    }

    /// Whether temperature and the like are taken.
    boolean samples() {
        return version < 47;
    }

    /// Whether temperature and top-p may come together.
    boolean samplesTwice() {
        return version < 41;
    }
}
