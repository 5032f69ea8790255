package dev.remit.gateway.wire;

/// A provider's answer that cannot be read. The message quotes at most a few words of it.
public final class Garbage extends Exception {
    private static final long serialVersionUID = 1;

    public Garbage(String message) {
        super(message, null, false, false);
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
