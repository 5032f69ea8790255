package dev.remit.core.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One message of a conversation, in no provider's words.
public record Message(Role role, List<Part> parts) {
    public Message {
        parts = List.copyOf(parts);
    }

    /// Who speaks.
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    public static Message of(Role role, String text) {
        return new Message(role, List.of(new Part.Text(text)));
    }

    /// The text parts, joined.
    public String text() {
        return parts.stream()
                .filter(Part.Text.class::isInstance)
                .map(p -> ((Part.Text) p).text())
                .collect(Collectors.joining());
    }

    public List<Part.ToolUse> toolUses() {
        return parts.stream()
                .filter(Part.ToolUse.class::isInstance)
                .map(Part.ToolUse.class::cast)
                .toList();
    }

    /// A piece of a message.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "part")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Part.Text.class, name = "text"),
        @JsonSubTypes.Type(value = Part.Reasoning.class, name = "reasoning"),
        @JsonSubTypes.Type(value = Part.ToolUse.class, name = "tool_use"),
        @JsonSubTypes.Type(value = Part.ToolResult.class, name = "tool_result")
    })
    public sealed interface Part {
        record Text(String text) implements Part {}

        /// What the model thought; handed back as it came, with the provider's signature.
        record Reasoning(String text, @Nullable String signature) implements Part {}

        /// A tool call, as the model asked for it.
        ///
        /// @param id the provider's, to pair the result with
        record ToolUse(String id, String tool, JsonNode arguments) implements Part {}

        record ToolResult(String id, String text, boolean failed) implements Part {}
    }
}
