package dev.remit.hands.vault;

/// The vault cannot do what was asked. The message is for people and holds no value.
public final class VaultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    VaultException(String message) {
        super(message);
    }

    VaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
