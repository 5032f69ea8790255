package dev.remit.gateway.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A part of what was said.
public sealed interface Piece {
    /// @param cacheHint whether the client marked the prompt up to here as worth keeping
    record Text(String text, boolean cacheHint) implements Piece {
        public Text(String text) {
            this(text, false);
        }
    }

    /// A picture, a document or a sound.
    ///
    /// @param mediaType such as `image/png`; absent with a URL whose type is not known
    /// @param base64 its bytes; absent if there is a URL
    /// @param detail OpenAI's, as it came
    /// @param name of a file
    record Media(
            @Nullable String mediaType,
            @Nullable String base64,
            @Nullable String url,
            @Nullable String detail,
            @Nullable String name)
            implements Piece {}

    /// A tool call that the model asked for.
    ///
    /// @param arguments a JSON object
    /// @param signature the vendor's own, to be handed back with it
    record ToolCall(String id, String tool, JsonNode arguments, @Nullable String signature)
            implements Piece {}

    /// @param tool its name, where the vendor needs it; may be empty
    record ToolResult(String id, String tool, List<Piece> content, boolean failed)
            implements Piece {
        public ToolResult {
            content = List.copyOf(content);
        }
    }

    /// What the model thought.
    ///
    /// @param text may be empty, if the vendor hides it
    /// @param signature or encrypted content, handed back as it came; only the vendor that made it
    ///   takes it
    /// @param origin whose signature it is; absent: it has none
    record Thought(
            String text,
            @Nullable String id,
            @Nullable String signature,
            boolean redacted,
            @Nullable Dialect origin)
            implements Piece {}

    /// The model refused, in its own words.
    record Refusal(String text) implements Piece {}
}
