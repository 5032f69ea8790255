package dev.remit.server.gateway;

import dev.remit.core.json.Json;
import dev.remit.core.settings.Settings;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Problem;
import dev.remit.http.server.Reply;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Which models a key can name: the routes that it may use, and the targets behind them.
final class ModelsEndpoint {
    private final Supplier<Settings> settings;

    ModelsEndpoint(Supplier<Settings> settings) {
        this.settings = settings;
    }

    private List<String> names(Exchange exchange) {
        var key = Callers.of(exchange).key();
        var names = new TreeSet<String>();
        for (var route : settings.get().routes().values()) {
            names.add(route.name());
            route.targets().forEach(target -> names.add(target.toString()));
        }
        names.removeIf(name -> !key.mayUse(name));
        return List.copyOf(names);
    }

    Reply openAi(Exchange exchange) {
        var list = Json.object().put("object", "list");
        var data = list.putArray("data");
        names(exchange).forEach(name -> data.add(openAiModel(name)));
        return Reply.ok(list);
    }

    Reply openAiOne(Exchange exchange) {
        var name = exchange.parameter("model");
        if (!names(exchange).contains(name)) {
            throw new Problem(404, "there is no model " + name + " for this key");
        }
        return Reply.ok(openAiModel(name));
    }

    private static ObjectNode openAiModel(String name) {
        return Json.object()
                .put("id", name)
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", "remit");
    }

    Reply anthropic(Exchange exchange) {
        var list = Json.object();
        var data = list.putArray("data");
        var names = names(exchange);
        for (var name : names) {
            data.addObject()
                    .put("type", "model")
                    .put("id", name)
                    .put("display_name", name)
                    .put("created_at", "1970-01-01T00:00:00Z");
        }
        list.put("has_more", false);
        list.put("first_id", names.isEmpty() ? null : names.getFirst());
        list.put("last_id", names.isEmpty() ? null : names.getLast());
        return Reply.ok(list);
    }

    Reply gemini(Exchange exchange) {
        var list = Json.object();
        var models = list.putArray("models");
        for (var name : names(exchange)) {
            models.addObject()
                    .put("name", "models/" + name)
                    .put("displayName", name)
                    .putArray("supportedGenerationMethods")
                    .add("generateContent")
                    .add("streamGenerateContent");
        }
        return Reply.ok(list);
    }
}
