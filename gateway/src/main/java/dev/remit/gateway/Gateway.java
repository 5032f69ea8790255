package dev.remit.gateway;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.model.ModelTarget;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.secret.Secrets;
import dev.remit.gateway.rehearsal.RehearsalProvider;
import dev.remit.gateway.vendor.Patience;
import dev.remit.gateway.vendor.Vendor;
import dev.remit.http.client.Upstream;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/// All models there are: hands each call to the provider that its session has chosen.
public final class Gateway implements ModelProvider {
    public static final URI ANTHROPIC = URI.create("https://api.anthropic.com");
    public static final URI OPENAI = URI.create("https://api.openai.com");

    private final Map<String, ModelProvider> providers;

    /// @param providers by the name that a [ModelChoice] gives
    public Gateway(Map<String, ModelProvider> providers) {
        this.providers = Map.copyOf(providers);
    }

    /// The vendors at their own addresses, and the rehearsal.
    ///
    /// @param secrets holds the keys as `anthropic` and `openai`; asked again for every call
    public static Gateway of(Upstream upstream, Secrets secrets, InstantSource clock) {
        return of(upstream, secrets, clock, ANTHROPIC, OPENAI, Patience.DEFAULT);
    }

    /// The same with other addresses for the vendors, such as those of fakes.
    public static Gateway of(
            Upstream upstream,
            Secrets secrets,
            InstantSource clock,
            URI anthropic,
            URI openAi,
            Patience patience) {
        return new Gateway(
                Map.of(
                        "anthropic",
                        Vendor.anthropic(anthropic, upstream, secrets, clock, patience),
                        "openai",
                        Vendor.openAi(openAi, upstream, secrets, clock, patience),
                        ModelChoice.REHEARSAL,
                        new RehearsalProvider()));
    }

    /// The same, and one more.
    public Gateway and(String name, ModelProvider provider) {
        var more = new HashMap<>(providers);
        more.put(name, provider);
        return new Gateway(more);
    }

    @Override
    public ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar)
            throws InterruptedException {
        var provider = providers.get(request.choice().provider());
        return provider == null ? unknown(request) : provider.call(request, tokensSoFar);
    }

    /// A call that nobody can take costs nothing, and says so when it is tried.
    @Override
    public Optional<Money> bound(ModelRequest request) {
        var provider = providers.get(request.choice().provider());
        return provider == null ? Optional.of(Money.ZERO) : provider.bound(request);
    }

    @Override
    public Ready ready(ModelRequest request) {
        var provider = providers.get(request.choice().provider());
        return provider == null ? ModelProvider.super.ready(request) : provider.ready(request);
    }

    @Override
    public ModelTarget target(ModelChoice choice, String route) {
        var provider = providers.get(choice.provider());
        return provider == null
                ? ModelTarget.unknown(choice, route)
                : provider.target(choice, route);
    }

    private ModelAnswer unknown(ModelRequest request) {
        return new ModelAnswer.Failure(
                request.choice().provider(),
                request.route(),
                ModelAnswer.Kind.INVALID,
                "there is no model provider "
                        + request.choice().provider()
                        + "; there are "
                        + String.join(", ", new TreeSet<>(providers.keySet())),
                null,
                Usage.NONE,
                Money.ZERO);
    }
}
