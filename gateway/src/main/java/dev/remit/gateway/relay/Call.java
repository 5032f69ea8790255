package dev.remit.gateway.relay;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.telemetry.CallTrace;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.ChatRequest;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Embeddings;
import dev.remit.gateway.wire.Facts;
import dev.remit.gateway.wire.GeminiEmbeddings;
import dev.remit.gateway.wire.Media;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One request for a model's answer, from its arrival to its end. Used by one thread; only
/// [#cancel] comes from others.
public final class Call {
    private final UUID id;
    private final Instant at;
    private final long start = System.nanoTime();
    private final Asked asked;
    private final Caller caller;
    private final Facts facts;
    private byte[] body;
    private @Nullable ChatRequest canonical;
    private GeminiEmbeddings.@Nullable Asked embedding;
    private final Map<Target, Errand.Offer> offers = new HashMap<>();

    private @Nullable Duration time;
    private @Nullable Money allowance;
    private Money spent = Money.ZERO;
    private String servedBy = "";
    private @Nullable CallTrace trace;
    private @Nullable Attempt last;
    private long tokens;
    private @Nullable Duration firstToken;

    private final Queue<Runnable> atTheEnd = new ArrayDeque<>();
    private @Nullable Thread worker;
    private volatile @Nullable Cancelled cancelled;

    /// Why a call was ended from outside.
    public enum Cancelled {
        /// The client hung up, or the session was cancelled.
        BY_CLIENT,
        /// The key was revoked.
        KEY_REVOKED,
        /// The server stops.
        STOPPING
    }

    /// What came from the client.
    ///
    /// @param dialect the client's; absent: a session of our own, which speaks the canonical form
    /// @param headers that a provider may see, by name in lower case
    /// @param cacheFor how long the client lets an answer be given again; absent: as the route says
    /// @param traceparent of the client's trace, W3C Trace Context
    public record Asked(
            @Nullable Dialect dialect,
            Codec.InPath path,
            Map<String, String> headers,
            @Nullable Duration cacheFor,
            @Nullable String traceparent) {
        public Asked {
            headers = Map.copyOf(headers);
        }
    }

    private Call(
            UUID id,
            Instant at,
            Asked asked,
            Caller caller,
            Facts facts,
            byte[] body,
            @Nullable ChatRequest canonical) {
        this.id = id;
        this.at = at;
        this.asked = asked;
        this.caller = caller.with(facts);
        this.facts = facts;
        this.body = body;
        this.canonical = canonical;
    }

    /// A client's request.
    ///
    /// @param id time-ordered
    /// @throws BadRequest if the body cannot be read
    static Call of(UUID id, Instant at, Asked asked, Caller caller, byte[] body) throws BadRequest {
        var dialect = asked.dialect();
        if (dialect == null) {
            throw new IllegalArgumentException("a body is in some dialect");
        }
        var facts = Codec.of(dialect).facts(body, asked.path());
        return new Call(id, at, asked, caller, facts, body, null);
    }

    /// A client's request to embed texts, in OpenAI's words.
    static Call embedding(UUID id, Instant at, Asked asked, Caller caller, byte[] body)
            throws BadRequest {
        return embedding(id, at, asked, caller, body, Embeddings.facts(body));
    }

    /// A request of a client of Google's to embed texts.
    ///
    /// @param body as it came
    static Call embedding(
            UUID id,
            Instant at,
            Asked asked,
            Caller caller,
            byte[] body,
            GeminiEmbeddings.Asked wanted) {
        var many = wanted.inputs().size();
        var facts = new Embeddings.Asked(wanted.model(), many, null, body.length);
        var call = embedding(id, at, asked, caller, body, facts);
        call.embedding = wanted;
        return call;
    }

    private static Call embedding(
            UUID id, Instant at, Asked asked, Caller caller, byte[] body, Embeddings.Asked embed) {
        var facts =
                new Facts(
                        embed.model(),
                        false,
                        false,
                        null,
                        1,
                        embed.inputs(),
                        0,
                        Media.NONE,
                        false,
                        null,
                        true,
                        embed.user(),
                        Map.of(),
                        0,
                        embed.bytes());
        return new Call(id, at, asked, caller, facts, body, null);
    }

    /// A request of a session of our own.
    static Call of(UUID id, Instant at, Asked asked, Caller caller, ChatRequest request) {
        var body = SessionFacts.body(request);
        return new Call(id, at, asked, caller, SessionFacts.of(request, body), body, request);
    }

