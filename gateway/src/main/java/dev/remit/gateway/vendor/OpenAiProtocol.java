package dev.remit.gateway.vendor;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The Chat Completions API of OpenAI, and of every server that speaks it.
final class OpenAiProtocol implements Protocol {
    @Override
    public String provider() {
        return "openai";
    }

    @Override
    public String vendor() {
        return "OpenAI";
    }

    @Override
    public String keyVariable() {
        return "OPENAI_API_KEY";
    }

    @Override
    public String path() {
        return "/chat/completions";
    }

    @Override
    public Map<String, String> headers(@Nullable String key) {
        return key == null ? Map.of() : Map.of("Authorization", "Bearer " + key);
    }

    @Override
    public String model(String route) {
        return switch (route) {
            case "capable" -> "gpt-5.4";
            case "fast" -> "gpt-5.4-mini";
            default -> route;
        };
    }

    @Override
    public ObjectNode body(Asked asked) {
        return new OpenAiBody(asked).write();
    }

    @Override
    public Reading reading(Asked asked) {
        return new OpenAiReading(asked.endpoint().vendor() ? "OpenAI" : "the server");
    }

    /// Compatible servers differ in what they take; the vendor's own takes all of it.
    @Override
    public @Nullable Habits without(Asked asked, String why) {
        if (asked.endpoint().vendor()) {
            return null;
        }
        var habits = asked.habits();
        var words = why.toLowerCase(Locale.ROOT);
        if (habits.reportsUsage() && words.contains("stream_options")) {
            return habits.withoutUsage();
        }
        if (words.contains("max_tokens") && words.contains("max_completion_tokens")) {
            return habits.withOtherCap();
        }
        return asked.answer() != null && habits.enforcesAnswer() ? habits.askingForAnswer() : null;
    }
}
