package dev.remit.gateway.provider;

import dev.remit.gateway.vendor.Overhead;
import dev.remit.gateway.wire.Facts;

/// How many tokens a prompt can have at most. Every tokenizer in use works on bytes, or falls back
/// to them: no token is less than one byte of the text, and the body that carries the text in JSON
/// has no fewer bytes than the text. What a vendor adds comes on top.
final class TokenBound {
    private TokenBound() {}

    /// @param bytes of the body that goes out
    /// @param media the most that one picture costs
    static long of(Facts facts, long bytes, long media) {
        var explained = facts.tools() > 0 || facts.structured();
        return bytes
                + (explained ? Overhead.TOOLS : Overhead.CALL)
                + Overhead.A_MESSAGE * facts.turns()
                + Overhead.A_TOOL * facts.tools()
                + media * facts.media();
    }
}
