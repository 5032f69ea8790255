package dev.remit.gateway.fake;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What the Messages API does not accept in one message.
final class MessageBlocks {
    private static final Set<String> USERS =
            Set.of("text", "image", "document", "search_result", "tool_result", "container_upload");
    private static final Set<String> ASSISTANTS =
            Set.of("text", "thinking", "redacted_thinking", "tool_use", "server_tool_use");
    private static final Set<String> MEDIA =
            Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private MessageBlocks() {}

    /// @param called the tool calls of the message before, that this one has to answer
    /// @return the calls in it, for the message after
    static Set<String> check(JsonNode message, String at, Set<String> called) throws Refused {
        var content = message.path("content");
        boolean user = JsonNodes.is(message, "role", "user");
        Refused.unless(
                content.isString() || content.isArray(),
                at + ".content: Input should be a valid string or list");
        Refused.unless(
                !content.isString() || !content.stringValue().isEmpty(),
                at + ": user messages must have non-empty content");
        if (user) {
            results(content, at, called);
        } else {
            unanswered(called, at);
        }
        for (int i = 0; i < content.size(); i++) {
            block(content.path(i), at + ".content." + i, user);
        }
        return user ? Set.of() : MessagesChecks.calls(message);
    }

    /// Results come first, one for each call, and for nothing else.
    private static void results(JsonNode content, String at, Set<String> called) throws Refused {
        var open = new LinkedHashSet<>(called);
        for (int i = 0; i < content.size(); i++) {
            var block = content.path(i);
            if (JsonNodes.is(block, "type", "tool_result")) {
                var id = JsonNodes.text(block, "tool_use_id");
                Refused.unless(
                        open.remove(id),
                        at
                                + ".content."
                                + i
                                + ": unexpected `tool_use_id` found in `tool_result` blocks: "
                                + id
                                + ". Each `tool_result` block must have a corresponding `tool_use`"
                                + " block in the previous message.");
            } else {
                unanswered(open, at);
            }
        }
        unanswered(open, at);
    }

    static void unanswered(Set<String> calls, String at) throws Refused {
        Refused.unless(
                calls.isEmpty(),
                at
                        + ": `tool_use` ids were found without `tool_result` blocks immediately"
                        + " after: "
                        + String.join(", ", calls)
                        + ". Each `tool_use` block must have a corresponding `tool_result` block in"
                        + " the next message.");
    }

    private static void block(JsonNode block, String at, boolean user) throws Refused {
        var type = JsonNodes.text(block, "type");
        var allowed = user ? USERS : ASSISTANTS;
        Refused.unless(
                allowed.contains(type) || type.endsWith("_tool_result"),
                at
                        + ": Input tag '"
                        + type
                        + "' found using 'type' does not match any of the expected tags");
        switch (type) {
            case "text" -> {
                Refused.unless(
                        !JsonNodes.text(block, "text").isEmpty(),
                        "messages: text content blocks must be non-empty");
                Refused.unless(
                        !JsonNodes.text(block, "text").isBlank(),
                        "messages: text content blocks must contain non-whitespace text");
            }
            case "thinking" ->
                    Refused.unless(
                            !JsonNodes.text(block, "signature").isEmpty(),
                            at + ".thinking.signature: Field required");
            case "redacted_thinking" ->
                    Refused.unless(
                            !JsonNodes.text(block, "data").isEmpty(),
                            at + ".redacted_thinking.data: Field required");
            case "tool_use" ->
                    Refused.unless(
                            block.path("input").isObject(),
                            at + ".tool_use.input: Input should be a valid dictionary");
            case "image" -> image(block.path("source"), at + ".image.source");
            default -> {}
        }
    }

    private static void image(JsonNode source, String at) throws Refused {
        switch (JsonNodes.text(source, "type")) {
            case "base64" -> {
                Refused.unless(
                        MEDIA.contains(JsonNodes.text(source, "media_type")),
                        at
                                + ".base64.media_type: Input should be 'image/jpeg', 'image/png',"
                                + " 'image/gif' or 'image/webp'");
                Refused.unless(
                        !JsonNodes.text(source, "data").isEmpty(),
                        at + ".base64.data: Field required");
            }
            case "url" ->
                    Refused.unless(
                            !JsonNodes.text(source, "url").isEmpty(),
                            at + ".url.url: Field required");
            case "file" -> {}
            default -> throw Refused.invalid(at + ": Field required");
        }
    }
}