    /// A guard has masked something.
    ///
    /// @param read what a session's body comes to; absent: it is read when it is needed
    void replace(byte[] masked, @Nullable ChatRequest read) {
        body = masked;
        canonical = read;
        offers.clear();
    }

    UUID id() {
        return id;
    }

    Instant at() {
        return at;
    }

    /// What is told of its attempts.
    void tracedBy(CallTrace trace) {
        this.trace = trace;
    }

    @Nullable CallTrace trace() {
        return trace;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    Asked asked() {
        return asked;
    }

    Caller caller() {
        return caller;
    }

    public Facts facts() {
        return facts;
    }

    /// As the client sent it; a session's in [#language].
    byte[] body() {
        return body;
    }

    /// What [#body] is written in.
    Codec language() {
        var dialect = asked.dialect();
        return Codec.of(dialect == null ? SessionFacts.DIALECT : dialect);
    }

    /// The codec of the client; absent for sessions.
    @Nullable Codec codec() {
        var dialect = asked.dialect();
        return dialect == null ? null : Codec.of(dialect);
    }

    ChatRequest canonical() throws BadRequest {
        var known = canonical;
        if (known == null) {
            var codec = codec();
            if (codec == null) {
                throw new IllegalStateException("a session's call has its canonical form");
            }
            known = codec.readRequest(body, asked.path());
            canonical = known;
        }
        return known;
    }

    /// What a client of Google's wants to have embedded; absent: it is asked in OpenAI's words, or
    /// for something else.
    GeminiEmbeddings.@Nullable Asked embedding() {
        return embedding;
    }

    /// Whether a session wants thoughts in a form that can be handed back.
    boolean keepsThoughts() {
        var known = canonical;
        return known != null && known.thinking().kept();
    }

    /// What was reckoned for a target before the call is made.
    void offer(Target target, Errand.Offer offer) {
        offers.put(target, offer);
    }

    Errand.@Nullable Offer offered(Target target) {
        return offers.get(target);
    }

    // ---- its time and its money

    /// Gives it less time than its route does.
    public Call within(Duration atMost) {
        time = atMost;
        return this;
    }

    /// All its attempts together may cost no more than this: it is what the session has reserved.
    public void spendAtMost(Money most) {
        allowance = most;
    }

    /// @param routes the time that the route gives
    Duration timeLeft(Duration routes) {
        var given = time != null && time.compareTo(routes) < 0 ? time : routes;
        return given.minus(elapsed());
    }

    /// @return whether the bound of one more attempt fits into what it may spend
    boolean affords(Money bound) {
        return allowance == null || !spent.plus(bound).isMoreThan(allowance);
    }

    void billed(Usage usage) {
        tokens += usage.tokens();
    }

    /// Of all its attempts, as far as they were told.
    long tokens() {
        return tokens;
    }

    void settled(Attempt attempt) {
        spent = spent.plus(attempt.cost());
        last = attempt;
        servedBy = attempt.target().provider();
        firstToken = attempt.firstToken();
    }

    /// The newest attempt that is settled.
    @Nullable Attempt last() {
        return last;
    }

    /// By all attempts that are settled.
    public Money spent() {
        return spent;
    }

    /// The provider of the newest attempt; empty if there was none.
    public String servedBy() {
        return servedBy;
    }

    /// Of the newest attempt.
    public Optional<Duration> firstToken() {
        return Optional.ofNullable(firstToken);
    }

    // ---- its end

    /// To be done when it is over, whoever brings it there.
    public void onOver(Runnable last) {
        atTheEnd.add(last);
    }

    /// Nothing more comes of it. May be said twice.
    void over() {
        offers.clear();
        for (var last = atTheEnd.poll(); last != null; last = atTheEnd.poll()) {
            last.run();
        }
    }

    // ---- ended from outside

    /// From now on this thread does the work, and is interrupted if the call is cancelled.
    synchronized void enter() {
        worker = Thread.currentThread();
        if (cancelled != null) {
            worker.interrupt();
        }
    }

    /// This thread does something else from now on. An interrupt that was meant for this call does
    /// not follow it.
    synchronized void leave() {
        worker = null;
        if (cancelled != null) {
            var _ = Thread.interrupted();
        }
    }

    /// Ends it from another thread, at once and for good. Later reasons are not heard.
    public synchronized void cancel(Cancelled why) {
        if (cancelled == null) {
            cancelled = why;
            if (worker != null) {
                worker.interrupt();
            }
        }
    }

    public @Nullable Cancelled cancelled() {
        return cancelled;
    }
}
