package dev.remit.gateway.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A model call in no vendor's words. What a vendor cannot say is left out or said in other words
/// by its codec, which says so in its docs.
///
/// @param turns system first; neighbours may have the same role
/// @param tools that the model may call
/// @param parallelTools whether it may call several at once; absent: as the vendor likes
/// @param maxOutput in tokens, reasoning included; absent: the client named none
/// @param answers how many alternatives are wanted, mostly 1
/// @param usageInStream whether the client asked to be told of usage at the end of a stream
/// @param user who is behind the request, as the client says
/// @param metadata as the client says
public record ChatRequest(
        String model,
        List<Turn> turns,
        List<ToolSpec> tools,
        ToolChoice toolChoice,
        @Nullable Boolean parallelTools,
        Sampling sampling,
        @Nullable Integer maxOutput,
        Output output,
        Thinking thinking,
        int answers,
        boolean stream,
        boolean usageInStream,
        @Nullable String user,
        Map<String, String> metadata) {
    public ChatRequest {
        turns = List.copyOf(turns);
        tools = List.copyOf(tools);
        metadata = Map.copyOf(metadata);
    }

    /// What one side said.
    public record Turn(Role role, List<Piece> pieces) {
        public Turn {
            pieces = List.copyOf(pieces);
        }
    }

    /// Who speaks. Results of tools are said by the user.
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    /// @param strict whether arguments must match the schema exactly; absent: as the vendor likes
    public record ToolSpec(
            String name,
            @Nullable String description,
            JsonNode parameters,
            @Nullable Boolean strict,
            boolean cacheHint) {}

    /// Whether tools are to be called.
    public sealed interface ToolChoice {
        /// As the model likes.
        record Auto() implements ToolChoice {}

        record None() implements ToolChoice {}

        /// At least one.
        record Required() implements ToolChoice {}

        record Named(String tool) implements ToolChoice {}
    }

    /// Absent: as the vendor likes.
    public record Sampling(
            @Nullable Double temperature,
            @Nullable Double topP,
            @Nullable Integer topK,
            @Nullable Double presencePenalty,
            @Nullable Double frequencyPenalty,
            @Nullable Long seed,
            List<String> stop) {
        public static final Sampling DEFAULT =
                new Sampling(null, null, null, null, null, null, List.of());

        public Sampling {
            stop = List.copyOf(stop);
        }
    }

    /// The form of the answer.
    public sealed interface Output {
        record Text() implements Output {}

        /// Any JSON object.
        record Json() implements Output {}

        record Schema(
                String name,
                @Nullable String description,
                JsonNode schema,
                @Nullable Boolean strict)
                implements Output {}
    }

    /// How much the model may think first. All absent: as the vendor likes.
    ///
    /// @param effort `none`, `minimal`, `low`, `medium`, `high`
    /// @param tokens the most it may think
    /// @param shown whether thoughts, or a summary of them, are wanted in the answer
    /// @param kept whether thoughts are wanted in a form that can be handed back, if there are any
    public record Thinking(
            @Nullable String effort,
            @Nullable Integer tokens,
            @Nullable Boolean shown,
            boolean kept) {
        public static final Thinking DEFAULT = new Thinking(null, null, null);

        /// Not kept.
        public Thinking(
                @Nullable String effort, @Nullable Integer tokens, @Nullable Boolean shown) {
            this(effort, tokens, shown, false);
        }
    }
}
