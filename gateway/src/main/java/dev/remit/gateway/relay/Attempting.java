package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Usage;
import dev.remit.gateway.provider.Provider.Outgoing;
import dev.remit.gateway.provider.Unusable;
import dev.remit.gateway.relay.Errand.Offer;
import dev.remit.gateway.telemetry.AttemptTrace;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.GatewayError;
import dev.remit.http.client.Request;
import dev.remit.http.client.ThinAnswer;
import dev.remit.http.client.Timeouts;
import dev.remit.http.client.UpstreamException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One attempt at one target, whatever it is asked for: priced, reserved, sent, read and settled.
final class Attempting {
    private static final int LARGEST_ERROR = 1 << 20;

    private final Leg leg;
    private final Errand errand;
    private @Nullable AttemptTrace trace;

    Attempting(Leg leg, Errand errand) {
        this.leg = leg;
        this.errand = errand;
    }

    Tried run() throws InterruptedException {
        try {
            return priced();
        } catch (RuntimeException | InterruptedException e) {
            leg.trial().dropped();
            throw e;
        }
    }

    private Tried priced() throws InterruptedException {
        try {
            var cannot = errand.cannot();
            if (cannot != null) {
                return leg.bad(Missed.incapable(cannot));
            }
            var offer = errand.offer().orElse(null);
            if (offer == null) {
                return leg.refused(noBound());
            }
            var bound = offer.bound();
            if (!leg.call().affords(bound.least())) {
                return leg.bad(Budgets.ownRefusal(bound, leg.call().spent(), leg.where()));
            }
            var scopes = leg.call().caller().scopes();
            return switch (leg.parts().ledger().reserve(scopes, bound.least(), bound.most())) {
                case Ledger.Refused refused ->
                        leg.bad(Budgets.refusal(refused, bound, leg.where()));
                case Ledger.Unavailable(var why) -> leg.bad(Missed.unavailable(why));
                case Ledger.Reservation reservation -> reserved(reservation, offer);
            };
        } catch (BadRequest e) {
            return leg.refused(GatewayError.of(GatewayError.Kind.INVALID, e.why()));
        }
    }

    private GatewayError noBound() {
        var tier = leg.call().facts().serviceTier();
        var media = leg.call().facts().media();
        var price = leg.provider().price(leg.target().model(), tier);
        var known = price.isPresent();
        if (known && media.heard() && !price.get().pricesSound()) {
            return GatewayError.of(
                    GatewayError.Kind.INVALID,
                    "it is not known what sound costs at "
                            + leg.where()
                            + ", so it is not sent; an operator can set input_audio under prices:"
                            + " in remit.yaml");
        }
        return GatewayError.of(
                // whoever misspells a model has to hear that there is none
                known ? GatewayError.Kind.INVALID : GatewayError.Kind.NOT_FOUND,
                known
                        ? media.packed() > 0 && leg.call().facts().bounded()
                                ? "a document or film can hold any number of tokens, and the window"
                                        + " of "
                                        + leg.where()
                                        + " is not known; send text or pictures"
                                : "the cost of this request has no known bound, since it names things"
                                        + " that are not in it (files, earlier responses, documents"
                                        + " by URL); send them along"
                        : "no price is known for "
                                + leg.where()
                                + (tier == null ? "" : " at service tier " + tier)
                                + ", so it is not called; an operator can set one under prices: in"
                                + " remit.yaml");
    }

    // ---- reserved

    private Tried reserved(Ledger.Reservation reservation, Offer offer)
            throws InterruptedException {
        var account = account(reservation, offer.bound());
        try {
            var cap = loweredCap(offer.bound(), reservation);
            var body = cap == null ? offer.body() : errand.lowered(cap);
            return send(account, request(body), cap);
        } catch (BadRequest e) {
            account.settleUnbilled(End.REFUSED, e.why());
            return leg.refused(GatewayError.of(GatewayError.Kind.INVALID, e.why()));
        } catch (Unusable e) {
            account.settleUnbilled(End.FAILED, e.why());
            return leg.bad(Missed.target(ModelAnswer.Kind.UNAVAILABLE, e.why(), null));
        } catch (RuntimeException e) {
            // a fault of ours: nobody knows how far it came
            account.settleLost(End.FAILED, Usage.NONE, false, null, "Remit failed: " + e);
            throw e;
        }
    }

