package dev.remit.http.client;

import java.net.URI;
import java.util.Locale;

/// Where a connection leads.
record Origin(boolean secure, String host, int port) {
    static Origin of(URI uri) {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        return new Origin(secure, uri.getHost().toLowerCase(Locale.ROOT), port);
    }

    /// A literal IPv6 address without its brackets.
    String name() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// What the `Host` header says.
    String authority() {
        return port == (secure ? 443 : 80) ? host : host + ":" + port;
    }
}
