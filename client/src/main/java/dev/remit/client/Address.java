package dev.remit.client;

import java.net.URI;

/// Where a server listens, and the key it wants.
///
/// @param url such as `http://127.0.0.1:20480`
public record Address(URI url, String key) {
    /// The key stays out of logs.
    @Override
    public String toString() {
        return "Address[" + url + "]";
    }
}
