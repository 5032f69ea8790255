package dev.remit.gateway.relay;

import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.ChatRequest;
import dev.remit.gateway.wire.ChatRequest.Output;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Facts;
import dev.remit.gateway.wire.Media;
import dev.remit.gateway.wire.Piece;

/// The facts of a request that was never a body.
final class SessionFacts {
    private SessionFacts() {}

    /// One form of it stands for all: they differ by little, and providers add their constants.
    static final Dialect DIALECT = Dialect.OPENAI_CHAT;

    /// @param body the request, written
    static Facts of(ChatRequest request, byte[] body) {
        var media = media(request);
        return new Facts(
                request.model(),
                request.stream(),
                true,
                request.maxOutput(),
                request.answers(),
                request.turns().size(),
                request.tools().size(),
                media,
                !(request.output() instanceof Output.Text),
                null,
                true,
                request.user(),
                request.metadata(),
                prefix(request),
                body.length);
    }

    private static Media media(ChatRequest request) {
        var pieces =
                request.turns().stream()
                        .flatMap(turn -> turn.pieces().stream())
                        .filter(Piece.Media.class::isInstance)
                        .count();
        // what each of them is does not matter to the bound as long as it is the widest
        return pieces == 0 ? Media.NONE : new Media(0, 0, 0, (int) pieces, true);
    }

    static byte[] body(ChatRequest request) {
        try {
            return Codec.of(DIALECT).writeRequest(request, true);
        } catch (BadRequest e) {
            throw new IllegalStateException("this dialect says all that sessions ask", e);
        }
    }

    private static long prefix(ChatRequest request) {
        long hash = request.tools().hashCode();
        for (int i = 0; i < Math.min(2, request.turns().size()); i++) {
            hash = hash * 0x9E3779B97F4A7C15L + request.turns().get(i).hashCode();
        }
        return hash;
    }
}
