package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.price.Caching;
import dev.remit.gateway.provider.Provider;
import dev.remit.gateway.provider.Provider.Operation;
import dev.remit.gateway.provider.Provider.Outgoing;
import dev.remit.gateway.provider.Unusable;
import dev.remit.gateway.telemetry.AttemptTrace;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.Changes;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.ChatRequest;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.gateway.wire.GatewayError;
import dev.remit.http.client.Request;
import dev.remit.http.client.ThinAnswer;
import dev.remit.http.client.Timeouts;
import dev.remit.http.client.UpstreamException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One attempt at one target: priced, reserved, sent, read and settled.
final class Attempting {
    private static final int LARGEST_ANSWER = 64 << 20;
    private static final int LARGEST_ERROR = 1 << 20;
    private static final long HELD_BACK = 4 << 20;

    /// What a model may write if nobody says how much: not the client, the route, nor the list.
    private static final long CAP_OF_THE_UNKNOWN = 4096;

    private final Relay.Parts parts;
    private final Call call;
    private final Route route;
    private final Target target;
    private final Provider provider;
    private final Trial trial;
    private final int number;
    private final boolean rewritten;
    private final Dialect dialect;
    private final boolean sameDialect;
    private @Nullable AttemptTrace trace;

    /// What came of it.
    sealed interface Tried {
        record Good(Result result) implements Tried {}

        record Bad(Missed missed) implements Tried {}
    }

    /// @param rewritten whether the answer is changed on its way, so that it cannot be passed on as
    ///   it came
    Attempting(
            Relay.Parts parts,
            Call call,
            Route route,
            Target target,
            Provider provider,
            Trial trial,
            int number,
            boolean rewritten) {
        this.parts = parts;
        this.call = call;
        this.route = route;
        this.target = target;
        this.provider = provider;
        this.trial = trial;
        this.number = number;
        this.rewritten = rewritten;
        var client = call.asked().dialect();
        this.dialect =
                provider.dialect(target.model(), client == null ? Dialect.OPENAI_CHAT : client);
        this.sameDialect = dialect == client;
    }

    Tried run() throws InterruptedException {
        try {
            return priced();
        } catch (RuntimeException | InterruptedException e) {
            trial.dropped();
            throw e;
        }
    }

    private Tried priced() throws InterruptedException {
        try {
            var draft = body(null);
            var bound = bound(draft);
            if (bound.isEmpty()) {
                return refused(noBound());
            }
            if (!call.affords(bound.get().least())) {
                return bad(Budgets.ownRefusal(bound.get(), call.spent(), where()));
            }
            var answer =
                    parts.ledger()
                            .reserve(
                                    call.caller().scopes(),
                                    bound.get().least(),
                                    bound.get().most());
            return switch (answer) {
                case Ledger.Refused refused -> bad(Budgets.refusal(refused, bound.get(), where()));
                case Ledger.Unavailable(var why) -> bad(Missed.unavailable(why));
                case Ledger.Reservation reservation -> reserved(reservation, bound.get(), draft);
            };
        } catch (BadRequest e) {
            return refused(GatewayError.of(GatewayError.Kind.INVALID, e.why()));
        }
    }

    private Tried refused(GatewayError error) {
        return bad(Missed.request(error));
    }

    private Tried bad(Missed missed) {
        trial.missed(missed);
        return new Tried.Bad(missed);
    }

    private GatewayError noBound() {
        var known = provider.price(target.model(), call.facts().serviceTier()).isPresent();
        return GatewayError.of(
                // whoever misspells a model has to hear that there is none
                known ? GatewayError.Kind.INVALID : GatewayError.Kind.NOT_FOUND,
                known
                        ? "the cost of this request has no known bound, since it names things that"
                                + " are not in it (files, earlier responses, documents by URL); send"
                                + " them along"
                        : "no price is known for "
                                + where()
                                + (call.facts().serviceTier() == null
                                        ? ""
                                        : " at service tier " + call.facts().serviceTier())
                                + ", so it is not called; an operator can set one under prices: in"
                                + " remit.yaml");
    }

    String where() {
        return target.toString();
    }

    // ---- what is sent

