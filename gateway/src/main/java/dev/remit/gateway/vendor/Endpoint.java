package dev.remit.gateway.vendor;

import dev.remit.core.model.ModelAnswer.Kind;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Where models are called.
///
/// @param base with its version, such as `https://api.openai.com/v1`
/// @param vendor whether it is the vendor's own, so that its prices and newest fields hold
/// @param local whether it is on this machine or in a private network: the user's own hardware,
///   where a token costs nothing
record Endpoint(URI base, boolean vendor, boolean local) {
    /// @param named by the session's model choice; absent: the vendor's own
    /// @throws CallFailed if it is no address that may be called
    static Endpoint of(URI vendor, @Nullable String named) throws CallFailed {
        var own = Hosts.versioned(vendor);
        if (named == null || named.isBlank()) {
            return new Endpoint(own, true, false);
        }
        URI base;
        try {
            base = Hosts.versioned(URI.create(named.strip()));
        } catch (IllegalArgumentException e) {
            throw CallFailed.unbilled(
                    Kind.INVALID,
                    "the base URL is no address: expected one such as http://127.0.0.1:11434/v1");
        }
        check(base);
        var same =
                own.getScheme().equals(base.getScheme())
                        && own.getHost().equals(base.getHost())
                        && own.getPort() == base.getPort();
        return new Endpoint(base, same, !same && Hosts.isLocal(base.getHost()));
    }

    private static void check(URI base) throws CallFailed {
        var scheme = base.getScheme() == null ? "" : base.getScheme();
        if (base.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw CallFailed.unbilled(
                    Kind.INVALID,
                    "the base URL is not of the form http://host/v1 or https://host/v1");
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null) {
            throw CallFailed.unbilled(
                    Kind.INVALID,
                    "the base URL for "
                            + base.getHost()
                            + " carries a user name or a query: keep the key in the vault, not in"
                            + " the address");
        }
    }

    URI at(String path) {
        return URI.create(base + path);
    }

    /// Whether a key may be sent there: not in clear over the open network.
    boolean isConfidential() {
        return vendor || local || base.getScheme().equals("https");
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
