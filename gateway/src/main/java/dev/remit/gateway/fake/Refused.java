package dev.remit.gateway.fake;

import org.jspecify.annotations.Nullable;

/// What a vendor does not accept, and the words it finds for it.
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    final int status;
    final String says;

    /// What is wrong, where the vendor's errors tell that apart.
    final @Nullable String param;

    /// The vendor's own word for it, beside the status.
    final @Nullable String code;

    Refused(int status, String says, @Nullable String param, @Nullable String code) {
        super(says, null, false, false);
        this.status = status;
        this.says = says;
        this.param = param;
        this.code = code;
    }

    /// A request that makes no sense.
    static Refused invalid(String says) {
        return new Refused(400, says, null, null);
    }

    static Refused invalid(String param, String says) {
        return new Refused(400, says, param, "invalid_value");
    }

    static void unless(boolean good, String says) throws Refused {
        if (!good) {
            throw invalid(says);
        }
    }
}
