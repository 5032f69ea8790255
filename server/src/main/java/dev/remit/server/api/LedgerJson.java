package dev.remit.server.api;

import dev.remit.core.identity.Principal;
import dev.remit.core.json.Json;
import dev.remit.store.money.Dimension;
import dev.remit.store.money.LedgerRow;
import dev.remit.store.money.LedgerSum;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Rows and sums of the ledger as the API shows them.
final class LedgerJson {
    private LedgerJson() {}

    static ObjectNode of(LedgerRow row) {
        var attempt = row.attempt();
        var who = attempt.who();
        var target = attempt.target();
        var shown =
                Json.object()
                        .put("id", row.id().toString())
                        .put("call", attempt.call().toString())
                        .put("attempt", attempt.number())
                        .put("at", attempt.at().toString())
                        .put("end", ApiJson.word(attempt.end()));
        KeysApi.put(shown, "why", attempt.why());
        KeysApi.put(shown, "team", who.team());
        KeysApi.put(shown, "agent", who.agent());
        KeysApi.put(shown, "key", who.key());
        KeysApi.put(shown, "session", who.session());
        KeysApi.put(shown, "parent", who.parent());
        KeysApi.put(shown, "user", who.user());
        var cause = shown.putArray("cause");
        who.cause().stream().map(Principal::toString).forEach(cause::add);
        var tags = shown.putObject("tags");
        who.tags().forEach(tags::put);
        shown.put("route", target.route())
                .put("provider", target.provider())
                .put("model", target.model());
        KeysApi.put(shown, "tool", target.tool());
        KeysApi.put(shown, "answered", target.answered());
        shown.put("wire", attempt.wire()).put("streamed", attempt.streamed());
        shown.set("usage", ApiJson.tree(attempt.usage()));
        shown.put("cost_micros", attempt.cost().micros())
                .put("certain", attempt.certain())
                .put("saved_micros", attempt.saved().micros());
        var reserved = row.reserved();
        if (reserved != null) {
            shown.put("reserved_micros", reserved.micros()).put("overrun", row.isOverrun());
        }
        KeysApi.put(shown, "prices", attempt.prices());
        var first = attempt.firstToken();
        if (first != null) {
            shown.put("first_token_ms", first.toMillis());
        }
        shown.put("total_ms", attempt.total().toMillis());
        KeysApi.put(shown, "scope", row.scope());
        return shown;
    }

    static ObjectNode of(LedgerSum sum, List<Dimension> by) {
        var shown = Json.object();
        var values = shown.putObject("by");
        for (int i = 0; i < by.size(); i++) {
            values.put(by.get(i).toString(), sum.by().get(i).orElse(null));
        }
        shown.put("attempts", sum.attempts());
        shown.set("usage", ApiJson.tree(sum.usage()));
        return shown.put("cost_micros", sum.cost().micros())
                .put("saved_micros", sum.saved().micros())
                .put("uncertain", sum.uncertain())
                .put("unattributed_micros", sum.unattributed().micros());
    }
}
