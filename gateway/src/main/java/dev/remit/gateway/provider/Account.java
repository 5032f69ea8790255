package dev.remit.gateway.provider;

import dev.remit.core.settings.Settings;
import dev.remit.gateway.price.Model;
import dev.remit.gateway.price.Price;
import dev.remit.gateway.vendor.Hosts;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Facts;
import dev.remit.http.client.Body;
import dev.remit.http.client.Header;
import dev.remit.http.client.Request;
import dev.remit.http.client.Timeouts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What all providers have in common: an address, a key that goes nowhere else, prices and bounds.
abstract class Account implements Provider {
    /// Of names that become part of a path.
    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@~/-]{0,199}");

    private static final int ADDRESSES_REMEMBERED = 256;
    private static final Timeouts ANY = Timeouts.of(Duration.ofMinutes(10));

    private final Context context;
    private final Settings.Provider settings;
    private final @Nullable URI url;
    private final boolean own;
    private final Map<String, Request> commons = new ConcurrentHashMap<>();
    private volatile @Nullable String root;

    /// @param own the vendor's address; absent: the operator must name one
    Account(Context context, Settings.Provider settings, @Nullable String own) {
        this.context = context;
        this.settings = settings;
        var named = settings.url();
        this.own = named == null;
        this.url = named != null ? named : own == null ? null : URI.create(own);
    }

    // ---- for each kind

    /// Under whose name prices are listed, best first.
    abstract List<String> sellers(String model);

    /// Where the call goes.
    abstract String path(Outgoing call) throws Unusable;

    /// The headers that say who asks.
    abstract List<Header> signed(URI address, Outgoing call, byte[] body) throws Unusable;

    /// Client headers that may go there, in lower case.
    abstract List<String> forwarded();

    /// What goes out.
    byte[] body(Outgoing call) throws Unusable {
        return call.body();
    }

    /// The value of a client's header as it may go there; absent: not at all.
    @Nullable String forwarded(String name, String value, Outgoing call) {
        return value;
    }

    /// The most that one picture costs there in tokens, however large it is; empty if the vendor
    /// has not said so.
    abstract OptionalLong picture(String model);

    // ---- the same for all

    final Context context() {
        return context;
    }

    @Override
    public final Settings.Provider settings() {
        return settings;
    }

    @Override
    public boolean newCap() {
        return false;
    }

    @Override
    public Framing framing(Dialect dialect) {
        return Framing.SSE;
    }

    @Override
    public final Request request(Outgoing call) throws Unusable {
        var body = body(call);
        var common = common(root() + path(call));
        try {
            var own = new ArrayList<Header>(6);
            for (var name : forwarded()) {
                var value = call.headers().get(name);
                var allowed = value == null ? null : forwarded(name, value, call);
                if (allowed != null) {
                    own.add(new Header(name, allowed));
                }
            }
            own.addAll(signed(common.uri(), call, body));
            return common.with(call.timeouts()).with(Body.of(body), own);
        } catch (IllegalArgumentException e) {
            throw unusable("a header cannot be sent: " + e.getMessage());
        }
    }

    private String root() throws Unusable {
        var known = root;
        if (known == null) {
            known = text(base());
            root = known;
        }
        return known;
    }

    /// What all calls of that address have in common.
    private Request common(String address) throws Unusable {
        var known = commons.get(address);
        if (known != null) {
            return known;
        }
        try {
            var builder = Request.builder("POST", URI.create(address), ANY);
            builder.header("content-type", "application/json");
            settings.headers().forEach(builder::header);
            var made = builder.build();
            if (commons.size() < ADDRESSES_REMEMBERED) {
                commons.put(address, made);
            }
            return made;
        } catch (IllegalArgumentException e) {
            throw unusable("its address or one of its headers is none: " + e.getMessage());
        }
    }

    /// Where it answers.
    ///
    /// @throws Unusable if that is no address that may be called
    final URI base() throws Unusable {
        if (url == null) {
            throw unusable("it has no url: name where it answers, in remit.yaml");
        }
        var scheme = url.getScheme();
        if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw unusable("its url is not of the form https://host/path");
        }
        if (url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw unusable(
                    "its url carries a user name, a query or a fragment: keep the key in the vault,"
                            + " not in the address");
        }
        return url;
    }

    /// Without a slash at the end.
    String text(URI base) {
        var text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    final String option(String name, String otherwise) {
        return settings.options().getOrDefault(name, otherwise);
    }

    final String needed(String option) throws Unusable {
        var value = settings.options().get(option);
        if (value == null || value.isBlank()) {
            throw unusable("it has no " + option + ": name it in remit.yaml");
        }
        return value;
    }

    /// The key for this call; nothing for a server that may do without.
    ///
    /// @throws Unusable if there is none and there must be, or it must not be sent there
    final @Nullable String key() throws Unusable {
        var name = settings.credential();
        if (name == null) {
            return null;
        }
        var key = context.secrets().find(name).map(String::strip).orElse("");
        if (key.isEmpty()) {
            var compatible = settings.kind() == Settings.Provider.Kind.OPENAI_COMPATIBLE;
            if (own || (!compatible && !isLocal())) {
                throw unusable(
                        "it has no key: set the secret \""
                                + name
                                + "\" in the vault or the environment and try again");
            }
            return null;
        }
        confidential();
        return key;
    }

    /// @throws Unusable if a key must not be sent there
    final void confidential() throws Unusable {
        if ("http".equals(base().getScheme()) && !isLocal()) {
            throw unusable(
                    "its key would go in clear over the open network: use https for "
                            + base().getHost());
        }
    }

    private boolean isLocal() {
        return url != null && url.getHost() != null && Hosts.isLocal(url.getHost());
    }

    /// The header that carries the key; none if there is no key.
    final List<Header> key(String name, String prefix) throws Unusable {
        var key = key();
        return key == null ? List.of() : List.of(new Header(name, prefix + plain(key)));
    }

    /// A key that can stand in a header.
    final String plain(String key) throws Unusable {
        if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw unusable("its key holds characters that no key has: set it anew");
        }
        return key;
    }

    /// A name that can stand in a path.
    final String inPath(String model) throws Unusable {
        if (!MODEL.matcher(model).matches() || model.contains("..") || model.contains("//")) {
            throw unusable("it has no model of that name");
        }
        return model;
    }

    final Unusable unusable(String why) {
        return new Unusable("provider " + settings.name() + ": " + why);
    }

    final Unusable cannot(Operation operation) {
        return unusable(
                switch (operation) {
                    case CHAT -> "it cannot be asked in this dialect";
                    case EMBEDDINGS -> "it has no embeddings in OpenAI's words";
                    case COUNT_TOKENS -> "it counts no tokens";
                });
    }

    // ---- prices and bounds

    @Override
    public final Optional<Price> price(String model, @Nullable String serviceTier) {
        if (settings.free()) {
            return Optional.of(Price.FREE);
        }
        var name = settings.name() + "/" + model;
        if (serviceTier != null) {
            var set = context.overrides().get(name + "@" + serviceTier);
            if (set != null) {
                return Optional.of(Price.of(set));
            }
        }
        var prices = context.prices().now();
        var set = context.overrides().get(name);
        if (set != null) {
            return Optional.ofNullable(prices.at(sellers(model), serviceTier, Price.of(set)));
        }
        return sellers(model).stream()
                .flatMap(seller -> prices.find(seller, model, serviceTier).stream())
                .findFirst();
    }

    private Optional<Model> facts(String model) {
        var prices = context.prices().now();
        return sellers(model).stream()
                .flatMap(seller -> prices.facts(seller, model).stream())
                .findFirst();
    }

    @Override
    public final Optional<Long> window(String model) {
        return facts(model).map(Model::context);
    }

    @Override
    public final Optional<Long> maxOutput(String model) {
        return facts(model).map(Model::maxOutput);
    }

    /// Never more than the window: what does not fit is refused by the vendor before it costs. Of
    /// documents and films that is all that is known: a few bytes can unpack to any number of
    /// tokens.
    @Override
    public final Optional<Long> inputBound(String model, Facts facts, long bytes) {
        if (!facts.bounded()) {
            return Optional.empty();
        }
        var window = window(model);
        if (facts.media().packed() > 0) {
            return window;
        }
        long bound = TokenBound.of(facts, bytes, picture(model));
        return Optional.of(window.map(most -> Math.min(most, bound)).orElse(bound));
    }
}
