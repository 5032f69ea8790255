package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.core.session.Event;
import dev.remit.core.session.Prompt;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Problem;
import dev.remit.http.server.Reply;
import org.jspecify.annotations.Nullable;

/// `/v1/sessions/{id}/prompts/{turn}`: exactly what a model was shown.
final class PromptsApi {
    private final ApiParts parts;

    PromptsApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply get(Exchange exchange) {
        var id = parts.sessions().existing(exchange);
        int turn = turn(exchange.parameter("turn"));
        Prompt prompt = null;
        Event.ModelCalled found = null;
        for (var recorded : EventsApi.all(parts, id)) {
            if (recorded.event() instanceof Event.ModelCalled called) {
                if (called.turn() > turn) {
                    break;
                }
                prompt = shown(prompt, called);
                found = called.turn() == turn ? called : found;
            }
        }
        if (found == null || prompt == null) {
            throw new Problem(404, "session " + id + " made no model call in turn " + turn);
        }
        if (!prompt.hash().equals(found.prompt())) {
            throw new IllegalStateException("the prompt chain of session " + id + " is broken");
        }
        var body = Json.object();
        body.put("session", id.toString());
        body.put("turn", turn);
        body.put("attempt", found.attempt());
        body.put("route", found.route());
        body.put("prompt", found.prompt().hex());
        var messages = body.putArray("messages");
        prompt.contents().forEach(content -> messages.add(content.value()));
        return Reply.ok(body);
    }

    private static Prompt shown(@Nullable Prompt before, Event.ModelCalled called) {
        if (before == null || called.parent() == null) {
            return Prompt.start(called.added());
        }
        return before.hash().equals(called.prompt()) ? before : before.add(called.added());
    }

    private static int turn(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw Problems.badRequest("a turn is a whole number from 1");
        }
        return Integer.parseInt(text);
    }
}
