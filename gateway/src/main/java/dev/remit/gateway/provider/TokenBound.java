package dev.remit.gateway.provider;

import dev.remit.gateway.vendor.Overhead;
import dev.remit.gateway.wire.Facts;
import java.util.OptionalLong;

/// How many tokens a prompt can have at most. Every tokenizer in use works on bytes, or falls back
/// to them: no token is less than one byte of the text, and the body that carries the text in JSON
/// has no fewer bytes than the text. What a vendor adds comes on top.
final class TokenBound {
    /// gpt-4o-mini: 2,833 and 5,667 for each of at most 8 tiles. No vendor is known to ask more.
    static final long DEAREST_PICTURE = 48_500;

    private TokenBound() {}

    /// @param bytes of the body that goes out
    /// @param picture the most that one costs; empty if nobody knows: then its bytes count, too,
    ///   and it may cost as much as anywhere
    static long of(Facts facts, long bytes, OptionalLong picture) {
        var media = facts.media();
        var explained = facts.tools() > 0 || facts.structured();
        var text = picture.isPresent() ? Math.max(0, bytes - media.pictureBytes()) : bytes;
        return text
                + (explained ? Overhead.TOOLS : Overhead.CALL)
                + Overhead.A_MESSAGE * facts.turns()
                + Overhead.A_TOOL * facts.tools()
                + picture.orElse(DEAREST_PICTURE) * media.pictures();
    }
}
