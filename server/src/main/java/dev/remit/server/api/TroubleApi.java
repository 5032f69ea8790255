package dev.remit.server.api;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.Mail;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.session.Troubled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/trouble` and redriving: sessions that cannot go on by themselves.
final class TroubleApi {
    private static final int MOST_REDRIVEN = 100;
    private static final int MOST_A_SECOND = 50;

    private final ApiParts parts;

    TroubleApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply list(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        var after = exchange.query("cursor").map(SessionResource::id).orElse(null);
        return Page.reply(
                troubled(exchange.query("agent").orElse(null), after, limit + 1),
                limit,
                TroubleApi::shown,
                last -> last.id().toString());
    }

    private List<Troubled> troubled(
            @org.jspecify.annotations.Nullable String agent,
            @org.jspecify.annotations.Nullable SessionId after,
            int limit) {
        return parts.queries().troubled(agent, after, limit);
    }

    private static ObjectNode shown(Troubled troubled) {
        var shown =
                Json.object()
                        .put("session", troubled.id().toString())
                        .put("agent", troubled.definition().name())
                        .put("version", troubled.definition().version().hex())
                        .put("since", troubled.since().toString())
                        .put("why", troubled.waiting().why())
                        .put("times", troubled.times())
                        .put("todo", todo(troubled));
        var doubt = shown.putArray("in_doubt");
        troubled.waiting().inDoubt().forEach(action -> doubt.add(action.value()));
        var failure = troubled.failure();
        if (failure != null) {
            shown.putObject("failure")
                    .put("at", failure.at().toString())
                    .put("node", failure.node())
                    .put("what", failure.what())
                    .put("times", failure.times());
        }
        return shown;
    }

    private static String todo(Troubled troubled) {
        return troubled.waiting().inDoubt().isEmpty()
                ? "remit redrive " + troubled.id()
                : "remit resolve " + troubled.id() + " happened, or did-not-happen";
    }

    Reply redrive(Exchange exchange) {
        var id = parts.sessions().existing(exchange.parameter("id"));
        Body.optional(exchange);
        var waiting = parts.sessions().summary(id).waiting();
        if (waiting instanceof dev.remit.core.session.Waiting.Trouble trouble
                && !trouble.inDoubt().isEmpty()) {
            throw Problems.conflict(
                    "actions "
                            + trouble.inDoubt()
                            + " are in doubt: say first whether they happened (:resolve)");
        }
        return parts.sessions().send(id, new Mail.Redrive(Caller.of(exchange).principal()));
    }

    /// Some of them, not faster than asked for: what troubled them may not bear all at once.
    Reply redriveAll(Exchange exchange) {
        var body = Body.of(exchange, "agent", "after", "limit", "per_second");
        int limit = (int) bounded(body.number("limit", 20), MOST_REDRIVEN, "limit");
        long rate = bounded(body.number("per_second", 10), MOST_A_SECOND, "per_second");
        var after = body.findText("after").map(SessionResource::id).orElse(null);
        var troubled = troubled(body.findText("agent").orElse(null), after, limit);
        var redriven = Json.array();
        var left = Json.array();
        for (var one : troubled) {
            if (!one.waiting().inDoubt().isEmpty()) {
                left.add(one.id().toString());
            } else if (parts.engine()
                    .send(one.id(), new Mail.Redrive(Caller.of(exchange).principal()))) {
                redriven.add(one.id().toString());
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos() / rate);
            }
        }
        var shown = Json.object();
        shown.set("redriven", redriven);
        shown.set("in_doubt", left);
        if (troubled.size() == limit) {
            shown.put("next", troubled.getLast().id().toString());
        }
        return Reply.ok(shown);
    }

    private static long bounded(long value, long most, String field) {
        if (value < 1 || value > most) {
            throw Problems.badRequest(field + " is expected to be 1 to " + most);
        }
        return value;
    }
}
