package dev.remit.gateway.session;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Principal;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.model.ModelTarget;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.gateway.relay.Call;
import dev.remit.gateway.relay.Caller;
import dev.remit.gateway.relay.Flow;
import dev.remit.gateway.relay.Relay;
import dev.remit.gateway.relay.Result;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.GatewayError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/// The gateway as a session uses it: the same routes, budgets, fallbacks and ledger as for any
/// other program, without a network in between.
public final class SessionModels implements ModelProvider {
    private final Relay relay;

    public SessionModels(Relay relay) {
        this.relay = relay;
    }

    @Override
    public Optional<Money> bound(ModelRequest request) {
        return ready(request).bound();
    }

    @Override
    public ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar)
            throws InterruptedException {
        return ready(request).call(tokensSoFar);
    }

    /// Written and bounded once.
    @Override
    public Ready ready(ModelRequest request) {
        var asking = Asking.of(request);
        var call = open(request, asking);
        return new Bounded(request, asking, call, relay.bound(call));
    }

    @Override
    public ModelTarget target(ModelChoice choice, String route) {
        var model = choice.model();
        var name = model == null || model.isBlank() ? route : model;
        return relay.target(name).orElseGet(() -> ModelTarget.unknown(choice, route));
    }

    private final class Bounded implements Ready {
        private final ModelRequest request;
        private final Asking asking;
        private final Call call;
        private final Optional<Money> bound;

        Bounded(ModelRequest request, Asking asking, Call call, Optional<Money> bound) {
            this.request = request;
            this.asking = asking;
            this.call = call;
            this.bound = bound;
        }

        @Override
        public Optional<Money> bound() {
            return bound;
        }

        @Override
        public ModelAnswer call(LongConsumer tokensSoFar) throws InterruptedException {
            var start = System.nanoTime();
            call.spendAtMost(bound.orElse(Money.ZERO));
            return switch (relay.run(call)) {
                case Result.Failed(var error, var _, var _) -> failure(call, error);
                case Result.Whole(var answer, var _, var _) ->
                        answer(request, asking, call, answer, start);
                case Result.Flowing(var flow, var _) ->
                        flowing(request, asking, call, flow, tokensSoFar, start);
            };
        }
    }

    private Call open(ModelRequest request, Asking asking) {
        var asked = new Call.Asked(null, Codec.InPath.NOTHING, Map.of(), null, null);
        return relay.open(asked, caller(request), asking.chat()).within(request.timeout());
    }

    private static Caller caller(ModelRequest request) {
        var agent = new Principal(Principal.Kind.AGENT, request.agent());
        var cause = request.cause().isEmpty() ? List.of(agent) : request.cause();
        var who =
                new Attempt.Who(
                        cause,
                        request.key(),
                        request.team(),
                        request.agent(),
                        request.session().toString(),
                        null,
                        null,
                        Map.of());
        var key =
                new Key(
                        "session",
                        "a session of " + request.agent(),
                        agent,
                        request.team(),
                        request.agent(),
                        Set.of(),
                        Set.of(Permission.MODELS_USE),
                        Key.Limits.NONE,
                        null);
        return new Caller(who, LiveKey.always(key));
    }

    private ModelAnswer flowing(
            ModelRequest request,
            Asking asking,
            Call call,
            Flow flow,
            LongConsumer tokensSoFar,
            long start)
            throws InterruptedException {
        try {
            var answer = relay.collect(call, flow, tokensSoFar);
            return answer(request, asking, call, answer, start);
        } catch (Flow.Broken e) {
            return failure(call, e.error());
        }
    }

    private static ModelAnswer answer(
            ModelRequest request, Asking asking, Call call, ChatAnswer answer, long start) {
        var total = Duration.ofNanos(System.nanoTime() - start);
        return switch (Understood.of(answer, asking)) {
            case Understood.Good(var message, var stop) ->
                    new ModelAnswer.Reply(
                            call.servedBy(),
                            answer.model().isEmpty() ? request.route() : answer.model(),
                            message,
                            stop,
                            answer.usage(),
                            call.spent(),
                            call.firstToken().orElse(total),
                            total);
            case Understood.Bad(var kind, var why) ->
                    new ModelAnswer.Failure(
                            call.servedBy(),
                            answer.model(),
                            kind,
                            why,
                            null,
                            answer.usage(),
                            call.spent());
        };
    }

    private static ModelAnswer failure(Call call, GatewayError error) {
        return new ModelAnswer.Failure(
                call.servedBy(),
                call.facts().model(),
                kind(error),
                error.message(),
                error.retryAfter(),
                Usage.NONE,
                call.spent());
    }

    /// What a session does about it: tries again later, or stops.
    private static Kind kind(GatewayError error) {
        return switch (error.kind()) {
            case RATE_LIMITED -> Kind.RATE_LIMITED;
            case OVERLOADED -> Kind.OVERLOADED;
            case TIMED_OUT -> Kind.TIMED_OUT;
            case UPSTREAM, INTERNAL -> Kind.UNAVAILABLE;
            case UNAUTHENTICATED, FORBIDDEN -> Kind.UNAUTHORIZED;
            case BLOCKED -> Kind.REFUSED;
            // a session waits for its own budget in its own log; one of a wider scope may renew
            case BUDGET -> Kind.RATE_LIMITED;
            case INVALID, NOT_FOUND, TOO_LARGE -> Kind.INVALID;
        };
    }
}
