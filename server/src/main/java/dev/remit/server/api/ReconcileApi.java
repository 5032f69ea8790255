package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.money.Reconciliation;
import dev.remit.store.money.UsageExport;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/ledger:reconcile`: the ledger beside what a provider says was used.
final class ReconcileApi {
    private final ApiParts parts;

    ReconcileApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply reconcile(Exchange exchange) {
        var body = Body.of(exchange, "csv", "provider");
        var compared =
                parts.money()
                        .ledger()
                        .reconcile(
                                export(body.text("csv")), body.findText("provider").orElse(null));
        var shown = Json.object();
        boolean matches =
                compared.entries().stream()
                        .allMatch(e -> e.verdict() == Reconciliation.Verdict.MATCHED);
        shown.put("matches", matches);
        var items = shown.putArray("items");
        compared.entries().forEach(entry -> items.add(shown(entry)));
        var days = shown.putArray("days");
        for (var day : compared.days()) {
            days.addObject()
                    .put("day", day.day().toString())
                    .put("more_micros", day.more().micros())
                    .put("unattributed_micros", day.unattributed().micros())
                    .put("explained_micros", day.explained().micros());
        }
        return Reply.ok(shown);
    }

    private static UsageExport export(String csv) {
        try {
            return UsageExport.parse(csv);
        } catch (UsageExport.Invalid e) {
            throw Problems.unusable(String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode shown(Reconciliation.Entry entry) {
        var shown =
                Json.object()
                        .put("day", entry.day().toString())
                        .put("model", entry.model())
                        .put("verdict", ApiJson.word(entry.verdict()));
        shown.set("here", shown(entry.here()));
        shown.set("there", shown(entry.there()));
        return shown.put("tokens", entry.tokens()).put("micros", entry.micros());
    }

    private static ObjectNode shown(Reconciliation.Side side) {
        return Json.object()
                .put("input", side.input())
                .put("cached", side.cached())
                .put("output", side.output())
                .put("cost_micros", side.cost().micros());
    }
}