    private byte[] body(@Nullable Integer cap) throws BadRequest {
        if (sameDialect) {
            return Codec.of(dialect)
                    .splice(
                            call.body(),
                            new Changes(
                                    target.model(),
                                    cap,
                                    provider.newCap(),
                                    call.facts().stream() && provider.asksForUsage()));
        }
        var request = call.canonical();
        var wanted = cap == null ? request.maxOutput() : cap;
        return Codec.of(dialect)
                .writeRequest(
                        with(request, target, wanted, provider.asksForUsage()), provider.newCap());
    }

    /// The request as it goes to a target.
    static ChatRequest with(ChatRequest r, Target target, @Nullable Integer cap, boolean askUsage) {
        return new ChatRequest(
                target.model(),
                r.turns(),
                r.tools(),
                r.toolChoice(),
                r.parallelTools(),
                r.sampling(),
                cap,
                r.output(),
                r.thinking(),
                r.answers(),
                r.stream(),
                askUsage,
                r.user(),
                r.metadata());
    }

    /// The most that an attempt can cost there; empty if nobody knows.
    Optional<Bound> bound() throws BadRequest {
        return bound(body(null));
    }

    private Optional<Bound> bound(byte[] body) {
        var facts = call.facts();
        var price = provider.price(target.model(), facts.serviceTier());
        var input = provider.inputBound(target.model(), facts, body.length);
        if (price.isEmpty() || input.isEmpty()) {
            return Optional.empty();
        }
        var named = facts.maxOutput();
        var cap = named != null ? named.longValue() : ownCap();
        return Optional.of(
                new Bound(
                        price.get(),
                        input.get(),
                        facts.answers(),
                        cap,
                        Caching.of(body),
                        facts.media() > 0,
                        named != null));
    }

    private long ownCap() {
        var model = provider.maxOutput(target.model());
        var routes = route.maxOutput();
        if (routes != null) {
            return Math.min(routes, model.orElse((long) routes));
        }
        return model.orElse(CAP_OF_THE_UNKNOWN);
    }

    // ---- sending

    private Tried reserved(Ledger.Reservation reservation, Bound bound, byte[] draft)
            throws InterruptedException {
        var account =
                new Account(
                        call,
                        number,
                        parts.clock().instant(),
                        route.name(),
                        target.provider(),
                        target.model(),
                        bound,
                        reservation,
                        provider.hidesTokens(target.model()),
                        parts.prices().get());
        account.exchanged(trial.kept(null));
        trace = trace();
        account.tracedBy(trace);
        try {
            var cap = bound.fixed() ? null : (Integer) Math.toIntExact(cap(bound, reservation));
            var lowered = cap != null && cap < bound.cap();
            var body = cap == null ? draft : body(cap);
            return send(account, request(body), lowered ? cap : null);
        } catch (BadRequest e) {
            account.settleUnbilled(End.REFUSED, e.why());
            return refused(GatewayError.of(GatewayError.Kind.INVALID, e.why()));
        } catch (Unusable e) {
            account.settleUnbilled(End.FAILED, e.why());
            return bad(Missed.target(ModelAnswer.Kind.UNAVAILABLE, e.why(), null));
        } catch (RuntimeException e) {
            // a fault of ours: nobody knows how far it came
            account.settleLost(End.FAILED, Usage.NONE, false, null, "Remit failed: " + e);
            throw e;
        }
    }

    private static long cap(Bound bound, Ledger.Reservation reservation) {
        var fits = bound.most().isMoreThan(reservation.amount());
        return Math.min(fits ? bound.capFor(reservation.amount()) : bound.cap(), Integer.MAX_VALUE);
    }

    private Request request(byte[] body) throws Unusable {
        var left = call.timeLeft(route.total());
        if (!left.isPositive()) {
            throw new Unusable("the time for this call is over");
        }
        var read = call.facts().stream() ? min(route.firstToken(), left) : left;
        return provider.request(
                new Outgoing(
                        Operation.CHAT,
                        dialect,
                        target.model(),
                        call.facts().stream(),
                        body,
                        headers(),
                        new Timeouts(read, left)));
    }

    private @Nullable AttemptTrace trace() {
        var whole = call.trace();
        return whole == null
                ? null
                : whole.attempt(provider.settings(), target.model(), provider.settings().url());
    }

