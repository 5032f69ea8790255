package dev.remit.server.gateway;

import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.GatewayError;
import dev.remit.gateway.wire.GatewayError.Kind;
import dev.remit.http.server.Problem;
import dev.remit.http.server.Reply;
import java.util.HashMap;
import java.util.Map;

/// Trouble on the way to the gateway, in the shape that the vendor's SDK expects.
record Errors(Dialect dialect) {
    private static final String JSON = "application/json";

    Reply of(Problem problem) {
        var error =
                new GatewayError(
                        kind(problem.status()),
                        problem.detail(),
                        null,
                        problem.status() == 503,
                        Map.of());
        var codec = Codec.of(dialect);
        var headers = new HashMap<>(problem.headers());
        headers.putAll(codec.errorHeaders(error));
        return new Reply.Bytes(problem.status(), headers, JSON, codec.writeError(error));
    }

    private static Kind kind(int status) {
        return switch (status) {
            case 401 -> Kind.UNAUTHENTICATED;
            case 403 -> Kind.FORBIDDEN;
            case 404, 405 -> Kind.NOT_FOUND;
            case 408 -> Kind.TIMED_OUT;
            case 413 -> Kind.TOO_LARGE;
            case 429 -> Kind.RATE_LIMITED;
            case 503 -> Kind.OVERLOADED;
            default -> status < 500 ? Kind.INVALID : Kind.INTERNAL;
        };
    }
}
