package dev.remit.core.settings;

import org.jspecify.annotations.Nullable;

/// Who decides when, and on which node, sessions are driven. Read once, at the start of a server.
public sealed interface DispatcherChoice {
    /// The nodes themselves, by the database that they share.
    record Local() implements DispatcherChoice {}

    /// A Temporal cluster. It is told ids and times, and nothing else.
    ///
    /// @param target its frontend, `host:port`
    /// @param taskQueue that the nodes of one database share, and nobody else
    /// @param credential name of the secret that holds an API key; absent: none is sent
    /// @param tls absent: the connection is not encrypted
    record Temporal(
            String target,
            String namespace,
            String taskQueue,
            @Nullable String credential,
            @Nullable Tls tls)
            implements DispatcherChoice {
        public static final String NAMESPACE = "remit";
        public static final String TASK_QUEUE = "remit";
    }

    /// How an encrypted connection is made. Each is absent where the usual holds.
    ///
    /// @param authority name of the secret that holds the certificates (PEM) to be trusted; absent:
    ///   those that Java trusts
    /// @param certificate name of the secret that holds the client's certificates (PEM)
    /// @param credential name of the secret that holds the client's private key (PKCS #8, PEM)
    /// @param serverName that the server's certificate is for; absent: the host
    record Tls(
            @Nullable String authority,
            @Nullable String certificate,
            @Nullable String credential,
            @Nullable String serverName) {
        public static final Tls USUAL = new Tls(null, null, null, null);
    }

    /// @param text `local`, or `temporal://host:port/namespace`, with `?task_queue=` and
    ///   `&tls=true` if need be
    /// @throws IllegalArgumentException with what would be right
    static DispatcherChoice parse(String text) {
        return DispatcherAddress.parse(text);
    }
}
