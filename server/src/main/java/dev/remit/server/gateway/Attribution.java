package dev.remit.server.gateway;

import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.Principal;
import dev.remit.core.money.Attempt;
import dev.remit.gateway.relay.Caller;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.http.server.Exchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads on whose behalf a program calls: from its key, and from the headers `X-Remit-Session`,
/// `X-Remit-Agent`, `X-Remit-Parent` and `X-Remit-Tags` (`name=value, name=value`).
final class Attribution {
    private static final int LONGEST = 200;
    private static final int MOST_TAGS = 32;

    private Attribution() {}

    /// @throws BadRequest if a header is not well formed, or names another agent than the key's
    static Caller of(Exchange exchange, LiveKey live) throws BadRequest {
        var key = live.key();
        var agent = agent(key.agent(), text(exchange, "X-Remit-Agent"));
        var cause = new ArrayList<Principal>();
        if (agent != null) {
            cause.add(new Principal(Principal.Kind.AGENT, agent));
        }
        if (cause.isEmpty() || !cause.getFirst().equals(key.principal())) {
            cause.add(key.principal());
        }
        return new Caller(
                new Attempt.Who(
                        List.copyOf(cause),
                        key.id(),
                        key.team(),
                        agent,
                        text(exchange, "X-Remit-Session"),
                        text(exchange, "X-Remit-Parent"),
                        null,
                        tags(exchange)),
                live);
    }

    private static @Nullable String agent(@Nullable String bound, @Nullable String said)
            throws BadRequest {
        if (bound != null && said != null && !bound.equals(said)) {
            throw new BadRequest(
                    "X-Remit-Agent names " + said + ", but this key is that of " + bound);
        }
        return bound == null ? said : bound;
    }

    private static @Nullable String text(Exchange exchange, String header) throws BadRequest {
        var value = exchange.header(header).map(String::strip).orElse("");
        if (value.length() > LONGEST || value.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequest(
                    header + " is expected to have at most " + LONGEST + " printable characters");
        }
        return value.isEmpty() ? null : value;
    }

    private static Map<String, String> tags(Exchange exchange) throws BadRequest {
        var tags = new HashMap<String, String>();
        for (var pair : exchange.header("X-Remit-Tags").orElse("").split(",", -1)) {
            if (pair.isBlank()) {
                continue;
            }
            var equals = pair.indexOf('=');
            var name = equals < 0 ? pair.strip() : pair.substring(0, equals).strip();
            var value = equals < 0 ? "" : pair.substring(equals + 1).strip();
            if (name.isEmpty() || name.length() > LONGEST || value.length() > LONGEST) {
                throw new BadRequest("X-Remit-Tags is expected to be such as team=a, ticket=17");
            }
            tags.put(name, value);
            if (tags.size() > MOST_TAGS) {
                throw new BadRequest("X-Remit-Tags holds more than " + MOST_TAGS + " tags");
            }
        }
        return tags;
    }
}
