package dev.remit.gateway.vendor;

import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.money.Usage;
import dev.remit.gateway.wire.Words;
import dev.remit.http.client.UpstreamException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads what kind of failure it is, and says what to do about it.
final class ErrorReading {
    private ErrorReading() {}

    /// An answer with a status other than 2xx.
    ///
    /// @param server for people, such as `Anthropic` or an address
    /// @param what what the server said about it, cleaned
    /// @param credit whether the account has none left, as far as the body says so
    static CallFailed ofStatus(
            int status,
            String server,
            String what,
            String keyVariable,
            boolean credit,
            @Nullable Duration retryAfter) {
        var said = " (HTTP " + status + (what.isEmpty() ? "" : ": " + what) + ")";
        if (credit || status == 402) {
            return CallFailed.unbilled(
                    Kind.UNAUTHORIZED,
                    server + " has no credit left for this key" + said + ": add credit there");
        }
        var kind = kind(status);
        var why =
                switch (kind) {
                    case UNAUTHORIZED ->
                            server
                                    + " refused the key"
                                    + said
                                    + ": set a valid one in "
                                    + keyVariable
                                    + " and run again";
                    case RATE_LIMITED -> server + " asks to wait: too many requests" + said;
                    case OVERLOADED -> server + " is overloaded" + said;
                    case TIMED_OUT -> server + " gave up waiting" + said;
                    case UNAVAILABLE -> server + " has a fault of its own" + said;
                    default -> server + " did not accept the request" + said;
                };
        return CallFailed.unbilled(kind, why, retryAfter);
    }

    private static Kind kind(int status) {
        return switch (status) {
            case 401, 403 -> Kind.UNAUTHORIZED;
            case 429 -> Kind.RATE_LIMITED;
            case 503, 529 -> Kind.OVERLOADED;
            case 408 -> Kind.TIMED_OUT;
            case 409, 425 -> Kind.UNAVAILABLE;
            default -> status >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
        };
    }

    /// An error that comes after the answer has begun.
    static CallFailed inStream(JsonNode body, String server, Usage usage) {
        var error = body.path("error");
        var type = error.path("type").asString("") + " " + error.path("code").asString("");
        var kind = kindOf(type.toLowerCase(Locale.ROOT));
        var what = Words.clean(Words.message(body), null);
        return CallFailed.lost(
                kind,
                server + " broke off its answer" + (what.isEmpty() ? "" : ": " + what),
                null,
                usage);
    }

    private static Kind kindOf(String type) {
        if (type.contains("overloaded")) {
            return Kind.OVERLOADED;
        }
        if (type.contains("rate_limit") || type.contains("429")) {
            return Kind.RATE_LIMITED;
        }
        if (type.contains("authentication")
                || type.contains("permission")
                || type.contains("billing")
                || type.contains("quota")) {
            return Kind.UNAUTHORIZED;
        }
        if (type.contains("invalid_request") || type.contains("too_large")) {
            return Kind.INVALID;
        }
        return type.contains("timeout") ? Kind.TIMED_OUT : Kind.UNAVAILABLE;
    }

    /// A request that brought no whole answer.
    static CallFailed ofTransport(UpstreamException failure, Usage usage) {
        var kind =
                switch (failure.kind()) {
                    case NOT_REACHED, TOO_LATE -> Kind.UNAVAILABLE;
                    case CONNECT_TIMED_OUT, SILENT, TOO_LONG -> Kind.TIMED_OUT;
                    case CUT -> Kind.CUT;
                    case TOO_LARGE -> Kind.GARBAGE;
                };
        var why = String.valueOf(failure.getMessage());
        return failure.sent()
                ? CallFailed.lost(kind, why, null, usage)
                : CallFailed.unbilled(kind, why);
    }
}
