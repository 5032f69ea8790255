package dev.remit.gateway.wire;

/// A client's request that cannot be read. The message says where, what came, and what would be
/// right.
public final class BadRequest extends Exception {
    private static final long serialVersionUID = 1;

    public BadRequest(String message) {
        super(message, null, false, false);
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
