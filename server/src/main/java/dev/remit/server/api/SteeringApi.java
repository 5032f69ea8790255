package dev.remit.server.api;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.brain.Compatibility;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.money.Money;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.runtime.Forks;
import dev.remit.store.session.SessionSummary;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/sessions/{id}:interrupt`, `:fork`, `:rewind`, `:move`, and `/v1/agents/{name}:move`.
final class SteeringApi {
    /// Most sessions that one request moves.
    private static final int MOST_MOVED = 500;

    private final ApiParts parts;

    SteeringApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply interrupt(Exchange exchange) {
        var id = parts.sessions().existing(exchange);
        var message = Body.optional(exchange, "message").findText("message");
        return parts.sessions()
                .send(
                        id,
                        new Mail.Interrupt(
                                Caller.of(exchange).principal(),
                                message.map(text -> parts.clean(Json.text(text))).orElse(null)));
    }

    Reply fork(Exchange exchange) {
        return fork(exchange, false);
    }

    Reply rewind(Exchange exchange) {
        return fork(exchange, true);
    }

    private Reply fork(Exchange exchange, boolean rewind) {
        var id = parts.sessions().existing(exchange);
        var body = Body.optional(exchange, "at", "turn", "message", "budget");
        var summary = parts.sessions().summary(id);
        if (rewind) {
            mayBeRewound(summary);
        }
        var request = request(exchange, id, body, rewind);
        try {
            var accepted = parts.engine().fork(EventsApi.all(parts, id), request);
            return switch (accepted) {
                case Accepted.New opened ->
                        new Reply.Json(
                                201,
                                Map.of("Location", "/v1/sessions/" + opened.id()),
                                parts.sessions().show(opened.id()));
                case Accepted.Existing existing -> Reply.ok(parts.sessions().show(existing.id()));
                case Accepted.Conflict conflict -> throw Problems.keyUsedForAnother(conflict.id());
            };
        } catch (Forks.NotThere e) {
            throw Problems.conflict(String.valueOf(e.getMessage()));
        }
    }

    // NullAway does not see in a class file that a nested type may be null.
    @SuppressWarnings("NullAway")
    private Forks.Request request(Exchange exchange, SessionId id, Body body, boolean rewind) {
        return new Forks.Request(
                id,
                at(id, body),
                Caller.of(exchange).principal(),
                budget(body),
                body.findText("message").map(text -> parts.clean(Json.text(text))).orElse(null),
                rewind,
                key(exchange, id, body));
    }

    private static @Nullable Money budget(Body body) {
        return body.findText("budget").map(Budgets::read).orElse(null);
    }

    private static @Nullable IdempotencyKey key(Exchange exchange, SessionId id, Body body) {
        return exchange.header("Idempotency-Key")
                .map(key ->
                        new IdempotencyKey(
                                Caller.of(exchange).principal().toString(),
                                key,
                                Hash.of(id + Json.write(body.json())).hex()))
                .orElse(null);
    }

    /// A child's parent waits for that child, and for no other.
    private void mayBeRewound(SessionSummary summary) {
        var parent = summary.parent();
        if (summary.reason() == null
                && parent != null
                && parts.sessions().summary(parent.session()).reason() == null) {
            throw Problems.conflict(
                    "session "
                            + parent.session()
                            + " waits for this one and for no other: rewind that one, or fork"
                            + " this one");
        }
    }

    /// The event to fork at: one by its number, or the last before a turn asks its model.
    private @Nullable Long at(SessionId id, Body body) {
        if (body.find("turn").isEmpty()) {
            return body.find("at").isEmpty() ? null : (Long) body.number("at", 1);
        }
        if (body.find("at").isPresent()) {
            throw Problems.badRequest("at and turn are two ways to say the same; give one of them");
        }
        long turn = body.number("turn", 1);
        for (Recorded recorded : EventsApi.all(parts, id)) {
            if (recorded.event() instanceof Event.ModelCalled called && called.turn() == turn) {
                return recorded.seq() - 1;
            }
        }
        throw Problems.conflict("this session has not come to turn " + turn);
    }

    // ---- another version

    Reply move(Exchange exchange) {
        var id = parts.sessions().existing(exchange);
        var to = Body.of(exchange, "to").text("to");
        var summary = parts.sessions().summary(id);
        if (summary.reason() != null) {
            throw Problems.closed(id);
        }
        var version = version(summary.definition().name(), to);
        var refusal = refusal(summary, version);
        if (refusal.isPresent()) {
            throw Problems.conflict("it stays as it is: " + refusal.get());
        }
        return parts.sessions().send(id, new Mail.Move(version, Caller.of(exchange).principal()));
    }

    private DefinitionRef version(String name, String version) {
        var found =
                version.equals("newest")
                        ? parts.catalog().newest(name)
                        : parts.catalog().version(name, version);
        return found.orElseThrow(() -> Problems.unknownVersion(name)).ref();
    }

    private Optional<String> refusal(SessionSummary summary, DefinitionRef to) {
        if (summary.definition().equals(to)) {
            return Optional.of("it goes by that version already");
        }
        var state = parts.log().load(summary.id()).state();
        return Compatibility.refusal(
                parts.catalog().find(state.opened().definition()), parts.catalog().find(to), state);
    }

    /// Every open session of an agent that can be moved.
    Reply moveAll(Exchange exchange) {
        var name =
                parts.catalog()
                        .current(exchange.parameter("name"))
                        .orElseThrow(Problems::unknownAgent)
                        .definition()
                        .name();
        var to = version(name, Body.of(exchange, "to").text("to"));
        var told = new ArrayList<SessionId>();
        var refused = Json.array();
        var open = parts.queries().open(name, to, MOST_MOVED);
        for (var id : open) {
            var refusal = refusal(parts.sessions().summary(id), to);
            if (refusal.isPresent()) {
                refused.addObject().put("session", id.toString()).put("why", refusal.get());
            } else if (parts.engine()
                    .send(id, new Mail.Move(to, Caller.of(exchange).principal()))) {
                told.add(id);
            }
        }
        ObjectNode shown = Json.object().put("agent", name).put("version", to.version().hex());
        JsonNode list = Json.tree(told.stream().map(SessionId::toString).toList());
        shown.set("told", list);
        shown.set("refused", refused);
        shown.put("more", open.size() == MOST_MOVED);
        return Reply.ok(shown);
    }
}
