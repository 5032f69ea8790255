package dev.remit.gateway.relay;

import dev.remit.core.model.Family;
import dev.remit.core.model.ModelProvider.Listening;
import dev.remit.core.model.ModelTarget;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Money;
import dev.remit.core.secret.Redactor;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.cache.AnswerCache;
import dev.remit.gateway.guard.Blocked;
import dev.remit.gateway.guard.Guards;
import dev.remit.gateway.provider.Provider;
import dev.remit.gateway.provider.Providers;
import dev.remit.gateway.route.Affinity;
import dev.remit.gateway.route.Health;
import dev.remit.gateway.route.Limits;
import dev.remit.gateway.route.Router;
import dev.remit.gateway.telemetry.Telemetry;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.ChatRequest;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.CountTokens;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.gateway.wire.GatewayError;
import dev.remit.gateway.wire.GeminiEmbeddings;
import dev.remit.http.client.ThinClient;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Carries model calls: from a client in any dialect, or from a session of our own, to the first
/// target of its route that answers well.
///
/// What a client may rely on: nothing is sent before its bound is reserved in every budget; every
/// attempt has its row in the ledger, however it ends; a fallback is not seen before the first good
/// word, and after it no failure looks like an end.
public final class Relay {
    private static final int CONVERSATIONS = 50_000;
    private static final int CHARACTERS_A_TOKEN = 4;

    private final Parts parts;

    /// What it works with. What may change while it runs comes by a supplier, asked once a call.
    ///
    /// @param known takes out the secrets that Remit holds
    /// @param redactor takes out whatever looks like a secret, too
    /// @param ids time-ordered
    /// @param prices date of the price list
    record Parts(
            Supplier<Settings> settings,
            Supplier<Providers> providers,
            Targets targets,
            Ledger ledger,
            ThinClient client,
            Redactor known,
            Redactor redactor,
            InstantSource clock,
            Supplier<UUID> ids,
            Supplier<String> prices,
            Supplier<Guards> guards,
            AnswerCache cache,
            Telemetry telemetry) {}

    /// @param known takes out the secrets that Remit holds
    /// @param redactor takes out whatever looks like a secret, too
    /// @param ids time-ordered
    /// @param prices date of the price list
    public static Relay of(
            Supplier<Settings> settings,
            Supplier<Providers> providers,
            Health health,
            Limits limits,
            Ledger ledger,
            ThinClient client,
            Redactor known,
            Redactor redactor,
            InstantSource clock,
            Supplier<UUID> ids,
            Supplier<String> prices,
            Supplier<Guards> guards,
            AnswerCache cache,
            Telemetry telemetry) {
        var router =
                new Router(
                        new TargetModels(providers),
                        health,
                        new Affinity(CONVERSATIONS, System::nanoTime),
                        ThreadLocalRandom::current);
        var targets =
                new RoutedTargets(settings, router, health, limits, new Kept(known, redactor));
        return new Relay(
                new Parts(
                        settings, providers, targets, ledger, client, known, redactor, clock, ids,
                        prices, guards, cache, telemetry));
    }

    Relay(Parts parts) {
        this.parts = parts;
    }

    /// Takes a client's request in.
    ///
    /// @throws BadRequest if it cannot be read
    public Call open(Call.Asked asked, Caller caller, byte[] body) throws BadRequest {
        return Call.of(parts.ids().get(), parts.clock().instant(), asked, caller, body);
    }

    /// Takes a session's request in.
    public Call open(Call.Asked asked, Caller caller, ChatRequest request) {
        return Call.of(parts.ids().get(), parts.clock().instant(), asked, caller, request);
    }

    /// Takes a client's request to embed texts in.
    ///
    /// @throws BadRequest if it cannot be read
    public Call openEmbedding(Call.Asked asked, Caller caller, byte[] body) throws BadRequest {
        return Call.embedding(parts.ids().get(), parts.clock().instant(), asked, caller, body);
    }

    /// Takes a request of a client of Google's to embed texts in.
    ///
    /// @param body as it came, which is what is wanted in other words
    public Call openEmbedding(
            Call.Asked asked, Caller caller, byte[] body, GeminiEmbeddings.Asked wanted) {
        return Call.embedding(
                parts.ids().get(), parts.clock().instant(), asked, caller, body, wanted);
    }