    private Account account(Ledger.Reservation reservation, Bound bound) {
        var target = leg.target();
        var account =
                new Account(
                        leg.call(),
                        leg.number(),
                        leg.parts().clock().instant(),
                        leg.route().name(),
                        target.provider(),
                        target.model(),
                        bound,
                        reservation,
                        leg.provider().hidesTokens(target.model()),
                        leg.parts().prices().get());
        account.exchanged(leg.trial().kept(null));
        trace = trace();
        account.tracedBy(trace);
        return account;
    }

    private @Nullable AttemptTrace trace() {
        var whole = leg.call().trace();
        var settings = leg.provider().settings();
        return whole == null ? null : whole.attempt(settings, leg.target().model(), settings.url());
    }

    /// @return absent if what was reserved is enough for the cap that was offered
    private static @Nullable Integer loweredCap(Bound bound, Ledger.Reservation reservation) {
        if (bound.fixed() || !bound.most().isMoreThan(reservation.amount())) {
            return null;
        }
        return Math.toIntExact(Math.min(bound.capFor(reservation.amount()), Integer.MAX_VALUE));
    }

    // ---- sending

    private Request request(byte[] body) throws Unusable {
        var left = leg.call().timeLeft(leg.route().total());
        if (!left.isPositive()) {
            throw new Unusable("the time for this call is over");
        }
        var read = errand.streams() ? min(leg.route().firstToken(), left) : left;
        return leg.provider()
                .request(
                        new Outgoing(
                                errand.operation(),
                                errand.dialect(),
                                leg.target().model(),
                                errand.streams(),
                                body,
                                headers(),
                                new Timeouts(read, left)));
    }

    /// With the trace that the provider may join.
    private Map<String, String> headers() {
        var parent = trace == null ? null : trace.traceparent();
        if (parent == null) {
            return leg.call().asked().headers();
        }
        var headers = new HashMap<>(leg.call().asked().headers());
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
            answer = leg.parts().client().send(request);
        } catch (UpstreamException e) {
            return notReached(account, e);
        } catch (InterruptedException e) {
            account.settleLost(End.CANCELLED, Usage.NONE, false, null, "cancelled");
            leg.trial().dropped();
            throw e;
        }
        var goesOn = false;
        try {
            if (answer.status() / 100 != 2) {
                return error(account, answer);
            }
            var tried = errand.read(account, answer, lowered);
            goesOn =
                    tried instanceof Tried.Good(Result.Flowing(var flow, var _))
                            && flow instanceof LiveFlow;
            return tried;
        } catch (UpstreamException e) {
            var missed = Missed.of(e, leg.where());
            account.settleLost(End.FAILED, Usage.NONE, false, null, missed.error().message());
            return leg.bad(missed);
        } catch (InterruptedException e) {
            if (!account.isSettled()) {
                account.settleLost(End.CANCELLED, Usage.NONE, false, null, "cancelled");
            }
            leg.trial().dropped();
            throw e;
        } finally {
            if (!goesOn) {
                answer.close();
            }
        }
    }

    private Tried notReached(Account account, UpstreamException e) {
        var missed = Missed.of(e, leg.where());
        if (e.sent()) {
            account.settleLost(End.FAILED, Usage.NONE, false, null, missed.error().message());
        } else {
            account.settleUnbilled(End.FAILED, missed.error().message());
        }
        return leg.bad(missed);
    }

    private Tried error(Account account, ThinAnswer answer)
            throws UpstreamException, InterruptedException {
        var body = answer.body(LARGEST_ERROR);
        var dialect = errand.dialect();
        var error =
                Codec.of(dialect)
                        .readError(answer.status(), body, name -> answer.header(name).orElse(null));
        var original =
                dialect == leg.call().asked().dialect()
                        ? new Result.Original(answer.status(), clean(body))
                        : null;
        var missed = Missed.of(error, leg.where(), original);
        // no vendor bills for a refusal
        account.settleUnbilled(End.FAILED, missed.error().message());
        return leg.bad(missed);
    }

    /// Vendors quote keys.
    private byte[] clean(byte[] body) {
        var text = new String(body, StandardCharsets.UTF_8);
        var cleaned = leg.parts().known().redact(text);
        return cleaned.equals(text) ? body : cleaned.getBytes(StandardCharsets.UTF_8);
    }
}
