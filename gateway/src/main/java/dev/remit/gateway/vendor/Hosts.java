package dev.remit.gateway.vendor;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;

/// What an address says about where it leads.
public final class Hosts {
    private Hosts() {}

    /// Whether every address of that host is on this machine or in a private network.
    public static boolean isLocal(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(Hosts::isLocal);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isLocal(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()) {
            return true;
        }
        var bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            return (bytes[0] & 0xFE) == 0xFC; // fc00::/7, RFC 4193
        }
        return (bytes[0] & 0xFF) == 100 && (bytes[1] & 0xC0) == 64; // 100.64.0.0/10, RFC 6598
    }

    /// Adds `/v1` unless the path names a version; a pasted method path is cut off.
    public static URI versioned(URI given) {
        var text = given.toString().replaceFirst("/(chat/completions|messages|models)/?$", "");
        text = text.replaceFirst("/+$", "");
        var path = URI.create(text).getRawPath();
        var hasVersion =
                path != null
                        && Arrays.stream(path.toLowerCase(Locale.ROOT).split("/"))
                                .anyMatch(segment -> segment.matches("v\\d+\\w*"));
        return URI.create(hasVersion ? text : text + "/v1");
    }
}
