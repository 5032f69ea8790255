package dev.remit.server.api;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.identity.Key;
import dev.remit.core.identity.Principal;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.money.Money;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.Standing;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.runtime.OpenRequest;
import dev.remit.store.session.SessionQueries.Filter;
import dev.remit.store.session.SessionSummary;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/sessions`: opening, listing, showing.
final class SessionsApi {
    private final ApiParts parts;
    private final Models models;

    SessionsApi(ApiParts parts) {
        this.parts = parts;
        this.models = new Models(parts);
    }

    /// Checks everything first; only what is right is stored, and only what is stored gets an id.
    Reply open(Exchange exchange) {
        var body =
                Body.of(
                        exchange,
                        "agent",
                        "version",
                        "input",
                        "models",
                        "recording",
                        "budget",
                        "priority");
        var key = key(exchange, body);
        var name = body.text("agent");
        var definition = definition(name, body.findText("version"));
        mine(Caller.of(exchange), definition);
        var input = body.required("input");
        check(definition, input);
        var choice = models.read(body.findObject("models", Models.FIELDS));
        var recording =
                body.find("recording")
                        .map(sent -> new Event.Recordings(RecordingsApi.read(sent, parts)));
        var budget = body.findText("budget").map(Budgets::read);
        var accepted =
                parts.engine()
                        .open(
                                request(
                                        definition,
                                        parts.clean(input),
                                        choice,
                                        budget.orElse(null),
                                        recording.orElse(null),
                                        key,
                                        priority(Caller.of(exchange), body),
                                        Caller.of(exchange).key()));
        return switch (accepted) {
            case Accepted.New opened ->
                    new Reply.Json(
                            201,
                            Map.of("Location", "/v1/sessions/" + opened.id()),
                            parts.sessions().show(opened.id()));
            case Accepted.Existing existing -> Reply.ok(parts.sessions().show(existing.id()));
            case Accepted.Conflict conflict -> throw Problems.keyUsedForAnother(conflict.id());
        };
    }

    // NullAway does not see in a class file that a nested type, as in OpenRequest, may be null.
    @SuppressWarnings("NullAway")
    private static OpenRequest request(
            Definition definition,
            Content input,
            ModelChoice models,
            @Nullable Money budget,
            Event.@Nullable Recordings recording,
            @Nullable IdempotencyKey key,
            @Nullable Integer priority,
            Key by) {
        return new OpenRequest(
                definition,
                input,
                List.of(by.principal()),
                models,
                budget,
                recording,
                key,
                priority,
                by.team(),
                by.id());
    }

    /// Anybody may let others go first; only a person may go before others.
    private static @Nullable Integer priority(Caller caller, Body body) {
        long wanted = body.number("priority", Standing.USUAL);
        if (wanted < Standing.LOWEST || wanted > Standing.HIGHEST) {
            throw Problems.badRequest(
                    "priority is expected to be from "
                            + Standing.LOWEST
                            + " to "
                            + Standing.HIGHEST);
        }
        if (wanted > Standing.USUAL && caller.principal().kind() != Principal.Kind.PERSON) {
            throw Problems.forbidden(
                    "only people may raise a priority, and this key is "
                            + caller.principal()
                            + "'s; leave it out, or lower it");
        }
        return (int) wanted;
    }

    private Definition definition(String name, Optional<String> version) {
        var newest = parts.catalog().newest(name).orElseThrow(Problems::unknownAgent);
        return version.isEmpty()
                ? newest
                : parts.catalog()
                        .version(name, version.get())
                        .orElseThrow(() -> Problems.unknownVersion(name));
    }

    /// What an agent spends is its owner's, so that only its owner's keys start it.
    private static void mine(Caller caller, Definition definition) {
        var owner = Sessions.owner(definition);
        if (!caller.isUnbound() && !caller.sees(owner, definition.name())) {
            throw Problems.forbidden(
                    definition.name()
                            + " belongs to "
                            + (owner == null ? "no team" : "team " + owner)
                            + "; this key is bound to "
                            + (caller.key().team() != null
                                    ? "team " + caller.key().team()
                                    : "agent " + caller.key().agent()));
        }
    }

    private static @Nullable IdempotencyKey key(Exchange exchange, Body body) {
        var key = exchange.header("Idempotency-Key").orElse(null);
        if (key == null) {
            return null;
        }
        if (!key.matches("[\\x21-\\x7e]{1,255}")) {
            throw Problems.badRequest(
                    "Idempotency-Key is expected to have 1 to 255 visible ASCII characters");
        }
        var request = Hash.of(Json.canonical(body.json())).hex();
        return new IdempotencyKey(Caller.of(exchange).principal().toString(), key, request);
    }

    private void check(Definition definition, JsonNode input) {
        var schema =
                switch (definition) {
                    case AgentDefinition agent -> agent.input();
                    case WorkflowDefinition workflow -> workflow.input();
                };
        if (schema == null) {
            return;
        }
        var faults = Json.array();
        for (var fault : Schema.compile(schema).check(input)) {
            faults.addObject()
                    .put("path", parts.redactor().redact(fault.pointer()))
                    .put("wrong", parts.redactor().redact(fault.wrong()));
        }
        if (!faults.isEmpty()) {
            throw Problems.input(faults);
        }
    }

    Reply list(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        var filter =
                new Filter(
                        exchange.query("status").map(SessionsApi::status).orElse(null),
                        exchange.query("agent").orElse(null),
                        exchange.query("parent").map(SessionResource::id).orElse(null),
                        exchange.query("cursor").map(SessionResource::id).orElse(null));
        var caller = Caller.of(exchange);
        if (!caller.isUnbound()) {
            return own(parts.sessions().list(caller, filter, limit));
        }
        return Page.reply(
                parts.queries().list(filter, limit + 1),
                limit,
                this::shown,
                summary -> summary.id().toString());
    }

    private Reply own(Sessions.Seen seen) {
        var body = Json.object();
        var items = body.putArray("items");
        seen.sessions().forEach(summary -> items.add(shown(summary)));
        if (seen.next() != null) {
            body.put("next", seen.next().toString());
        }
        return Reply.ok(body);
    }

    private ObjectNode shown(SessionSummary summary) {
        return SessionResource.of(summary, parts.catalog().kind(summary.definition()));
    }

    private static SessionSummary.Status status(String word) {
        for (var status : SessionSummary.Status.values()) {
            if (status.name().toLowerCase(Locale.ROOT).equals(word)) {
                return status;
            }
        }
        throw Problems.badRequest("status is expected to be running, idle or closed");
    }

    Reply get(Exchange exchange) {
        return Reply.ok(parts.sessions().show(parts.sessions().existing(exchange)));
    }
}