    /// Embeds texts, blocking until the vectors are there or cannot be had.
    ///
    /// @return the answer in OpenAI's form, or a failure; never a flow
    /// @throws InterruptedException if it was cancelled
    public Result embed(Call call) throws InterruptedException {
        return run(call, "embeddings", this::unguarded);
    }

    /// How many tokens a prompt has.
    ///
    /// @return the client's form of the answer, and whether it is an estimate
    /// @throws BadRequest if the request cannot be read
    public Count count(Dialect client, byte[] body, Codec.InPath path, Caller caller)
            throws BadRequest, InterruptedException {
        var request = CountTokens.readRequest(client, body, path);
        var route =
                new Resolve(parts.settings().get(), parts.providers().get())
                        .find(request.model(), client)
                        .filter(found -> caller.mayUse(found.name()));
        var target = route.map(found -> found.targets().getFirst()).orElse(null);
        var provider =
                target == null
                        ? null
                        : parts.providers().get().find(target.provider()).orElse(null);
        var counted = new Counting(parts).count(target, provider, request);
        return new Count(CountTokens.write(client, counted.tokens()), counted.estimated());
    }

    /// The number of tokens of a prompt, as the client wants it.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Count(byte[] body, boolean estimated) {}

    /// What a name of a route or a model means for a session: the target that is asked first.
    public Optional<ModelTarget> target(String name) {
        var settings = parts.settings().get();
        var providers = parts.providers().get();
        return new Resolve(settings, providers)
                .find(name, null)
                .flatMap(route ->
                        route.targets().stream().min(Comparator.comparingInt(Target::priority)))
                .flatMap(first -> providers.find(first.provider()).map(p -> target(first, p)));
    }

    private static ModelTarget target(Target first, Provider provider) {
        var kind = provider.settings().kind().name().toLowerCase(Locale.ROOT);
        return new ModelTarget(
                first.provider(),
                first.model(),
                Family.of(kind, first.model()),
                provider.window(first.model()).orElse(0L));
    }

    /// Makes the call, blocking until an answer has begun well or cannot be had. If it flows, pass
    /// it on by [#pump] or close it.
    ///
    /// @throws InterruptedException if it was cancelled
    public Result run(Call call) throws InterruptedException {
        return run(call, "chat", this::guarded);
    }

    /// Makes a call that was admitted.
    private interface Way {
        Result go(Call call, Route route, Providers providers) throws InterruptedException;
    }

    private Result run(Call call, String operation, Way way) throws InterruptedException {
        traced(call, operation);
        call.enter();
        var goesOn = false;
        try {
            var result = admitted(call, way);
            goesOn = result instanceof Result.Flowing;
            return result;
        } finally {
            call.leave();
            if (!goesOn) {
                call.over();
            }
        }
    }

    /// Passes on an answer that flows.
    public Pump pump(Call call, Flow flow) {
        var codec = call.codec();
        if (codec == null) {
            throw new IllegalArgumentException("a session has no wire");
        }
        return new Pump(call, codec, flow);
    }

    /// Takes in the whole of an answer that flows.
    ///
    /// @param tokensSoFar told now and then about how many output tokens have come
    /// @throws Flow.Broken if it breaks off
    public ChatAnswer collect(Call call, Flow flow, LongConsumer tokensSoFar)
            throws Flow.Broken, InterruptedException {
        call.enter();
        try (flow) {
            var collected = new Collected(flow.origin());
            for (var step = flow.next(); step != null; step = flow.next()) {
                for (var delta : step.deltas()) {
                    collected.take(delta);
                    if (delta instanceof Delta.Grown(var piece, var more)
                            && collected.isText(piece)) {
                        Listening.tell(tokensSoFar, more);
                    }
                }
                tokensSoFar.accept(collected.written() / CHARACTERS_A_TOKEN);
            }
            return collected.answer();
        } catch (Garbage e) {
            throw new Flow.Broken(GatewayError.of(GatewayError.Kind.UPSTREAM, e.why()));
        } finally {
            call.leave();
            call.over();
        }
    }

