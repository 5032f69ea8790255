package dev.remit.server;

import dev.remit.http.server.Exchange;
import dev.remit.http.server.Guard;
import dev.remit.http.server.Problem;
import dev.remit.store.session.Node;

/// Refuses everything from the moment this node knows that it was taken for dead, until it has come
/// back.
record Alive(Node node, Guard guard) implements Guard {
    @Override
    public void check(Exchange exchange) {
        if (node.isFenced()) {
            throw new Problem(
                            503,
                            "urn:remit:problem:fenced",
                            "the other nodes took this one for dead, and have its sessions; it comes"
                                    + " back by itself within moments. Ask again, or another node")
                    .header("Retry-After", "1");
        }
        guard.check(exchange);
    }
}
