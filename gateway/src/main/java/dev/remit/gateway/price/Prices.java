package dev.remit.gateway.price;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Published prices and limits by seller and model. Immutable. A model that is not in it, whose
/// price has parts that are not by token, or that is listed as free, has no price: it is never
/// taken to be free.
///
/// The facts that come with Remit are in `model-prices.json` beside this class, with their source
/// and date.
public final class Prices {
    /// Where those sellers answer whose addresses the list does not tell.
    private static final Map<String, String> HOSTS =
            Map.ofEntries(
                    Map.entry("api.anthropic.com", "anthropic"),
                    Map.entry("api.openai.com", "openai"),
                    Map.entry("generativelanguage.googleapis.com", "google"),
                    Map.entry("api.mistral.ai", "mistral"),
                    Map.entry("api.groq.com", "groq"),
                    Map.entry("api.x.ai", "xai"),
                    Map.entry("api.together.xyz", "togetherai"),
                    Map.entry("api.together.ai", "togetherai"),
                    Map.entry("api.cerebras.ai", "cerebras"),
                    Map.entry("api.cohere.ai", "cohere"),
                    Map.entry("api.cohere.com", "cohere"),
                    Map.entry("api.deepinfra.com", "deepinfra"),
                    Map.entry("api.perplexity.ai", "perplexity"),
                    Map.entry("models.github.ai", "github-models"));

    private static final Pattern DATE = Pattern.compile("-(\\d{8}|\\d{4}-\\d{2}-\\d{2})$");
    private static final Prices BUNDLED = bundledFile();
    private final Map<String, NavigableMap<String, Model>> bySeller;
    private final Map<String, String> sellerByHost = new HashMap<>(HOSTS);
    private final String asOf;
    private final String source;
    private final String forcedOver;
    private final ServiceTiers tiers = ServiceTiers.published();

    private Prices(PriceFile file) {
        asOf = file.asOf;
        source = file.source;
        forcedOver = file.forcedOver;
        bySeller = new TreeMap<>(file.bySeller);
        file.addresses.forEach((api, seller) -> {
            var host = URI.create(api).getHost();
            if (host != null) {
                sellerByHost.put(host.toLowerCase(Locale.ROOT), seller);
            }
        });
    }

    /// The prices that came with this Remit.
    public static Prices bundled() {
        return BUNDLED;
    }

    /// @throws InvalidPrices if any of it is wrong
    public static Prices read(byte[] file) throws InvalidPrices {
        try {
            return new Prices(PriceFile.read(file));
        } catch (IllegalArgumentException e) {
            throw new InvalidPrices("an api is no address");
        }
    }

    /// The date of the facts, such as `2026-07-02`.
    public String asOf() {
        return asOf;
    }

    /// Where the facts are from.
    public String source() {
        return source;
    }

    String forcedOver() {
        return forcedOver;
    }

    /// @param seller such as `anthropic`
    /// @param model as the seller names it; a date behind it may be missing in the list
    public Optional<Price> find(String seller, String model) {
        return facts(seller, model).flatMap(Model::knownPrice);
    }

    /// @param serviceTier as asked for or as billed; absent: the usual one
    /// @return empty also if the price at that tier is not known
    public Optional<Price> find(String seller, String model, @Nullable String serviceTier) {
        return find(seller, model)
                .flatMap(price ->
                        Optional.ofNullable(tiers.price(seller, model, serviceTier, price)));
    }

    /// What a price of the operator's comes to at another service tier.
    ///
    /// @return nothing if that is not known
    public @Nullable Price at(List<String> sellers, @Nullable String serviceTier, Price usual) {
        for (var seller : sellers.isEmpty() ? List.of("") : sellers) {
            var price = tiers.price(seller, "", serviceTier, usual);
            if (price != null) {
                return price;
            }
        }
        return null;
    }

    /// What is known of a model.
    public Optional<Model> facts(String seller, String model) {
        var models = bySeller.get(seller);
        if (models == null) {
            return Optional.empty();
        }
        var found = models.get(model);
        if (found == null) {
            found = models.get(model + "@default");
        }
        if (found == null) {
            found = models.get(DATE.matcher(model).replaceFirst(""));
        }
        return Optional.ofNullable(found);
    }

    /// Who answers at that address, if the list knows.
    public Optional<String> provider(URI base) {
        var host = base.getHost();
        return host == null
                ? Optional.empty()
                : Optional.ofNullable(sellerByHost.get(host.toLowerCase(Locale.ROOT)));
    }

    /// Every seller in the list.
    public List<String> sellers() {
        return List.copyOf(bySeller.keySet());
    }

    /// Every model, by seller and name.
    public List<Model> models() {
        return bySeller.values().stream().flatMap(models -> models.values().stream()).toList();
    }

    /// Models whose `seller/name` holds every word of these, in any case.
    public List<Model> search(String words) {
        var wanted =
                Arrays.stream(words.toLowerCase(Locale.ROOT).split("\\s+"))
                        .filter(word -> !word.isEmpty())
                        .toList();
        return models().stream()
                .filter(model -> {
                    var name = model.toString().toLowerCase(Locale.ROOT);
                    return wanted.stream().allMatch(name::contains);
                })
                .toList();
    }

    static byte[] bundledBytes() {
        return resource("model-prices.json");
    }

    static byte[] resource(String name) {
        try (InputStream in = Prices.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from this build");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Prices bundledFile() {
        try {
            return read(bundledBytes());
        } catch (InvalidPrices e) {
            throw new IllegalStateException("model-prices.json of this build: " + e.why(), e);
        }
    }
}
