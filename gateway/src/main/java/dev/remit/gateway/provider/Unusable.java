package dev.remit.gateway.provider;

/// A provider that cannot be called as it is configured. The message says what to do.
public final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    public Unusable(String message) {
        super(message, null, false, false);
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
