package dev.remit.gateway.session;

import dev.remit.core.model.Message;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.ModelRequest;
import dev.remit.gateway.vendor.AnswerSchema;
import dev.remit.gateway.vendor.ToolNames;
import dev.remit.gateway.wire.ChatRequest;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.ChatRequest.Role;
import dev.remit.gateway.wire.ChatRequest.ToolChoice;
import dev.remit.gateway.wire.ChatRequest.ToolSpec;
import dev.remit.gateway.wire.ChatRequest.Turn;
import dev.remit.gateway.wire.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A session's request in the gateway's form.
///
/// @param names tools as vendors allow them to be called
/// @param schema of the answer; absent: free text
record Asking(ModelRequest request, ToolNames names, @Nullable AnswerSchema schema) {
    static Asking of(ModelRequest request) {
        var answer = request.answer();
        return new Asking(
                request, ToolNames.of(request), answer == null ? null : AnswerSchema.of(answer));
    }

    ChatRequest chat() {
        var choice = request.choice().model();
        return new ChatRequest(
                choice == null || choice.isBlank() ? request.route() : choice,
                turns(),
                request.tools().stream()
                        .map(tool ->
                                new ToolSpec(
                                        names.wire(tool.name()),
                                        tool.description(),
                                        tool.input(),
                                        null,
                                        false))
                        .toList(),
                new ToolChoice.Auto(),
                request.tools().isEmpty() ? null : request.layout().parallelTools(),
                ChatRequest.Sampling.DEFAULT,
                request.maxOutputTokens(),
                output(),
                new ChatRequest.Thinking(null, null, null, request.layout().keepsReasoning()),
                1,
                true,
                true,
                null,
                Map.of());
    }

    private Output output() {
        return schema == null
                ? new Output.Text()
                : new Output.Schema("answer", null, schema.wire(), schema.isStrict());
    }

    private List<Turn> turns() {
        var turns = new ArrayList<Turn>();
        for (int i = 0; i < request.messages().size(); i++) {
            var turn = turn(request.messages().get(i));
            turns.add(request.layout().cacheAt().contains(i) ? marked(turn) : turn);
        }
        return turns;
    }

    /// The prompt up to and with this turn is worth keeping. Where it ends with a call, the mark is
    /// left out: the next one is never far.
    private static Turn marked(Turn turn) {
        var pieces = new ArrayList<>(turn.pieces());
        if (pieces.isEmpty()) {
            return turn;
        }
        var last = marked(pieces.removeLast());
        pieces.add(last);
        return new Turn(turn.role(), pieces);
    }

    private static Piece marked(Piece piece) {
        return switch (piece) {
            case Piece.Text(var text, var _) -> new Piece.Text(text, true);
            case Piece.ToolResult(var id, var tool, var content, var failed) -> {
                var parts = new ArrayList<>(content);
                if (!parts.isEmpty()) {
                    parts.add(marked(parts.removeLast()));
                }
                yield new Piece.ToolResult(id, tool, parts, failed);
            }
            default -> piece;
        };
    }

    private Turn turn(Message message) {
        var signatures = new HashMap<String, String>();
        for (var part : message.parts()) {
            if (part instanceof Part.Reasoning(var _, var signature) && signature != null) {
                Signature.read(signature)
                        .filter(known -> known.call() != null)
                        .ifPresent(known -> signatures.put(known.call(), known.value()));
            }
        }
        List<Piece> pieces = new ArrayList<>();
        message.parts().forEach(part -> add(pieces, part, signatures));
        return new Turn(role(message.role()), pieces);
    }

    private static Role role(Message.Role role) {
        return switch (role) {
            case SYSTEM -> Role.SYSTEM;
            case USER -> Role.USER;
            case ASSISTANT -> Role.ASSISTANT;
        };
    }

    private void add(List<Piece> pieces, Part part, Map<String, String> signatures) {
        switch (part) {
            case Part.Text(var text) -> pieces.add(new Piece.Text(text));
            case Part.Reasoning(var text, var signature) -> thought(pieces, text, signature);
            case Part.ToolUse(var id, var tool, var arguments) ->
                    pieces.add(
                            new Piece.ToolCall(
                                    id, names.wire(tool), arguments, signatures.get(id)));
            case Part.ToolResult(var id, var text, var failed) ->
                    pieces.add(
                            new Piece.ToolResult(
                                    id, toolOf(id), List.of(new Piece.Text(text)), failed));
        }
    }

    private static void thought(List<Piece> pieces, String text, @Nullable String signature) {
        var known = signature == null ? null : Signature.read(signature).orElse(null);
        if (known == null) {
            pieces.add(new Piece.Thought(text, null, null, false, null));
        } else if (known.call() == null) {
            pieces.add(
                    new Piece.Thought(
                            text, known.id(), known.value(), known.redacted(), known.origin()));
        }
    }

    private String toolOf(String id) {
        return request.messages().stream()
                .flatMap(message -> message.toolUses().stream())
                .filter(use -> use.id().equals(id))
                .map(use -> names.wire(use.tool()))
                .findFirst()
                .orElse("");
    }
}
