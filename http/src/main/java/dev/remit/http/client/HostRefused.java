package dev.remit.http.client;

import java.net.UnknownHostException;

/// A host that must not be connected to. The message says why.
public final class HostRefused extends UnknownHostException {
    private static final long serialVersionUID = 1;

    public HostRefused(String message) {
        super(message);
    }
}
