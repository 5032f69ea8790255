package dev.remit.gateway.price;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;

/// Published prices by provider and model. A model that is not in it, or whose price has parts that
/// are not by token, has no price: it is never taken to be free.
///
/// The facts are in `model-prices.json` beside this class, with their source and date.
public final class Prices {
    private static final Prices BUNDLED = bundledFile();
    private final Map<String, Map<String, Price>> byProvider = new HashMap<>();
    private final Map<String, String> providerByHost = new HashMap<>();
    private final String asOf;

    private Prices(JsonNode file) {
        asOf = file.required("as_of").asString();
        file.required("providers").properties().forEach(p -> read(p.getKey(), p.getValue()));
        providerByHost.put("api.anthropic.com", "anthropic");
        providerByHost.put("api.openai.com", "openai");
    }

    /// The prices that came with this Remit.
    public static Prices bundled() {
        return BUNDLED;
    }

    /// The date of the facts, such as `2026-07-02`.
    public String asOf() {
        return asOf;
    }

    /// @param provider such as `anthropic`
    /// @param model as the provider names it; a date behind it may be missing in the list
    public Optional<Price> find(String provider, String model) {
        var models = byProvider.getOrDefault(provider, Map.of());
        var price = models.get(model);
        if (price == null) {
            price = models.get(model.replaceFirst("-(\\d{8}|\\d{4}-\\d{2}-\\d{2})$", ""));
        }
        return Optional.ofNullable(price);
    }

    /// Who answers at that address, if the list knows.
    public Optional<String> provider(URI base) {
        var host = base.getHost();
        return host == null
                ? Optional.empty()
                : Optional.ofNullable(providerByHost.get(host.toLowerCase(Locale.ROOT)));
    }

    private void read(String name, JsonNode provider) {
        var api = provider.path("api").asString("");
        if (!api.isEmpty()) {
            providerByHost.put(URI.create(api).getHost().toLowerCase(Locale.ROOT), name);
        }
        var models = new HashMap<String, Price>();
        for (var model : provider.required("models").properties()) {
            var price = price(model.getValue().path("cost"));
            if (price != null) {
                models.put(model.getKey(), price);
            }
        }
        byProvider.put(name, models);
    }

    private static @Nullable Price price(JsonNode cost) {
        if (!cost.has("input")
                || !cost.has("output")
                || cost.has("request")
                || cost.has("citation")) {
            return null;
        }
        var above = new TreeMap<Long, Rates>();
        for (var tier : cost.path("tiers")) {
            above.put(tier.required("tier").required("size").asLong(), rates(tier, cost));
        }
        return new Price(rates(cost, cost), above);
    }

    /// A cached token without a price of its own costs what any other does, never nothing.
    private static Rates rates(JsonNode cost, JsonNode base) {
        var input = first(cost.get("input"), base.get("input"));
        var output = first(cost.get("output"), base.get("output"));
        return new Rates(
                input,
                positive(first(cost.get("cache_read"), cost.get("cached_input")), input),
                positive(decimal(cost.get("cache_write")), input),
                output,
                positive(decimal(cost.get("reasoning")), output));
    }

    private static BigDecimal first(@Nullable JsonNode a, @Nullable JsonNode b) {
        return decimal(a == null ? b : a);
    }

    private static BigDecimal decimal(@Nullable JsonNode number) {
        return number == null ? BigDecimal.ZERO : number.decimalValue();
    }

    private static BigDecimal positive(BigDecimal rate, BigDecimal otherwise) {
        return rate.signum() > 0 ? rate : otherwise;
    }

    private static Prices bundledFile() {
        try (var in = Prices.class.getResourceAsStream("model-prices.json")) {
            if (in == null) {
                throw new IllegalStateException("model-prices.json is missing from this build");
            }
            return new Prices(
                    Json.mapper()
                            .reader()
                            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                            .readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
