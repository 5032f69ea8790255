package dev.remit.gateway.price;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a price list as a whole, or not at all. Prices are in dollars for a million tokens.
final class PriceFile {
    static final int LARGEST = 16 << 20;
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /// No token has ever cost a tenth of this; whoever writes so has the wrong unit.
    private static final BigDecimal DEAREST = BigDecimal.valueOf(100_000);

    private static final int FINEST = 24;
    private static final String UNIT = "USD per million tokens";
    private static final Set<String> BY_TOKEN =
            Set.of(
                    "input",
                    "output",
                    "cache_read",
                    "cached_input",
                    "cache_write",
                    "reasoning",
                    "input_audio",
                    "tiers");

    final String asOf;
    final String source;

    /// While the list that came with Remit is not newer than this, an older one was wanted.
    final String forcedOver;

    final Map<String, NavigableMap<String, Model>> bySeller = new TreeMap<>();
    final Map<String, String> addresses = new TreeMap<>();

    private PriceFile(JsonNode file) throws InvalidPrices {
        asOf = date(file, "as_of");
        forcedOver = file.has("forced_over") ? date(file, "forced_over") : "";
        source = file.path("source").asString("");
        if (!file.path("unit").asString("").equals(UNIT)) {
            throw new InvalidPrices("unit: expected \"" + UNIT + "\"");
        }
        var providers = file.path("providers");
        if (!providers.isObject() || providers.isEmpty()) {
            throw new InvalidPrices("providers: expected an object of sellers");
        }
        for (var seller : providers.properties()) {
            seller(seller.getKey(), seller.getValue());
        }
    }

    static PriceFile read(byte[] bytes) throws InvalidPrices {
        return new PriceFile(tree(bytes));
    }

    static JsonNode tree(byte[] bytes) throws InvalidPrices {
        if (bytes.length > LARGEST) {
            throw new InvalidPrices("a price list has at most " + LARGEST + " bytes");
        }
        try {
            return MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            throw new InvalidPrices("not JSON: " + e.getOriginalMessage());
        }
    }

    private static String date(JsonNode file, String field) throws InvalidPrices {
        try {
            return LocalDate.parse(file.path(field).asString("")).toString();
        } catch (DateTimeException e) {
            throw new InvalidPrices(field + ": expected a date such as 2026-07-02");
        }
    }

    private void seller(String name, JsonNode seller) throws InvalidPrices {
        var models = seller.path("models");
        if (!models.isObject()) {
            throw new InvalidPrices(name + ": expected an object of models");
        }
        var api = seller.path("api").asString("");
        if (!api.isEmpty()) {
            addresses.put(api, name);
        }
        var known = new TreeMap<String, Model>();
        for (var model : models.properties()) {
            known.put(model.getKey(), model(name, model.getKey(), model.getValue()));
        }
        bySeller.put(name, known);
    }

    private Model model(String seller, String name, JsonNode facts) throws InvalidPrices {
        var where = seller + "/" + name;
        return new Model(
                seller,
                name,
                facts.has("cost") ? price(where, facts.path("cost")) : null,
                limit(where, facts, "context"),
                limit(where, facts, "output"),
                facts.path("tools").asBoolean(false),
                facts.path("reasoning").asBoolean(false));
    }

    private static @Nullable Long limit(String where, JsonNode facts, String field)
            throws InvalidPrices {
        var limit = facts.path("limit").path(field);
        if (limit.isMissingNode() || limit.isNull()) {
            return null;
        }
        if (!limit.isIntegralNumber() || !limit.canConvertToLong() || limit.asLong() < 0) {
            throw new InvalidPrices(where + ": limit." + field + " is no number of tokens");
        }
        return limit.asLong() == 0 ? null : limit.asLong();
    }

    /// Nothing if it is not by token alone, or listed as free, which only the operator can know.
    private @Nullable Price price(String where, JsonNode cost) throws InvalidPrices {
        if (!cost.isObject()) {
            throw new InvalidPrices(where + ": cost: expected an object");
        }
        var base = rates(where, cost, cost);
        var above = new TreeMap<Long, Rates>();
        var tiers = cost.path("tiers");
        if (!tiers.isMissingNode() && !tiers.isArray()) {
            throw new InvalidPrices(where + ": tiers: expected a list");
        }
        for (var tier : tiers) {
            var size = tier.path("tier").path("size");
            if (!size.isIntegralNumber() || size.asLong() <= 0) {
                throw new InvalidPrices(where + ": a tier has no size");
            }
            above.put(size.asLong(), rates(where, tier, cost));
        }
        var unknown = cost.propertyNames().stream().anyMatch(part -> !BY_TOKEN.contains(part));
        var whole = cost.has("input") && cost.has("output");
        var free = base.input().signum() == 0 && base.output().signum() == 0;
        return unknown || !whole || free ? null : new Price(base, above, asOf);
    }

    /// A cached token without a price of its own costs what any other does, never nothing.
    private static Rates rates(String where, JsonNode cost, JsonNode base) throws InvalidPrices {
        var input = rate(where, cost.has("input") ? cost : base, "input");
        var output = rate(where, cost.has("output") ? cost : base, "output");
        var read = rate(where, cost, cost.has("cache_read") ? "cache_read" : "cached_input");
        var write = positive(rate(where, cost, "cache_write"), input);
        var reasoning = rate(where, cost, "reasoning");
        return new Rates(
                input,
                positive(read, input),
                write,
                where.contains("claude") ? write.multiply(Rates.HOUR) : write,
                audio(
                        where,
                        input,
                        rate(where, cost.has("input_audio") ? cost : base, "input_audio")),
                output,
                positive(reasoning, output));
    }

    /// Google's prices are for all that a prompt may hold, unless sound has its own; elsewhere what
    /// is not listed is not known.
    private static @Nullable BigDecimal audio(String where, BigDecimal input, BigDecimal listed) {
        if (listed.signum() > 0) {
            return listed;
        }
        return where.startsWith("google/") || where.startsWith("google-vertex/gemini")
                ? input
                : null;
    }

    private static BigDecimal rate(String where, JsonNode cost, String field) throws InvalidPrices {
        var rate = cost.path(field);
        if (rate.isMissingNode() || rate.isNull()) {
            return BigDecimal.ZERO;
        }
        if (!rate.isNumber()) {
            throw new InvalidPrices(where + ": " + field + " is no number");
        }
        var value = rate.decimalValue();
        if (value.signum() < 0 || value.compareTo(DEAREST) > 0 || value.scale() > FINEST) {
            throw new InvalidPrices(
                    where
                            + ": "
                            + field
                            + " is no price: expected 0 to "
                            + DEAREST
                            + " dollars for a million tokens, with at most "
                            + FINEST
                            + " decimals");
        }
        return value;
    }

    private static BigDecimal positive(BigDecimal rate, BigDecimal otherwise) {
        return rate.signum() > 0 ? rate : otherwise;
    }
}
