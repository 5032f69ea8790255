package dev.remit.server.api;

import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;

/// `/v1/credentials/{name}`: what goes in here never comes out again.
final class CredentialsApi {
    private static final int LONGEST = 16_384;

    private final ApiParts parts;

    CredentialsApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply put(Exchange exchange) {
        var name = exchange.parameter("name");
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")) {
            throw Problems.badRequest(
                    "the name of a credential has up to 64 of A-Z, a-z, 0-9, _, . and -");
        }
        var value = Body.of(exchange, "value").text("value");
        if (value.length() > LONGEST || value.chars().anyMatch(Character::isISOControl)) {
            throw Problems.badRequest(
                    "value is expected to be one line of at most " + LONGEST + " characters");
        }
        parts.keep().accept(name, value);
        return new Reply.Empty(204);
    }
}
