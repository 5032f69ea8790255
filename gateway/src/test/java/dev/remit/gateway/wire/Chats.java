package dev.remit.gateway.wire;

import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Sampling;
import dev.remit.gateway.wire.ChatRequest.Thinking;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.Turn;
import java.util.List;
import java.util.Map;

/// Requests for tests.
final class Chats {
    private Chats() {}

    static ChatRequest asking(String model, Turn... turns) {
        return new ChatRequest(
                model,
                List.of(turns),
                List.of(),
                new ToolChoice.Auto(),
                null,
                Sampling.DEFAULT,
                null,
                new Output.Text(),
                Thinking.DEFAULT,
                1,
                false,
                false,
                null,
                Map.of());
    }

    static ChatRequest as(ChatRequest request, String model) {
        return new ChatRequest(
                model,
                request.turns(),
                request.tools(),
                request.toolChoice(),
                request.parallelTools(),
                request.sampling(),
                request.maxOutput(),
                request.output(),
                request.thinking(),
                request.answers(),
                request.stream(),
                request.usageInStream(),
                request.user(),
                request.metadata());
    }
}
