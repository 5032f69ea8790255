package dev.remit.http.client;

import java.io.IOException;

/// More came than is allowed. The message says what is.
final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(String expected) {
        super(expected);
    }
}
