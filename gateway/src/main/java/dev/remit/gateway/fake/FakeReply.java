package dev.remit.gateway.fake;

import dev.remit.core.model.Message.Part;
import dev.remit.core.money.Usage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a fake vendor answers to one request.
///
/// @param parts text, reasoning and tool calls; tools by their name on the wire
/// @param answer a structured answer, given in the way that the request asks for
/// @param stop in the vendor's words, such as `max_tokens`; absent: what the parts imply
/// @param usage what it bills; absent: an estimate from the bytes
/// @param model the name that it answers with; absent: the one asked for
/// @param latency before it answers
/// @param gap between two events
public record FakeReply(
        List<Part> parts,
        @Nullable JsonNode answer,
        @Nullable String stop,
        @Nullable Usage usage,
        @Nullable String model,
        Duration latency,
        Duration gap,
        @Nullable FakeFault fault) {
    public FakeReply {
        parts = List.copyOf(parts);
    }

    public static FakeReply of(Part... parts) {
        return new FakeReply(
                List.of(parts), null, null, null, null, Duration.ZERO, Duration.ZERO, null);
    }

    public static FakeReply text(String text) {
        return of(new Part.Text(text));
    }

    public static FakeReply structured(JsonNode answer) {
        return new FakeReply(
                List.of(), answer, null, null, null, Duration.ZERO, Duration.ZERO, null);
    }

    public static FakeReply failing(FakeFault fault) {
        return text("this is never said to its end").with(fault);
    }

    public FakeReply with(FakeFault other) {
        return new FakeReply(parts, answer, stop, usage, model, latency, gap, other);
    }

    public FakeReply billing(Usage other) {
        return new FakeReply(parts, answer, stop, other, model, latency, gap, fault);
    }

    public FakeReply stopping(String reason) {
        return new FakeReply(parts, answer, reason, usage, model, latency, gap, fault);
    }

    public FakeReply as(String servedModel) {
        return new FakeReply(parts, answer, stop, usage, servedModel, latency, gap, fault);
    }

    public FakeReply slow(Duration before, Duration between) {
        return new FakeReply(parts, answer, stop, usage, model, before, between, fault);
    }
}
