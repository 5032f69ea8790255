package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.core.settings.Settings;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.server.settings.SettingsFile;
import java.util.Locale;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/settings`: what is in force of `remit.yaml`, and why a newer one is not.
final class SettingsApi {
    private final ApiParts parts;

    SettingsApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply get(Exchange exchange) {
        var shown = shown(parts.settings().get());
        var dispatcher = shown.putObject("dispatcher").put("name", parts.engine().dispatcher());
        parts.engine().trouble().ifPresent(trouble -> dispatcher.put("trouble", trouble));
        var providers = parts.settings().get().settings().providers();
        for (var one : shown.path("providers")) {
            var provider = providers.get(one.path("name").asString(""));
            if (provider != null && one instanceof ObjectNode object) {
                object.put("key", key(provider));
            }
        }
        return Reply.ok(shown);
    }

    /// Whether there is a key for it; never what it is.
    private String key(Settings.Provider provider) {
        var name = provider.credential();
        if (name == null) {
            return "unneeded";
        }
        var held =
                parts.secrets().find(name).isPresent()
                        || (provider.kind() == Settings.Provider.Kind.BEDROCK
                                && parts.secrets().find("AWS_ACCESS_KEY_ID").isPresent());
        return held ? "held" : "missing";
    }

    static ObjectNode shown(SettingsFile.Status status) {
        var shown = Json.object();
        if (status.file() != null) {
            shown.put("file", status.file().toString());
        }
        shown.put("version", status.version()).put("since", status.since().toString());
        if (status.refused() != null) {
            var refused = Json.object().put("at", status.refused().toString());
            var faults = refused.putArray("faults");
            status.faults().forEach(fault -> faults.add(ApiJson.tree(fault)));
            shown.set("refused", refused);
        }
        return settings(shown, status.settings());
    }

    private static ObjectNode settings(ObjectNode shown, Settings settings) {
        shown.put("organisation", settings.organisation())
                .put("time_zone", settings.zone().getId());
        var providers = shown.putArray("providers");
        new TreeMap<>(settings.providers())
                .values()
                .forEach(p ->
                        providers
                                .addObject()
                                .put("name", p.name())
                                .put("kind", hyphenated(p.kind()))
                                .put("credential", p.credential()));
        var routes = shown.putArray("routes");
        new TreeMap<>(settings.routes())
                .values()
                .forEach(route -> {
                    var one =
                            routes.addObject()
                                    .put("name", route.name())
                                    .put("strategy", ApiJson.word(route.strategy()))
                                    .put("affinity", route.affinity());
                    var targets = one.putArray("targets");
                    route.targets()
                            .forEach(target ->
                                    targets.addObject()
                                            .put("model", target.toString())
                                            .put("priority", target.priority())
                                            .put("weight", target.weight()));
                });
        return shown;
    }

    /// As `remit.yaml` writes it.
    private static String hyphenated(Settings.Provider.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
