package dev.remit.hands.http;

import dev.remit.http.client.Addresses;
import dev.remit.http.client.HostRefused;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Lets a tool reach private addresses only where its author plainly asked for that: by a literal
/// address, or by a name that exists in private networks alone. A public name that resolves to a
/// private address is refused, whoever controls its DNS.
final class PublicHosts implements Addresses {
    private static final Pattern LITERAL =
            Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%\\w]*]?");
    private static final List<String> PRIVATE_SUFFIXES =
            List.of(
                    ".localhost",
                    ".local",
                    ".internal",
                    ".lan",
                    ".home.arpa",
                    ".svc",
                    ".intranet",
                    ".private",
                    ".localdomain");

    private final Addresses system;

    PublicHosts(Addresses system) {
        this.system = system;
    }

    @Override
    public InetAddress[] of(String host) throws UnknownHostException {
        var addresses = system.of(host);
        if (!isPlainlyPrivate(host)) {
            for (var address : addresses) {
                if (!isPublic(address)) {
                    throw new HostRefused(
                            "its name is public and its address is not; a tool reaches a private"
                                    + " address only if its file says so, by the address itself or"
                                    + " by a private name such as x.internal");
                }
            }
        }
        return addresses;
    }

    /// Whether whoever wrote this host knew that it is, or may be, a private one.
    static boolean isPlainlyPrivate(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        return LITERAL.matcher(name).matches()
                || name.indexOf('.') < 0
                || PRIVATE_SUFFIXES.stream().anyMatch(name::endsWith);
    }

    static boolean isPublic(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        var bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes, 0) : isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] bytes, int at) {
        int a = bytes[at] & 0xff;
        int b = bytes[at + 1] & 0xff;
        int c = bytes[at + 2] & 0xff;
        return switch (a) {
            case 0, 10, 127 -> false;
            case 100 -> b < 64 || b > 127; // shared by carriers (RFC 6598)
            case 169 -> b != 254;
            case 172 -> b < 16 || b > 31;
            case 192 -> b != 168 && !(b == 0 && (c == 0 || c == 2));
            case 198 -> b != 18 && b != 19 && !(b == 51 && c == 100);
            case 203 -> !(b == 0 && c == 113);
            default -> a < 224;
        };
    }

    private static boolean isPublic6(byte[] bytes) {
        int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
        if (first == 0x2002) {
            return isPublic4(bytes, 2); // 6to4 holds an IPv4 address
        }
        if (first == 0x64 && bytes[2] == (byte) 0xff && bytes[3] == (byte) 0x9b) {
            return isPublic4(bytes, 12); // NAT64 does, too
        }
        return (first & 0xe000) == 0x2000
                && !(first == 0x2001 && bytes[2] == 0x0d && bytes[3] == (byte) 0xb8);
    }
}
