package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Attempt.Exchanged;
import dev.remit.core.money.Usage;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.route.Asked;
import dev.remit.gateway.route.Entry;
import dev.remit.gateway.route.Health;
import dev.remit.gateway.route.Limited;
import dev.remit.gateway.route.Limits;
import dev.remit.gateway.route.Pass;
import dev.remit.gateway.route.Plan;
import dev.remit.gateway.route.Router;
import dev.remit.gateway.route.TargetHealth;
import dev.remit.gateway.route.Whose;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.GatewayError;
import dev.remit.gateway.wire.GatewayError.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Targets as routes, health and limits have them.
final class RoutedTargets implements Targets {
    /// How long a call may wait for its turn, where as many are under way as may be.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long BYTES_A_TOKEN = 4;

    private final Supplier<Settings> settings;
    private final Router router;
    private final Health health;
    private final Limits limits;
    private final Kept kept;

    RoutedTargets(
            Supplier<Settings> settings, Router router, Health health, Limits limits, Kept kept) {
        this.settings = settings;
        this.router = router;
        this.health = health;
        this.limits = limits;
        this.kept = kept;
    }

    @Override
    public Plan plan(Route route, Call call) {
        return router.plan(route, asked(route, call));
    }

    private static Asked asked(Route route, Call call) {
        var facts = call.facts();
        var who = call.caller().who();
        var cap = facts.maxOutput() == null ? route.maxOutput() : facts.maxOutput();
        return new Asked(
                route.name(),
                facts.bytes() / BYTES_A_TOKEN,
                cap == null ? 0 : cap,
                facts.bytes(),
                facts.tools(),
                facts.media().count(),
                facts.turns(),
                facts.stream(),
                facts.structured(),
                who.tags(),
                who.team(),
                who.agent(),
                call.caller().key().key().id(),
                facts.model(),
                facts.prefix());
    }

    private static Whose whose(Call call) {
        var key = call.caller().key().key();
        return new Whose(key.team() == null ? "" : key.team(), key.id());
    }

    /// What it will count for, until the truth is known.
    private static long tokens(Call call) {
        var cap = call.facts().maxOutput();
        return call.facts().bytes() / BYTES_A_TOKEN + (cap == null ? 0 : Math.min(cap, 4096));
    }

    @Override
    public Admission admit(Call call) throws InterruptedException {
        var key = Limited.of(call.caller().key().key());
        return switch (limits.enter(List.of(key), whose(call), tokens(call), PATIENCE)) {
            case Pass pass -> {
                call.onOver(() -> {
                    pass.settle(call.tokens());
                    pass.close();
                });
                yield new Admission.Admitted(headers(pass));
            }
            case Entry.Full full -> new Admission.Refused(error(full));
        };
    }

    private static Map<String, String> headers(Pass pass) {
        var headers = new HashMap<String, String>();
        if (pass.requests().limit() > 0) {
            headers.put("x-ratelimit-limit-requests", Long.toString(pass.requests().limit()));
            headers.put(
                    "x-ratelimit-remaining-requests", Long.toString(pass.requests().remaining()));
        }
        if (pass.tokens().limit() > 0) {
            headers.put("x-ratelimit-limit-tokens", Long.toString(pass.tokens().limit()));
            headers.put("x-ratelimit-remaining-tokens", Long.toString(pass.tokens().remaining()));
        }
        return headers;
    }

    private static GatewayError error(Entry.Full full) {
        var whose =
                switch (full.at().kind()) {
                    case KEY -> "this key";
                    case TARGET -> "the target " + full.at().name();
                    case PROVIDER -> "the provider " + full.at().name();
                };
        var limits = full.at().limits();
        var message =
                switch (full.cause()) {
                    case REQUESTS ->
                            whose
                                    + " has had its "
                                    + limits.requests()
                                    + " requests of this minute";
                    case TOKENS ->
                            whose + " has had its " + limits.tokens() + " tokens of this minute";
                    case TOO_LARGE ->
                            "this request has more tokens than "
                                    + whose
                                    + " may have in a minute ("
                                    + limits.tokens()
                                    + ")";
                    case AT_ONCE, QUEUE ->
                            whose
                                    + " has as many calls under way as it may ("
                                    + limits.atOnce()
                                    + "), and more wait";
                    case CANCELLED -> "cancelled while it waited for its turn";
                };
        var canHelp = full.cause() != Entry.Cause.TOO_LARGE;
        return new GatewayError(Kind.RATE_LIMITED, message, full.retryAfter(), canHelp, Map.of());
    }

    @Override
    public Turn begin(Route route, Target target, Call call, boolean last)
            throws InterruptedException {
        var attempt = health.of(target).begin();
        if (attempt.isEmpty()) {
            var limited = health.of(target).isLimited();
            return new Turn.Full(
                    new GatewayError(
                            limited ? Kind.RATE_LIMITED : Kind.OVERLOADED,
                            limited
                                    ? target
                                            + " has had too many calls, and its vendor asks to wait"
                                    : target + " has failed too often and is given a rest",
                            health.of(target).closedIn(),
                            true,
                            Map.of()));
        }
        var provider = settings.get().providers().get(target.provider());
        var things =
                provider == null
                        ? List.of(Limited.of(route, target))
                        : List.of(Limited.of(route, target), Limited.of(provider));
        var entered = false;
        try {
            var left = call.timeLeft(route.total());
            var patience =
                    !last || left.isNegative()
                            ? Duration.ZERO
                            : left.compareTo(PATIENCE) < 0 ? left : PATIENCE;
            switch (limits.enter(things, whose(call), tokens(call), patience)) {
                case Pass pass -> {
                    entered = true;
                    return new Turn.Yours(new Run(route, target, call, attempt.get(), pass));
                }
                case Entry.Full full -> {
                    return new Turn.Full(error(full));
                }
            }
        } finally {
            if (!entered) {
                attempt.get().close();
            }
        }
    }

    /// One attempt under way.
    private final class Run implements Trial {
        private final Route route;
        private final Target target;
        private final Call call;
        private final TargetHealth.Attempt attempt;
        private final Pass pass;

        Run(Route route, Target target, Call call, TargetHealth.Attempt attempt, Pass pass) {
            this.route = route;
            this.target = target;
            this.call = call;
            this.attempt = attempt;
            this.pass = pass;
        }

        @Override
        public void firstTokenCame() {
            attempt.firstToken();
        }

        @Override
        public void succeeded() {
            attempt.succeeded();
            router.served(route, asked(route, call), target);
            end();
        }

        @Override
        public void failed(ModelAnswer.Kind kind, @Nullable Duration retryAfter) {
            attempt.failed(retryAfter, kind == ModelAnswer.Kind.RATE_LIMITED);
            end();
        }

        @Override
        public void dropped() {
            end();
        }

        private void end() {
            attempt.close();
            pass.close();
        }

        @Override
        public void billed(Usage usage) {
            call.billed(usage);
            pass.settle(usage.tokens());
        }

        @Override
        public @Nullable Exchanged kept(@Nullable ChatAnswer answer) {
            return kept.of(settings.get().prompts().keep(), call, answer);
        }
    }
}
