package dev.remit.http.client;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Finds the addresses of a host, and may refuse to.
@FunctionalInterface
public interface Addresses {
    /// @param host a name or a literal address
    /// @throws HostRefused if it must not be connected to
    /// @throws UnknownHostException if there is none of that name
    InetAddress[] of(String host) throws UnknownHostException;
}