    /// With the trace that the provider may join.
    private Map<String, String> headers() {
        var parent = trace == null ? null : trace.traceparent();
        if (parent == null) {
            return call.asked().headers();
        }
        var headers = new HashMap<>(call.asked().headers());
        headers.put("traceparent", parent);
        return headers;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private Tried send(Account account, Request request, @Nullable Integer lowered)
            throws InterruptedException {
        ThinAnswer answer;
        try {
            answer = parts.client().send(request);
        } catch (UpstreamException e) {
            return notReached(account, e);
        } catch (InterruptedException e) {
            account.settleLost(End.CANCELLED, Usage.NONE, false, null, "cancelled");
            trial.dropped();
            throw e;
        }
        var kept = false;
        try {
            if (answer.status() / 100 != 2) {
                return error(account, answer);
            }
            var media = answer.mediaType();
            if (call.facts().stream() && !media.equals("application/json")) {
                var tried = stream(account, answer, lowered);
                kept =
                        tried instanceof Tried.Good(Result.Flowing(var flow, var _))
                                && flow instanceof LiveFlow;
                return tried;
            }
            return whole(account, answer, lowered);
        } catch (UpstreamException e) {
            var missed = Missed.of(e, where());
            account.settleLost(End.FAILED, Usage.NONE, false, null, missed.error().message());
            return bad(missed);
        } catch (InterruptedException e) {
            if (!account.isSettled()) {
                account.settleLost(End.CANCELLED, Usage.NONE, false, null, "cancelled");
            }
            trial.dropped();
            throw e;
        } finally {
            if (!kept) {
                answer.close();
            }
        }
    }

    private Tried notReached(Account account, UpstreamException e) {
        var missed = Missed.of(e, where());
        if (e.sent()) {
            account.settleLost(End.FAILED, Usage.NONE, false, null, missed.error().message());
        } else {
            account.settleUnbilled(End.FAILED, missed.error().message());
        }
        return bad(missed);
    }

    private Tried error(Account account, ThinAnswer answer)
            throws UpstreamException, InterruptedException {
        var body = answer.body(LARGEST_ERROR);
        var error =
                Codec.of(dialect)
                        .readError(answer.status(), body, name -> answer.header(name).orElse(null));
        var missed =
                Missed.of(
                        error,
                        where(),
                        sameDialect ? new Result.Original(answer.status(), clean(body)) : null);
        // no vendor bills for a refusal
        account.settleUnbilled(End.FAILED, missed.error().message());
        return bad(missed);
    }

    /// Vendors quote keys.
    private byte[] clean(byte[] body) {
        var text = new String(body, StandardCharsets.UTF_8);
        var cleaned = parts.known().redact(text);
        return cleaned.equals(text) ? body : cleaned.getBytes(StandardCharsets.UTF_8);
    }

    private void firstTokenCame(Account account) {
        account.firstTokenCame();
        trial.firstTokenCame();
    }

    /// A check of the route says nothing about the health of a target that was tried as a cheap
    /// one.
    private Tried notGood(String fault) {
        if (route.strategy() == Route.Strategy.ESCALATE) {
            trial.dropped();
        } else {
            trial.failed(ModelAnswer.Kind.GARBAGE, null);
        }
        return new Tried.Bad(Missed.answer(where() + ": " + fault));
    }

    // ---- a whole answer

    private Tried whole(Account account, ThinAnswer answer, @Nullable Integer lowered)
            throws UpstreamException, InterruptedException {
        var bytes = answer.body(LARGEST_ANSWER);
        firstTokenCame(account);
        ChatAnswer said;
        try {
            said = Codec.of(dialect).readAnswer(bytes);
        } catch (Garbage e) {
            var why = where() + ": " + e.why();
            account.settleLost(End.FAILED, Usage.NONE, false, null, why);
            trial.failed(ModelAnswer.Kind.GARBAGE, null);
            return new Tried.Bad(Missed.answer(why));
        }
        account.answeredBy(said.model());
        account.exchanged(trial.kept(said));
        trial.billed(said.usage());
        var fault = Checks.fault(said, route.check(), call.facts());
        var known = said.usage().tokens() > 0;
        if (fault != null) {
            settle(account, End.FAILED, said, known, fault);
            return notGood(fault);
        }
        var cost = settle(account, End.ANSWERED, said, known, null);
        trial.succeeded();
        var headers = headers(lowered);
        headers.put("x-remit-cost", cost.toString());
        return new Tried.Good(
                call.facts().stream()
                        ? new Result.Flowing(new WholeFlow(said, dialect), headers)
                        : new Result.Whole(
                                said, sameDialect && !rewritten ? bytes : null, headers));
    }

    private static Money settle(
            Account account, End end, ChatAnswer said, boolean known, @Nullable String why) {
        return known
                ? account.settle(end, said.usage(), why)
                : account.settleLost(
                        end,
                        said.usage(),
                        false,
                        null,
                        why == null ? "the provider did not say what it used" : why);
    }

    private Map<String, String> headers(@Nullable Integer lowered) {
        var headers = new HashMap<String, String>();
        headers.put("x-remit-target", where());
        headers.put("x-remit-attempt", Integer.toString(number));
        if (lowered != null) {
            headers.put("x-remit-output-cap", Integer.toString(lowered));
        }
        return headers;
    }

    // ---- a stream

    /// Reads until the answer is known to be good: its first word, call or refusal has come, or the
    /// whole of it, if the route checks answers.
    private Tried stream(Account account, ThinAnswer answer, @Nullable Integer lowered)
            throws UpstreamException, InterruptedException {
        var stream =
                new Streaming(
                        answer,
                        Events.of(provider.framing(dialect), answer),
                        dialect,
                        account,
                        trial,
                        where(),
                        route.stall(),
                        passesOn(),
                        !call.facts().usageInStream());
        List<Flow.Step> held = new ArrayList<>();
        long bytes = 0;
        try {
            while (true) {
                var step = stream.next();
                if (step == null) {
                    return ended(stream, held, account, lowered);
                }
                held.add(step);
                bytes += step.raw() == null ? 64 : step.raw().length;
                for (var delta : step.deltas()) {
                    if (delta instanceof Delta.Broken(var error)) {
                        var missed = Missed.of(error, where(), null);
                        stream.fail(missed.kind(), missed.error().message());
                        return new Tried.Bad(missed);
                    }
                }
                if (isGood(step)) {
                    firstTokenCame(account);
                    if (route.check() == null || bytes > HELD_BACK) {
                        return new Tried.Good(
                                new Result.Flowing(new LiveFlow(stream, held), headers(lowered)));
                    }
                }
            }
        } catch (Garbage | Frames.TooLarge e) {
            var why = where() + ": " + e.getMessage();
            stream.fail(ModelAnswer.Kind.GARBAGE, why);
            return new Tried.Bad(Missed.answer(why));
        } catch (UpstreamException e) {
            var missed = Missed.of(e, where());
            stream.fail(missed.kind(), missed.error().message());
            return new Tried.Bad(missed);
        } catch (InterruptedException e) {
            stream.abandon(End.CANCELLED, "cancelled");
            throw e;
        }
    }

    /// A client of Gemini that wants no Server-Sent Events gets a list, which no provider is asked
    /// for.
    private boolean passesOn() {
        var isList = dialect == Dialect.GEMINI && !call.asked().path().sse();
        return sameDialect && !rewritten && !isList;
    }

    private static boolean isGood(Flow.Step step) {
        for (var delta : step.deltas()) {
            if (delta instanceof Delta.Grown(var _, var text) && !text.isEmpty()) {
                return true;
            }
            if (delta instanceof Delta.Opened(var _, var kind, var _, var _)
                    && kind == Delta.Kind.TOOL_CALL) {
                return true;
            }
        }
        return false;
    }

    /// The whole of it has come and was held back.
    private Tried ended(
            Streaming stream, List<Flow.Step> held, Account account, @Nullable Integer lowered)
            throws Garbage {
        var said = stream.collected().answer();
        var fault = Checks.fault(said, route.check(), call.facts());
        if (fault != null) {
            stream.reject(fault);
            return notGood(fault);
        }
        firstTokenCame(account);
        stream.finish();
        return new Tried.Good(
                new Result.Flowing(
                        new HeldFlow(held, stream.isPassedOn(), dialect), headers(lowered)));
    }
}