    /// The most that one attempt can cost, wherever the call may go.
    ///
    /// @return empty if it may go where no price is known, or nowhere
    public Optional<Money> bound(Call call) {
        var providers = parts.providers().get();
        var route =
                new Resolve(parts.settings().get(), providers)
                        .find(call.facts().model(), call.asked().dialect());
        if (route.isEmpty()) {
            return Optional.of(Money.ZERO); // it cannot be made, and says why when it is tried
        }
        var most = Money.ZERO;
        for (var target : route.get().targets()) {
            var provider = providers.find(target.provider()).orElse(null);
            var offer =
                    provider == null
                            ? Optional.<Errand.Offer>empty()
                            : offer(
                                    new Leg(
                                            parts,
                                            call,
                                            route.get(),
                                            target,
                                            provider,
                                            Trial.NONE,
                                            0));
            if (offer.isPresent()) {
                call.offer(target, offer.get());
                var bound = offer.get().bound().most();
                most = bound.isMoreThan(most) ? bound : most;
            }
        }
        return Optional.of(most);
    }

    private static Optional<Errand.Offer> offer(Leg leg) {
        try {
            return new Chat(leg, false).offer();
        } catch (BadRequest e) {
            return Optional.empty(); // this target cannot take it, and is passed over
        }
    }

    private void traced(Call call, String operation) {
        var known = parts.settings().get().routes().containsKey(call.facts().model());
        var begun =
                new Telemetry.Begun(
                        operation,
                        call.facts().model(),
                        call.caller().who().team(),
                        Words.wire(call),
                        call.facts().stream(),
                        call.asked().traceparent());
        var trace = parts.telemetry().begin(begun, known);
        call.tracedBy(trace);
        call.onOver(() -> {
            var last = call.last();
            var end = last == null ? End.REFUSED : last.end();
            trace.end(end, end == End.ANSWERED ? null : end.name().toLowerCase(Locale.ROOT));
        });
    }

    private Result admitted(Call call, Way way) throws InterruptedException {
        var name = call.facts().model();
        var refusal = new Refusal(parts, call);
        var settings = parts.settings().get();
        var providers = parts.providers().get();
        var route =
                new Resolve(settings, providers).find(name, call.asked().dialect()).orElse(null);
        if (route == null) {
            return refusal.of("", Refusal.unknown(name, settings));
        }
        if (!call.caller().mayUse(route.name())) {
            return refusal.of(name, Refusal.forbidden(route));
        }
        return switch (parts.targets().admit(call)) {
            case Targets.Admission.Refused(var error) -> refusal.of(name, error);
            case Targets.Admission.Admitted(var headers) ->
                    way.go(call, route, providers).with(headers);
        };
    }

    private Result guarded(Call call, Route route, Providers providers)
            throws InterruptedException {
        var guards = parts.guards().get();
        var guarded = new Guarded(guards, parts.telemetry(), call, route.name());
        try {
            guarded.request();
            var cached = Cached.of(parts.cache(), parts, call, route);
            var before = cached.find(parts.telemetry());
            if (before.isPresent()) {
                return before.get().with(names(call, route));
            }
            var rewritten = guards.looksAtAnswers(route.name());
            var attempts =
                    new Attempts(parts, call, route, providers, leg -> new Chat(leg, rewritten));
            return cached.keep(guarded.answer(attempts.run().with(names(call, route))));
        } catch (Blocked e) {
            return new Refusal(parts, call).of(route.name(), Guarded.error(e));
        } catch (BadRequest e) {
            return new Refusal(parts, call)
                    .of(route.name(), GatewayError.of(GatewayError.Kind.INVALID, e.why()));
        }
    }

    private Result unguarded(Call call, Route route, Providers providers)
            throws InterruptedException {
        return new Attempts(parts, call, route, providers, Embedding::new)
                .run()
                .with(names(call, route));
    }

    private static Map<String, String> names(Call call, Route route) {
        return Map.of("x-remit-call", call.id().toString(), "x-remit-route", route.name());
    }

    /// What a client is told whose call was ended from outside.
    public static GatewayError ended(Call.@Nullable Cancelled why) {
        return Refusal.ended(why);
    }
}
