package dev.remit.gateway.vendor;

import dev.remit.core.json.Json;
import dev.remit.core.model.Family;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.model.ModelTarget;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.secret.Secrets;
import dev.remit.gateway.price.Caching;
import dev.remit.gateway.price.Price;
import dev.remit.gateway.price.Prices;
import dev.remit.gateway.vendor.Protocol.Asked;
import dev.remit.http.client.Upstream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Calls models of a vendor, or of a server that speaks its language.
///
/// What a call cost: the tokens in their disjoint buckets at published prices. A server on this
/// machine or in a private network is the user's own hardware, and a token there costs nothing. A
/// model whose price is not known has no cost, rather than none to pay. When an answer was lost on
/// its way, nobody knows what was billed: it is taken to have cost its bound.
public final class Vendor implements ModelProvider {
    private static final int SERVERS_REMEMBERED = 256;
    private static final int MOST_LEFT_OUT = 3;

    private final Protocol protocol;
    private final URI base;
    private final Upstream upstream;
    private final Secrets secrets;
    private final Prices prices;
    private final InstantSource clock;
    private final Patience patience;
    private final Map<String, Habits> habits = new ConcurrentHashMap<>();
    private final Map<URI, String> served = new ConcurrentHashMap<>();

    private Vendor(
            Protocol protocol,
            URI base,
            Upstream upstream,
            Secrets secrets,
            Prices prices,
            InstantSource clock,
            Patience patience) {
        this.protocol = protocol;
        this.base = base;
        this.upstream = upstream;
        this.secrets = secrets;
        this.prices = prices;
        this.clock = clock;
        this.patience = patience;
    }

    /// Anthropic's Messages. The key is the secret `anthropic`.
    ///
    /// @param base the vendor's own address, which a session's model choice may replace
    public static Vendor anthropic(
            URI base, Upstream upstream, Secrets secrets, InstantSource clock, Patience patience) {
        return new Vendor(
                new AnthropicProtocol(),
                base,
                upstream,
                secrets,
                Prices.bundled(),
                clock,
                patience);
    }

    /// OpenAI's Chat Completions, and every server that speaks it. The key is the secret `openai`.
    ///
    /// @param base the vendor's own address, which a session's model choice may replace
    public static Vendor openAi(
            URI base, Upstream upstream, Secrets secrets, InstantSource clock, Patience patience) {
        return new Vendor(
                new OpenAiProtocol(), base, upstream, secrets, Prices.bundled(), clock, patience);
    }

