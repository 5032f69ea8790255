package dev.remit.http.server;

import java.io.IOException;

/// Thrown by whoever writes an answer that cannot be brought to its end: the connection is cut, so
/// that the client cannot take what it got for the whole.
public final class Broken extends IOException {
    private static final long serialVersionUID = 1L;

    public Broken(String message) {
        super(message);
    }
}
