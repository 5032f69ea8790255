package dev.remit.gateway.price;

import dev.remit.core.json.Json;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;

/// What other service tiers than the usual one cost, as far as vendors have published it. A tier
/// that is not known has no price.
///
/// The facts are in `service-tiers.json` beside this class, with their sources and date.
final class ServiceTiers {
    private static final Pattern DATE = Pattern.compile("-(\\d{8}|\\d{4}-\\d{2}-\\d{2})$");
    private static final ServiceTiers PUBLISHED = new ServiceTiers();
    private final Map<String, BigDecimal> parts = new HashMap<>();
    private final Map<String, Rates> dearer = new HashMap<>();

    private ServiceTiers() {
        var file =
                Json.mapper()
                        .reader()
                        .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .readTree(Prices.resource("service-tiers.json"));
        for (var seller : file.required("parts").properties()) {
            for (var tier : seller.getValue().properties()) {
                parts.put(seller.getKey() + " " + tier.getKey(), tier.getValue().decimalValue());
            }
        }
        for (var seller : file.required("rates").properties()) {
            for (var tier : seller.getValue().properties()) {
                for (var model : tier.getValue().properties()) {
                    dearer.put(
                            seller.getKey() + " " + tier.getKey() + " " + model.getKey(),
                            rates(model.getValue()));
                }
            }
        }
    }

    static ServiceTiers published() {
        return PUBLISHED;
    }

    private static Rates rates(JsonNode cost) {
        var input = cost.required("input").decimalValue();
        var output = cost.required("output").decimalValue();
        var read = cost.has("cache_read") ? cost.path("cache_read").decimalValue() : input;
        return new Rates(input, read, input, input, null, output, output);
    }

    @Nullable Price price(String seller, String model, @Nullable String tier, Price usual) {
        if (isUsual(tier)) {
            return usual;
        }
        var part = parts.get(seller + " " + tier);
        if (part != null) {
            return part.compareTo(BigDecimal.ONE) == 0 ? usual : usual.part(part);
        }
        var rates = dearer.get(seller + " " + tier + " " + model);
        if (rates == null) {
            rates = dearer.get(seller + " " + tier + " " + DATE.matcher(model).replaceFirst(""));
        }
        return rates == null ? null : usual.dearer(rates);
    }

    /// `auto` is the usual one unless the operator's own project at the vendor says otherwise; then
    /// the answer names the tier that was billed.
    private static boolean isUsual(@Nullable String tier) {
        return tier == null
                || switch (tier) {
                    case "", "auto", "default", "standard", "standard_only", "on_demand" -> true;
                    default -> false;
                };
    }
}
