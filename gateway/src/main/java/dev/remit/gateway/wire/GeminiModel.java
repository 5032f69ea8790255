package dev.remit.gateway.wire;

import dev.remit.gateway.wire.ChatRequest.Thinking;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// What the generations of Gemini's models differ in, known from the model's name. A name of
/// another form counts as one of today's.
///
/// Source: "Gemini thinking" and "Thought signatures" at ai.google.dev, as of 2026-11.
record GeminiModel(String name) {
    private static final Pattern GENERATION = Pattern.compile("gemini-(\\d+)");

    private int generation() {
        var match = GENERATION.matcher(name);
        return match.find() && match.group(1).length() < 4 ? Integer.parseInt(match.group(1)) : 3;
    }

    /// Whether the first call of a step must carry a signature when it is handed back.
    boolean demandsSignatures() {
        return generation() >= 3;
    }

    /// From the third generation on, thoughts are asked for by a level; before, by a number of
    /// tokens. Models before 2.5 do not think.
    void thinking(Thinking thinking, ObjectNode config) {
        var effort = thinking.effort();
        var tokens = thinking.tokens();
        var shown = thinking.shown();
        if (effort == null && tokens == null && shown == null) {
            return;
        }
        if (generation() < 2 || name.contains("gemini-2.0")) {
            return;
        }
        var written = config.putObject("thinkingConfig");
        if (shown != null) {
            written.put("includeThoughts", shown);
        }
        if (tokens != null) {
            written.put("thinkingBudget", tokens);
        } else if (effort != null && generation() >= 3) {
            written.put("thinkingLevel", level(effort));
        } else if (effort != null) {
            written.put("thinkingBudget", budget(effort));
        }
    }

    private boolean isPro() {
        return name.contains("pro");
    }

    /// The larger models know no level below `low`.
    private String level(String effort) {
        return switch (effort) {
            case "none", "minimal" -> isPro() ? "low" : "minimal";
            case "low", "medium" -> effort;
            default -> "high";
        };
    }

    /// As Google's own translation of OpenAI's efforts has it. 2.5 Pro cannot but think.
    private int budget(String effort) {
        return switch (effort) {
            case "none" -> isPro() ? 128 : 0;
            case "minimal", "low" -> 1_024;
            case "medium" -> 8_192;
            default -> 24_576;
        };
    }
}
