package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Usage;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.price.Caching;
import dev.remit.gateway.provider.Provider;
import dev.remit.gateway.provider.Provider.Operation;
import dev.remit.gateway.provider.Provider.Outgoing;
import dev.remit.gateway.provider.Unusable;
import dev.remit.gateway.relay.Attempting.Tried;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Embeddings;
import dev.remit.gateway.wire.Garbage;
import dev.remit.gateway.wire.GatewayError;
import dev.remit.http.client.Timeouts;
import dev.remit.http.client.UpstreamException;
import java.util.List;
import java.util.Map;

/// One attempt to embed texts at one target. Every provider that embeds speaks OpenAI's form of it.
final class Embedding {
    private static final int LARGEST_ANSWER = 64 << 20;

    private final Relay.Parts parts;
    private final Call call;
    private final Route route;
    private final Target target;
    private final Provider provider;
    private final Trial trial;
    private final int number;

    Embedding(
            Relay.Parts parts,
            Call call,
            Route route,
            Target target,
            Provider provider,
            Trial trial,
            int number) {
        this.parts = parts;
        this.call = call;
        this.route = route;
        this.target = target;
        this.provider = provider;
        this.trial = trial;
        this.number = number;
    }

    Tried run() throws InterruptedException {
        try {
            var body = Embeddings.splice(call.body(), target.model());
            var price = provider.price(target.model(), null);
            if (price.isEmpty()) {
                return bad(
                        Missed.request(
                                GatewayError.of(
                                        GatewayError.Kind.NOT_FOUND,
                                        "no price is known for " + target)));
            }
            // no input has more tokens than bytes
            var bound = new Bound(price.get(), body.length, 1, 0, Caching.NONE, false, true);
            var answer =
                    parts.ledger().reserve(call.caller().scopes(), bound.least(), bound.most());
            return switch (answer) {
                case Ledger.Refused refused ->
                        bad(Budgets.refusal(refused, bound, target.toString()));
                case Ledger.Unavailable(var why) -> bad(Missed.unavailable(why));
                case Ledger.Reservation reservation -> send(account(bound, reservation), body);
            };
        } catch (BadRequest e) {
            return bad(Missed.request(GatewayError.of(GatewayError.Kind.INVALID, e.why())));
        } catch (RuntimeException | InterruptedException e) {
            trial.dropped();
            throw e;
        }
    }

    private Account account(Bound bound, Ledger.Reservation reservation) {
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
                        false,
                        parts.prices().get());
        account.exchanged(trial.kept(null));
        var whole = call.trace();
        if (whole != null) {
            var address = provider.settings().url();
            account.tracedBy(whole.attempt(provider.settings(), target.model(), address));
        }
        return account;
    }

    private Tried bad(Missed missed) {
        trial.missed(missed);
        return new Tried.Bad(missed);
    }

    private Tried send(Account account, byte[] body) throws InterruptedException {
        var left = call.timeLeft(route.total());
        try {
            if (!left.isPositive()) {
                throw new Unusable("the time for this call is over");
            }
            var request =
                    provider.request(
                            new Outgoing(
                                    Operation.EMBEDDINGS,
                                    Dialect.OPENAI_CHAT,
                                    target.model(),
                                    false,
                                    body,
                                    call.asked().headers(),
                                    Timeouts.of(left)));
            try (var answer = parts.client().send(request)) {
                var bytes = answer.body(LARGEST_ANSWER);
                return answer.status() / 100 == 2
                        ? good(account, bytes)
                        : refused(account, answer.status(), bytes);
            }
        } catch (Unusable e) {
            account.settleUnbilled(End.FAILED, e.why());
            return bad(Missed.target(ModelAnswer.Kind.UNAVAILABLE, e.why(), null));
        } catch (UpstreamException e) {
            var missed = Missed.of(e, target.toString());
            if (e.sent()) {
                account.settleLost(End.FAILED, Usage.NONE, false, null, missed.error().message());
            } else {
                account.settleUnbilled(End.FAILED, missed.error().message());
            }
            return bad(missed);
        } catch (InterruptedException e) {
            account.settleLost(End.CANCELLED, Usage.NONE, false, null, "cancelled");
            throw e;
        } catch (RuntimeException e) {
            // a fault of ours: nobody knows how far it came
            account.settleLost(End.FAILED, Usage.NONE, false, null, "Remit failed: " + e);
            throw e;
        }
    }

    private Tried refused(Account account, int status, byte[] bytes) {
        var error = Codec.of(Dialect.OPENAI_CHAT).readError(status, bytes, name -> null);
        var missed = Missed.of(error, target.toString(), null);
        account.settleUnbilled(End.FAILED, missed.error().message());
        return bad(missed);
    }

    private Tried good(Account account, byte[] bytes) {
        try {
            var usage = Embeddings.usage(bytes);
            account.firstTokenCame();
            trial.firstTokenCame();
            trial.billed(usage);
            var cost =
                    usage.tokens() > 0
                            ? account.settle(End.ANSWERED, usage, null)
                            : account.settleLost(
                                    End.ANSWERED,
                                    usage,
                                    false,
                                    null,
                                    "the provider did not say what it used");
            trial.succeeded();
            var said =
                    new ChatAnswer(
                            "", target.model(), List.of(), ChatAnswer.Stop.END, null, null, usage);
            var headers =
                    Map.of("x-remit-target", target.toString(), "x-remit-cost", cost.toString());
            return new Tried.Good(new Result.Whole(said, bytes, headers));
        } catch (Garbage e) {
            var why = target + ": " + e.why();
            account.settleLost(End.FAILED, Usage.NONE, false, null, why);
            trial.failed(ModelAnswer.Kind.GARBAGE, null);
            return new Tried.Bad(Missed.answer(why));
        }
    }
}