    @Override
    public ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar)
            throws InterruptedException {
        var start = System.nanoTime();
        var model = named(request);
        try {
            var endpoint = Endpoint.of(base, request.choice().baseUrl());
            var exchange = exchange(endpoint);
            var deadline = start + request.timeout().toNanos();
            model = model(request, endpoint, exchange, deadline);
            return answer(asked(request, model, endpoint), exchange, deadline, tokensSoFar, 0);
        } catch (CallFailed e) {
            return failure(request, model, e);
        }
    }

    private ModelAnswer answer(
            Asked asked, Exchange exchange, long deadline, LongConsumer tokensSoFar, int leftOut)
            throws CallFailed, InterruptedException {
        try {
            var received = exchange.call(asked, protocol.body(asked), left(deadline), tokensSoFar);
            remember(asked);
            return reply(asked, received);
        } catch (Exchange.Refused refused) {
            var fewer = protocol.without(asked, refused.words());
            if (fewer == null || leftOut == MOST_LEFT_OUT) {
                throw refused.failure();
            }
            return answer(asked.with(fewer), exchange, deadline, tokensSoFar, leftOut + 1);
        }
    }

    private ModelAnswer.Reply reply(Asked asked, Exchange.Received received) throws CallFailed {
        var draft = received.draft();
        var completion = Completion.of(draft, asked);
        var model = draft.model() == null ? asked.model() : draft.model();
        return new ModelAnswer.Reply(
                protocol.provider(),
                model,
                completion.message(),
                completion.stop(),
                draft.usage(),
                draft.usageIsFinal()
                        ? cost(asked, model, draft.usage())
                        : bound(asked).orElse(null),
                received.firstToken(),
                received.total());
    }

    private ModelAnswer.Failure failure(ModelRequest request, String model, CallFailed failed) {
        return new ModelAnswer.Failure(
                protocol.provider(),
                model,
                failed.kind(),
                withoutKey(failed.why()),
                failed.retryAfter(),
                failed.usage(),
                lostCost(request, model, failed));
    }

    /// The last of several nets: whoever made the message, the key is not in it.
    private String withoutKey(String why) {
        var key = secrets.find(protocol.provider()).map(String::strip).orElse("");
        return key.isEmpty() ? why : why.replace(key, "***");
    }

    private @Nullable Money lostCost(ModelRequest request, String model, CallFailed failed) {
        if (failed.usageIsFinal() && failed.usage().equals(Usage.NONE)) {
            return Money.ZERO; // the model was not reached
        }
        try {
            var asked = asked(request, model, Endpoint.of(base, request.choice().baseUrl()));
            return failed.usageIsFinal()
                    ? cost(asked, model, failed.usage())
                    : bound(asked).orElse(null);
        } catch (CallFailed unusable) {
            return null;
        }
    }

    private @Nullable Money cost(Asked asked, String served, Usage usage) {
        if (asked.endpoint().local()) {
            return Money.ZERO;
        }
        return price(asked.endpoint(), served)
                .or(() -> price(asked.endpoint(), asked.model()))
                .map(price -> price.cost(usage))
                .orElse(null);
    }

    private Optional<Price> price(Endpoint endpoint, String model) {
        var seller =
                endpoint.vendor()
                        ? Optional.of(protocol.provider())
                        : prices.provider(endpoint.base());
        return seller.flatMap(s -> prices.find(s, model));
    }

    // ---- the bound

    /// The most that it can cost: as many input tokens as the request has bytes, and what the
    /// vendor adds, at the dearest price that can apply; all the output that is allowed. A call
    /// that cannot be made costs nothing, and says why when it is tried.
    ///
    /// May ask a compatible server which model it serves, if the session names none.
    @Override
    public Optional<Money> bound(ModelRequest request) {
        try {
            var endpoint = Endpoint.of(base, request.choice().baseUrl());
            if (endpoint.local()) {
                return Optional.of(Money.ZERO);
            }
            var deadline = System.nanoTime() + request.timeout().toNanos();
            var model = model(request, endpoint, exchange(endpoint), deadline);
            return bound(asked(request, model, endpoint));
        } catch (CallFailed e) {
            return Optional.of(Money.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// A compatible server at another address is of no family; the window is the list's.
    @Override
    public ModelTarget target(ModelChoice choice, String route) {
        var named = choice.model();
        var model = named == null || named.isBlank() ? protocol.model(route) : named;
        boolean own = choice.baseUrl() == null;
        var family = own ? Family.of(protocol.provider(), model) : Family.GENERIC;
        long window = own ? window(model) : 0;
        return new ModelTarget(protocol.provider(), model, family, window);
    }

    private long window(String model) {
        return prices.facts(protocol.provider(), model)
                .flatMap(facts -> Optional.ofNullable(facts.context()))
                .orElse(0L);
    }

    private Optional<Money> bound(Asked asked) {
        if (asked.endpoint().local()) {
            return Optional.of(Money.ZERO);
        }
        var request = asked.request();
        var input =
                Json.mapper().writeValueAsBytes(protocol.body(asked)).length
                        + Overhead.TOOLS
                        + Overhead.A_MESSAGE * request.messages().size()
                        + Overhead.A_TOOL * request.tools().size();
        return price(asked.endpoint(), asked.model())
                .map(price ->
                        price.bound(input, request.maxOutputTokens(), Caching.MINUTES, false));
    }

    // ---- which model, where, and how

    private Asked asked(ModelRequest request, String model, Endpoint endpoint) {
        var schema = request.answer();
        return new Asked(
                request,
                model,
                endpoint,
                ToolNames.of(request),
                schema == null ? null : AnswerSchema.of(schema),
                habits.getOrDefault(
                        server(endpoint, model), new Habits(true, true, endpoint.vendor())));
    }

    private void remember(Asked asked) {
        if (habits.size() < SERVERS_REMEMBERED) {
            habits.put(server(asked.endpoint(), asked.model()), asked.habits());
        }
    }

    private static String server(Endpoint endpoint, String model) {
        return endpoint + " " + model;
    }

    private String named(ModelRequest request) {
        var model = request.choice().model();
        return model == null || model.isBlank() ? protocol.model(request.route()) : model;
    }

    private String model(ModelRequest request, Endpoint endpoint, Exchange exchange, long deadline)
            throws CallFailed, InterruptedException {
        var choice = request.choice().model();
        if (endpoint.vendor() || (choice != null && !choice.isBlank())) {
            return named(request);
        }
        var known = served.get(endpoint.base());
        if (known != null) {
            return known;
        }
        var first = firstModel(exchange.get(endpoint.at("/models"), left(deadline)), endpoint);
        if (served.size() < SERVERS_REMEMBERED) {
            served.put(endpoint.base(), first);
        }
        return first;
    }

    private static String firstModel(JsonNode list, Endpoint endpoint) throws CallFailed {
        return list.path("data").values().stream()
                .map(model -> model.path("id").asString(""))
                .filter(id -> !id.isBlank() && !id.contains("embed"))
                .findFirst()
                .orElseThrow(() ->
                        CallFailed.unbilled(
                                ModelAnswer.Kind.INVALID,
                                endpoint
                                        + " serves no model: load one there, or name one in"
                                        + " REMIT_MODEL"));
    }

    private Exchange exchange(Endpoint endpoint) throws CallFailed {
        var key = Credential.find(secrets, protocol, endpoint);
        var server = endpoint.vendor() ? protocol.vendor() : endpoint.toString();
        return new Exchange(upstream, protocol, patience, clock, key, server);
    }

    private static Duration left(long deadline) throws CallFailed {
        var nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw CallFailed.unbilled(ModelAnswer.Kind.TIMED_OUT, "the time for this call is over");
        }
        return Duration.ofNanos(nanos);
    }
}
