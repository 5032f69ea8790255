package dev.remit.gateway.vendor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The Messages API of Anthropic, version 2023-06-01.
final class AnthropicProtocol implements Protocol {
    @Override
    public String provider() {
        return "anthropic";
    }

    @Override
    public String vendor() {
        return "Anthropic";
    }

    @Override
    public String keyVariable() {
        return "ANTHROPIC_API_KEY";
    }

    @Override
    public String path() {
        return "/messages";
    }

    @Override
    public Map<String, String> headers(@Nullable String key) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("anthropic-version", "2023-06-01");
        if (key != null) {
            headers.put("x-api-key", key);
        }
        return headers;
    }

    @Override
    public String model(String route) {
        return switch (route) {
            case "capable" -> "claude-sonnet-5";
            case "fast" -> "claude-haiku-4-5";
            default -> route;
        };
    }

    @Override
    public ObjectNode body(Asked asked) {
        return new AnthropicBody(asked).write();
    }

    @Override
    public Reading reading(Asked asked) {
        return new AnthropicReading();
    }

    /// A model that always thinks refuses to be forced to a tool.
    @Override
    public @Nullable Habits without(Asked asked, String why) {
        var words = why.toLowerCase(Locale.ROOT);
        var forced = asked.answer() != null && asked.habits().enforcesAnswer();
        return forced && (words.contains("tool_choice") || words.contains("thinking"))
                ? asked.habits().askingForAnswer()
                : null;
    }
}
