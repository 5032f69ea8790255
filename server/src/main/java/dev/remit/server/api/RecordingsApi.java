package dev.remit.server.api;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.session.Event;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.session.SessionQueries.Filter;
import java.util.ArrayDeque;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/sessions/{id}/recording`: what the models answered in a session and all below it, in the
/// form that another session can replay.
final class RecordingsApi {
    private static final String FORMAT = "recording/v1";
    private static final int MOST_SESSIONS = 1000;

    private final ApiParts parts;

    RecordingsApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply get(Exchange exchange) {
        var top = parts.sessions().existing(exchange);
        var byAgent = Json.object();
        var open = new ArrayDeque<SessionId>();
        open.add(top);
        for (int read = 0; !open.isEmpty(); read++) {
            if (read == MOST_SESSIONS) {
                throw Problems.unusable(
                        "more than " + MOST_SESSIONS + " sessions are below this one");
            }
            var id = open.remove();
            record(id, byAgent);
            parts.queries()
                    .list(new Filter(null, null, id, null), MOST_SESSIONS)
                    .forEach(child -> open.add(child.id()));
        }
        var body = Json.object().put("remit", FORMAT);
        body.set("agents", byAgent);
        return Reply.ok(body);
    }

    private void record(SessionId id, ObjectNode byAgent) {
        ArrayNode replies = Json.array();
        String agent = "";
        for (var recorded : EventsApi.all(parts, id)) {
            switch (recorded.event()) {
                case Event.Opened opened -> agent = opened.definition().name();
                case Event.ModelReplied replied -> replies.add(replied.message().value());
                default -> {}
            }
        }
        if (!replies.isEmpty()) {
            byAgent.withArray("/" + agent.replace("~", "~0").replace("/", "~1")).addAll(replies);
        }
    }

    /// Reads what a client wants replayed: a whole recording, or its `agents` alone.
    ///
    /// @throws dev.remit.http.server.Problem 422 if it is none
    static Content read(JsonNode sent, ApiParts parts) {
        var agents = sent.has("remit") ? sent.path("agents") : sent;
        if (!(agents instanceof ObjectNode byAgent)) {
            throw Problems.unusable("a recording names the messages of each agent");
        }
        for (var replies : byAgent) {
            if (!(replies instanceof ArrayNode)) {
                throw Problems.unusable("a recording has a list of messages for each agent");
            }
            for (var message : replies) {
                try {
                    Json.mapper().treeToValue(message, Message.class);
                } catch (JacksonException e) {
                    throw Problems.unusable(
                            "a recording holds something that is no message, as GET"
                                    + " /v1/sessions/{id}/recording gives them");
                }
            }
        }
        return parts.clean(byAgent);
    }
}
