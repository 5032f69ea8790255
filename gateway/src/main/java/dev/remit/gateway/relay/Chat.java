package dev.remit.gateway.relay;

import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.price.Caching;
import dev.remit.gateway.provider.Provider.Operation;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.Changes;
import dev.remit.gateway.wire.ChatRequest;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.client.ThinAnswer;
import dev.remit.http.client.UpstreamException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An answer to a conversation, asked of one target.
final class Chat implements Errand {
    /// What a model may write if nobody says how much: not the client, the route, nor the list.
    private static final long CAP_OF_THE_UNKNOWN = 4096;

    private final Leg leg;
    private final Call call;
    private final boolean rewritten;
    private final Dialect dialect;
    private final boolean sameDialect;

    /// @param rewritten whether the answer is changed on its way, so that it cannot be passed on as
    ///   it came
    Chat(Leg leg, boolean rewritten) {
        this.leg = leg;
        this.call = leg.call();
        this.rewritten = rewritten;
        var client = call.asked().dialect();
        this.dialect =
                leg.provider()
                        .dialect(leg.target().model(), client == null ? ofSession(call) : client);
        this.sameDialect = dialect == client;
    }

    /// The dialect in which a session of our own is said, where there is a choice: OpenAI hands
    /// thoughts out, to be handed back, in one alone.
    private static Dialect ofSession(Call call) {
        return call.keepsThoughts() ? Dialect.OPENAI_RESPONSES : Dialect.OPENAI_CHAT;
    }

    @Override
    public Operation operation() {
        return Operation.CHAT;
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public boolean streams() {
        return call.facts().stream();
    }

    // ---- what goes out

    /// A session's call is bounded before it is written down, and not once more when it is made.
    @Override
    public Optional<Offer> offer() throws BadRequest {
        var before = call.offered(leg.target());
        return before != null ? Optional.of(before) : made();
    }

    private Optional<Offer> made() throws BadRequest {
        var facts = call.facts();
        var price = leg.provider().price(leg.target().model(), facts.serviceTier());
        if (price.isEmpty()
                || !facts.bounded()
                || (facts.media().heard() && !price.get().pricesSound())) {
            return Optional.empty();
        }
        var named = facts.maxOutput();
        var cap = named != null ? named.longValue() : ownCap();
        var body = body(named != null ? null : (Integer) (int) Math.min(cap, Integer.MAX_VALUE));
        return leg.provider()
                .inputBound(leg.target().model(), facts, body.length)
                .map(input ->
                        new Offer(
                                body,
                                new Bound(
                                        price.get(),
                                        input,
                                        facts.answers(),
                                        cap,
                                        Caching.of(body),
                                        facts.media().heard(),
                                        named != null)));
    }

    private long ownCap() {
        var model = leg.provider().maxOutput(leg.target().model());
        var routes = leg.route().maxOutput();
        if (routes != null) {
            return Math.min(routes, model.orElse((long) routes));
        }
        return model.orElse(CAP_OF_THE_UNKNOWN);
    }

    @Override
    public byte[] lowered(int cap) throws BadRequest {
        return body(cap);
    }

    private byte[] body(@Nullable Integer cap) throws BadRequest {
        var provider = leg.provider();
        if (sameDialect) {
            return Codec.of(dialect)
                    .splice(
                            call.body(),
                            new Changes(
                                    leg.target().model(),
                                    cap,
                                    provider.newCap(),
                                    streams() && provider.asksForUsage()));
        }
        var request = call.canonical();
        var wanted = cap == null ? request.maxOutput() : cap;
        return Codec.of(dialect)
                .writeRequest(
                        with(request, leg.target(), wanted, provider.asksForUsage()),
                        provider.newCap());
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

    // ---- what comes back

    @Override
    public Tried read(Account account, ThinAnswer answer, @Nullable Integer lowered)
            throws UpstreamException, InterruptedException {
        var passOn = sameDialect && !rewritten;
        // some servers answer whole, though a stream was asked for
        return streams() && !answer.mediaType().equals("application/json")
                ? new FirstWord(leg, account, dialect, passOn, lowered).await(answer)
                : new WholeAnswer(leg, account, dialect, passOn, lowered).read(answer);
    }
}
