package dev.remit.hands.http;

/// A call that is not made, and would not be however often it was tried. The message says what was
/// expected, and holds no secret.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message);
    }
}
