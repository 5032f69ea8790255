package dev.remit.http.client;

import java.io.IOException;

/// What came is not an answer of HTTP/1.1 that can be understood in one way only.
final class BadAnswer extends IOException {
    private static final long serialVersionUID = 1;

    BadAnswer(String message) {
        super(message);
    }
}
