package dev.remit.gateway.vendor;

import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.secret.Secrets;
import org.jspecify.annotations.Nullable;

/// Finds the key for a call, and sees to it that it goes nowhere it should not.
final class Credential {
    private Credential() {}

    /// @return nothing for a server that may do without
    /// @throws CallFailed if there is none and there must be, or it may not be sent there
    static @Nullable String find(Secrets secrets, Protocol protocol, Endpoint endpoint)
            throws CallFailed {
        var key = secrets.find(protocol.provider()).map(String::strip).orElse("");
        if (key.isEmpty()) {
            if (endpoint.vendor()) {
                throw CallFailed.unbilled(
                        Kind.UNAUTHORIZED,
                        "there is no key for "
                                + protocol.vendor()
                                + ": set "
                                + protocol.keyVariable()
                                + " and run again");
            }
            return null;
        }
        if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw CallFailed.unbilled(
                    Kind.UNAUTHORIZED,
                    "the key for "
                            + protocol.vendor()
                            + " holds characters that no key has: set "
                            + protocol.keyVariable()
                            + " anew");
        }
        if (!endpoint.isConfidential()) {
            throw CallFailed.unbilled(
                    Kind.INVALID,
                    "the key would go in clear over the open network: use https for "
                            + endpoint.base().getHost());
        }
        return key;
    }
}
