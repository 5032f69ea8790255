package dev.remit.hands.function;

/// A function does not do what was asked, and trying again with the same arguments cannot help. The
/// message is for the model: what was expected, what came, what to do.
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message);
    }
}
