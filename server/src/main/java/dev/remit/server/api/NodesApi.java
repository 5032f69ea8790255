package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.session.NodeQueries.Listed;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/nodes`: the servers on this database, and orders to them.
final class NodesApi {
    /// Fewer characters of an id name nobody.
    private static final int SHORTEST = 4;

    private final ApiParts parts;

    NodesApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply list(Exchange exchange) {
        var shown = Json.object();
        var items = shown.putArray("items");
        parts.log().nodes().list().forEach(node -> items.add(shown(node)));
        return Reply.ok(shown);
    }

    Reply drain(Exchange exchange) {
        return order(exchange, true);
    }

    Reply resume(Exchange exchange) {
        return order(exchange, false);
    }

    /// The node hears of it within a second.
    private Reply order(Exchange exchange, boolean drain) {
        Body.optional(exchange);
        var node = find(exchange.parameter("id"));
        if (!parts.log().nodes().drain(node.incarnation(), drain)) {
            throw Problems.conflict(
                    "node " + node.incarnation() + " is fenced: others have its sessions");
        }
        return new Reply.Empty(202);
    }

    /// By its id, the beginning of it, or its name; of several runs of that name the one that is
    /// not fenced.
    private Listed find(String id) {
        var named =
                parts.log().nodes().list().stream()
                        .filter(node ->
                                node.name().equals(id)
                                        || (id.length() >= SHORTEST
                                                && node.incarnation().toString().startsWith(id)))
                        .toList();
        var living = named.stream().filter(node -> !node.fenced()).toList();
        List<Listed> found = living.isEmpty() ? named : living;
        if (found.isEmpty()) {
            throw Problems.unknown("node", id);
        }
        if (found.size() > 1) {
            throw Problems.conflict("the ids of several nodes begin with " + id);
        }
        return found.getFirst();
    }

    private ObjectNode shown(Listed node) {
        var shown =
                Json.object()
                        .put("id", node.incarnation().toString())
                        .put("name", node.name())
                        .put(
                                "status",
                                node.fenced()
                                        ? "fenced"
                                        : !node.alive()
                                                ? "silent"
                                                : node.draining() ? "draining" : "serving")
                        .put("this", node.incarnation().equals(parts.log().node().incarnation()))
                        .put("since", node.since().toString())
                        .put("lease_until", node.lease().toString())
                        .put("watched", node.connected())
                        .put("sessions", node.sessions())
                        .put("places", node.places())
                        .put("load", Math.round(node.load() * 100) / 100.0)
                        .put("draining", node.draining())
                        .put("fenced", node.fenced());
        if (node.version() != null && !node.version().isEmpty()) {
            shown.put("version", node.version());
        }
        if (node.url() != null && !node.url().isEmpty()) {
            shown.put("url", node.url());
        }
        return shown;
    }
}
