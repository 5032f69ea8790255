package dev.remit.gateway.fake;

import dev.remit.core.model.Message.Part;
import dev.remit.core.money.Usage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a fake vendor answers to one request.
///
/// Of an answer longer than the request's cap, only what fits is said, and billed, unless the usage
/// is given: then that is billed, whatever the cap is.
///
/// @param parts text, reasoning and tool calls; tools by their name on the wire
/// @param answer a structured answer, given in the way that the request asks for
/// @param stop one of `end`, `tool_use`, `max_tokens`, `stop_sequence`, `refusal`, `content_filter`
///   in any vendor's words, or a word of the vendor's own; absent: what the parts imply
/// @param usage what it bills; absent: an estimate from the bytes
/// @param model the name that it answers with; absent: the one asked for
/// @param latency before it answers
/// @param firstToken between the headers of a stream and its first event
/// @param gap between two events
public record FakeReply(
        List<Part> parts,
        @Nullable JsonNode answer,
        @Nullable String stop,
        @Nullable Usage usage,
        @Nullable String model,
        Duration latency,
        Duration firstToken,
        Duration gap,
        @Nullable FakeFault fault) {
    public FakeReply {
        parts = List.copyOf(parts);
        if (parts.stream().anyMatch(Part.ToolResult.class::isInstance)) {
            throw new IllegalArgumentException("a model gives no tool result");
        }
    }

    private static FakeReply of(List<Part> parts, @Nullable JsonNode answer) {
        var none = Duration.ZERO;
        return new FakeReply(parts, answer, null, null, null, none, none, none, null);
    }

    public static FakeReply of(Part... parts) {
        return of(List.of(parts), null);
    }

    public static FakeReply text(String text) {
        return of(new Part.Text(text));
    }

    public static FakeReply structured(JsonNode answer) {
        return of(List.of(), answer);
    }

    public static FakeReply failing(FakeFault fault) {
        return text("this is never said to its end").with(fault);
    }

    public FakeReply with(@Nullable FakeFault other) {
        return new FakeReply(parts, answer, stop, usage, model, latency, firstToken, gap, other);
    }

    public FakeReply billing(@Nullable Usage other) {
        return new FakeReply(parts, answer, stop, other, model, latency, firstToken, gap, fault);
    }

    public FakeReply stopping(@Nullable String reason) {
        return new FakeReply(parts, answer, reason, usage, model, latency, firstToken, gap, fault);
    }

    public FakeReply as(@Nullable String servedModel) {
        return new FakeReply(
                parts, answer, stop, usage, servedModel, latency, firstToken, gap, fault);
    }

    public FakeReply slow(Duration before, Duration between) {
        return new FakeReply(parts, answer, stop, usage, model, before, firstToken, between, fault);
    }

    /// Its headers come at once, its first event only then.
    public FakeReply beginningAfter(Duration first) {
        return new FakeReply(parts, answer, stop, usage, model, latency, first, gap, fault);
    }
}
