package dev.remit.server.api;

import dev.remit.core.identity.Key;
import dev.remit.core.json.Json;
import dev.remit.core.settings.Settings;
import dev.remit.gateway.price.InvalidPrices;
import dev.remit.gateway.price.Model;
import dev.remit.gateway.price.Price;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/models`, `/v1/routes`, `/v1/prices`: what can be asked for, and what it costs.
final class ModelsApi {
    private final ApiParts parts;

    ModelsApi(ApiParts parts) {
        this.parts = parts;
    }

    /// Models of the price list, and those that the operator set a price for.
    Reply models(Exchange exchange) {
        var seller = exchange.query("provider");
        var words = exchange.query("search").orElse("");
        int limit = (int) exchange.query("limit", 500, 1, 5000);
        var prices = parts.money().prices().now();
        var shown = Json.object().put("source", prices.source()).put("as_of", prices.asOf());
        var items = shown.putArray("items");
        parts.money().settings().get().prices().entrySet().stream()
                .filter(set -> seller.isEmpty() || set.getKey().startsWith(seller.get() + "/"))
                .filter(set -> matches(set.getKey(), words))
                .sorted(Map.Entry.comparingByKey())
                .forEach(set -> items.add(operators(set.getKey(), set.getValue())));
        (words.isEmpty() ? prices.models() : prices.search(words))
                .stream()
                        .filter(model -> seller.isEmpty() || model.seller().equals(seller.get()))
                        .limit(limit)
                        .forEach(model -> items.add(shown(model)));
        return Reply.ok(shown);
    }

    private static boolean matches(String name, String words) {
        var known = name.toLowerCase(Locale.ROOT);
        return List.of(words.toLowerCase(Locale.ROOT).split("\\s+")).stream()
                .allMatch(known::contains);
    }

    private static ObjectNode operators(String name, Settings.PriceOverride set) {
        var slash = name.indexOf('/');
        var shown =
                Json.object()
                        .put("model", name)
                        .put("provider", name.substring(0, Math.max(0, slash)))
                        .put("name", name.substring(slash + 1))
                        .put("source", "remit.yaml");
        price(shown, Price.of(set));
        return shown;
    }

    private static ObjectNode shown(Model model) {
        var shown =
                Json.object()
                        .put("model", model.toString())
                        .put("provider", model.seller())
                        .put("name", model.name())
                        .put("source", "published")
                        .put("tools", model.tools())
                        .put("reasoning", model.reasoning());
        model.knownPrice().ifPresent(price -> price(shown, price));
        var context = model.context();
        if (context != null) {
            shown.put("context", context);
        }
        var most = model.maxOutput();
        if (most != null) {
            shown.put("max_output", most);
        }
        return shown;
    }

    /// Dollars for a million tokens, as text: they are exact.
    private static void price(ObjectNode shown, Price price) {
        shown.put("input", price.input().toPlainString())
                .put("output", price.output().toPlainString())
                .put("cache_read", price.cacheRead().toPlainString());
    }

    /// The routes that the caller's key may use.
    Reply routes(Exchange exchange) {
        Key key = Caller.of(exchange).key();
        var shown = Json.object();
        var items = shown.putArray("items");
        parts.money().settings().get().routes().values().stream()
                .filter(route -> key.mayUse(route.name()))
                .sorted(Comparator.comparing(Settings.Route::name))
                .forEach(route -> items.add(shown(route)));
        return Reply.ok(shown);
    }

    private static ObjectNode shown(Settings.Route route) {
        var shown =
                Json.object()
                        .put("name", route.name())
                        .put("strategy", ApiJson.word(route.strategy()))
                        .put("affinity", route.affinity());
        var targets = shown.putArray("targets");
        for (var target : route.targets()) {
            targets.addObject()
                    .put("target", target.toString())
                    .put("priority", target.priority())
                    .put("weight", target.weight())
                    .put("conditional", target.when() != null);
        }
        var most = route.maxOutput();
        if (most != null) {
            shown.put("max_output", most);
        }
        var cache = route.cache();
        if (cache != null) {
            shown.put("cache_seconds", cache.toSeconds());
        }
        return shown.put("checked", route.check() != null);
    }

    Reply prices(Exchange exchange) {
        var prices = parts.money().prices().now();
        return Reply.ok(
                Json.object()
                        .put("source", prices.source())
                        .put("as_of", prices.asOf())
                        .put("models", prices.models().size()));
    }

    /// Takes a newer list, all of it or nothing.
    Reply update(Exchange exchange) throws IOException {
        boolean force = exchange.query("force").filter("true"::equals).isPresent();
        try {
            var update = parts.money().prices().update(exchange.body(), force);
            var shown = Json.object().put("from", update.from()).put("to", update.to());
            add(shown, "added", update.added());
            add(shown, "changed", update.changed());
            add(shown, "removed", update.removed());
            return Reply.ok(shown);
        } catch (InvalidPrices e) {
            throw Problems.unusable(String.valueOf(e.getMessage()));
        }
    }

    private static void add(ObjectNode shown, String field, List<String> names) {
        var list = shown.putArray(field);
        names.forEach(list::add);
    }
}
