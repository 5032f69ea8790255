package dev.remit.gateway.relay;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.Settings.Route;
import dev.remit.gateway.wire.GatewayError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Remit's own refusal of a call: it costs nothing and is written down all the same.
record Refusal(Relay.Parts parts, Call call) {
    private static final int LONGEST_QUOTE = 200;

    /// @param route that was meant; empty if there is none
    Result of(String route, GatewayError error) {
        parts.telemetry().figures().refused(error.kind().name().toLowerCase(Locale.ROOT));
        parts.ledger()
                .record(
                        new Attempt(
                                call.id(),
                                1,
                                call.at(),
                                call.caller().who(),
                                new Attempt.Target(route, "", "", null),
                                Usage.NONE,
                                Money.ZERO,
                                true,
                                Money.ZERO,
                                Words.wire(call),
                                call.facts().stream(),
                                null,
                                call.elapsed(),
                                End.REFUSED,
                                error.message(),
                                null,
                                null));
        return new Result.Failed(error, null, Map.of("x-remit-call", call.id().toString()));
    }

    // ---- why

    static GatewayError unknown(String name, Settings settings) {
        var routes = new ArrayList<>(settings.routes().keySet());
        routes.sort(null);
        return GatewayError.of(
                GatewayError.Kind.NOT_FOUND,
                "there is no route "
                        + name.substring(0, Math.min(name.length(), LONGEST_QUOTE))
                        + (routes.isEmpty() ? "" : "; there are " + String.join(", ", routes))
                        + "; a provider's model is named as provider/model");
    }

    static GatewayError forbidden(Route route) {
        return GatewayError.of(GatewayError.Kind.FORBIDDEN, "this key may not use " + route.name());
    }

    static GatewayError nowhere(Route route) {
        return GatewayError.of(
                GatewayError.Kind.INVALID,
                "no target of the route "
                        + route.name()
                        + " takes this request: see their conditions in remit.yaml");
    }

    static GatewayError resting(Route route, Duration until) {
        return new GatewayError(
                GatewayError.Kind.OVERLOADED,
                "every target of the route " + route.name() + " fails and is given a rest",
                until,
                true,
                Map.of());
    }

    static GatewayError limited(Route route, Duration until) {
        return new GatewayError(
                GatewayError.Kind.RATE_LIMITED,
                "every target of the route "
                        + route.name()
                        + " has had too many calls, and their vendors ask to wait",
                until,
                true,
                Map.of());
    }

    /// What a client is told whose call was ended from outside.
    static GatewayError ended(Call.@Nullable Cancelled why) {
        return switch (why) {
            case KEY_REVOKED ->
                    new GatewayError(
                            GatewayError.Kind.UNAUTHENTICATED,
                            "the key was revoked",
                            null,
                            false,
                            Map.of());
            case BY_CLIENT -> GatewayError.of(GatewayError.Kind.INVALID, "cancelled");
            case STOPPING ->
                    GatewayError.of(GatewayError.Kind.OVERLOADED, "this server stops; try again");
            case null -> GatewayError.of(GatewayError.Kind.INTERNAL, "interrupted");
        };
    }
}
