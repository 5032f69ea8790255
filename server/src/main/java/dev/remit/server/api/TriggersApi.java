package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.core.start.StartReader;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Problem;
import dev.remit.http.server.Reply;
import dev.remit.store.start.PostgresTriggers;
import dev.remit.store.start.PostgresTriggers.Taken;
import dev.remit.store.start.Trigger;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/triggers` and `/v1/events/{name}`: what is started by events.
final class TriggersApi {
    private static final int STARTS = 20;

    private final ApiParts parts;

    TriggersApi(ApiParts parts) {
        this.parts = parts;
    }

    private PostgresTriggers triggers() {
        return parts.starts().sweep().triggers();
    }

    private Instant now() {
        return parts.starts().sweep().clock().instant();
    }

    Reply list(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        return Page.reply(
                triggers().list(exchange.query("cursor").orElse(null), limit + 1),
                limit,
                this::brief,
                Trigger::name);
    }

    Reply get(Exchange exchange) {
        var trigger = existing(exchange);
        var shown = brief(trigger);
        var starts = shown.putArray("starts");
        for (var start : triggers().starts(trigger, STARTS)) {
            var one =
                    starts.addObject()
                            .put("key", start.key())
                            .put("state", start.state())
                            .put("at", start.at().toString())
                            .put("events", start.events());
            var session = start.session();
            if (session != null) {
                one.put("session", session.toString());
            }
            if (start.why() != null) {
                one.put("why", start.why());
            }
        }
        return Reply.ok(shown);
    }

    Reply put(Exchange exchange) {
        var start = WrittenStart.of(exchange, parts, "trigger", StartReader::trigger);
        var by = Caller.of(exchange).principal();
        return Reply.ok(
                brief(triggers().put(start.name(), start.agent(), start.spec(), by, now())));
    }

    Reply remove(Exchange exchange) {
        var trigger = existing(exchange);
        if (trigger.byFolder()) {
            throw Problems.conflict(
                    "this trigger stands in the file of "
                            + trigger.agent()
                            + ": take it out there and apply");
        }
        triggers().remove(trigger.name());
        return new Reply.Empty(204);
    }

    /// Something happened. The body is the event; an `Idempotency-Key` makes it count once.
    Reply happened(Exchange exchange) {
        var name = exchange.parameter("name");
        if (!StartReader.isEvent(name)) {
            throw Problems.badRequest(
                    "an event's name has letters, digits, dots, hyphens and underscores");
        }
        var body = parts.redactor().redact(exchange.hasBody() ? exchange.json() : Json.object());
        var id = exchange.header("Idempotency-Key").orElseGet(() -> UUID.randomUUID().toString());
        if (!id.matches("[\\x21-\\x7e]{1,255}")) {
            throw Problems.badRequest(
                    "Idempotency-Key is expected to have 1 to 255 visible ASCII characters");
        }
        var taken = triggers().take(name, id, body, Caller.of(exchange).principal(), now());
        parts.starts().sooner().run();
        return switch (taken) {
            case Taken.New fresh ->
                    new Reply.Json(202, java.util.Map.of(), shown(id, fresh.triggers(), true));
            case Taken.Known known -> Reply.ok(shown(id, known.triggers(), false));
            case Taken.Full full -> throw full(full.trigger());
        };
    }

    private static ObjectNode shown(String id, int triggers, boolean fresh) {
        return Json.object().put("event", id).put("triggers", triggers).put("new", fresh);
    }

    private static Problem full(String trigger) {
        return Problems.busy(
                "more than "
                        + PostgresTriggers.MOST_WAITING
                        + " events of one key wait for "
                        + trigger
                        + "; this one was not taken, send it again later");
    }

    private Trigger existing(Exchange exchange) {
        return triggers().find(exchange.parameter("name")).orElseThrow(Problems::unknownTrigger);
    }

    private ObjectNode brief(Trigger trigger) {
        var shown =
                Json.object()
                        .put("name", trigger.name())
                        .put("agent", trigger.agent())
                        .put("by_folder", trigger.byFolder())
                        .put("event", trigger.event());
        shown.set("spec", trigger.written());
        shown.put("waiting", triggers().waiting(trigger));
        shown.put("changed_at", trigger.changedAt().toString());
        shown.put("changed_by", trigger.changedBy());
        return shown;
    }
}
