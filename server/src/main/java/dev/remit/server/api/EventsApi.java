package dev.remit.server.api;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.State;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.server.live.Place;
import dev.remit.store.registry.Application;
import java.util.List;
import java.util.regex.Pattern;

/// `/v1/sessions/{id}/events`: the log of a session, as pages or as a stream.
final class EventsApi {
    private static final int BATCH = 100;

    private static final Pattern EVENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
    private static final long LARGEST_EVENT = 64 * 1024;

    private final ApiParts parts;

    EventsApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply read(Exchange exchange) {
        var id = parts.sessions().existing(exchange);
        if (exchange.wantsEvents()) {
            return stream(exchange, id);
        }
        long after = exchange.query("after", 0, 0, Long.MAX_VALUE);
        int limit = (int) exchange.query("limit", 100, 1, 1000);
        return Page.reply(
                parts.log().events(id, after, limit + 1),
                limit,
                ApiJson::event,
                last -> Long.toString(last.seq()));
    }

    private Reply stream(Exchange exchange, SessionId id) {
        var place = place(exchange);
        boolean words = wantsWords(exchange);
        var key = Caller.live(exchange);
        boolean closed = parts.sessions().summary(id).reason() != null;
        return new Reply.Events(stream ->
                new EventReading(parts.log(), id, stream, key, words, place)
                        .run(closed ? null : parts.live()));
    }

    private static boolean wantsWords(Exchange exchange) {
        return switch (exchange.query("tokens").orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Problems.badRequest("tokens is expected to be true or false");
        };
    }

    private static Place place(Exchange exchange) {
        var last = exchange.header("Last-Event-ID");
        if (last.isEmpty()) {
            return Place.behind(exchange.query("after", 0, 0, Long.MAX_VALUE));
        }
        try {
            return Place.parse(last.get());
        } catch (IllegalArgumentException e) {
            throw Problems.badRequest("Last-Event-ID is expected to be the id of an event");
        }
    }

    /// Says something to the agent.
    Reply post(Exchange exchange) {
        var id = parts.sessions().existing(exchange);
        var body = Body.of(exchange, "type", "text", "name", "body");
        switch (body.text("type")) {
            case "message" -> {}
            case "event" -> {
                return happened(exchange, id, body);
            }
            default -> throw Problems.badRequest("type is expected to be message or event");
        }
        var text = parts.clean(Json.text(body.text("text")));
        return parts.sessions().send(id, new Mail.Message(Caller.of(exchange).principal(), text));
    }

    /// Tells a workflow of something that happened. It is kept until a wait takes it.
    private Reply happened(Exchange exchange, SessionId id, Body body) {
        var name = body.text("name");
        if (!EVENT.matcher(name).matches()) {
            throw Problems.badRequest(
                    "name is expected to be 1 to 100 letters, digits and . _ : -, such as"
                            + " deploy.finished");
        }
        var summary = parts.sessions().summary(id);
        if (parts.catalog().kind(summary.definition()) != Application.Kind.WORKFLOW) {
            throw Problems.conflict(
                    "session "
                            + id
                            + " is that of an agent, which waits for no events; send it a"
                            + " message");
        }
        var content = parts.clean(body.find("body").orElse(Json.nothing()));
        if (content.size() > LARGEST_EVENT) {
            throw Problems.badRequest("body is larger than " + LARGEST_EVENT + " bytes");
        }
        if (parts.log().load(id).state().arrived().size() >= State.MOST_ARRIVED) {
            throw Problems.conflict(
                    "session "
                            + id
                            + " keeps "
                            + State.MOST_ARRIVED
                            + " events that none of its steps has waited for; it takes no more");
        }
        return parts.sessions()
                .send(id, new Mail.Happened(Caller.of(exchange).principal(), name, content));
    }

    /// Every event of a session, in pages.
    static Iterable<Recorded> all(ApiParts parts, SessionId id) {
        return () ->
                new java.util.Iterator<>() {
                    private List<Recorded> page = List.of();
                    private int next;
                    private long last;

                    @Override
                    public boolean hasNext() {
                        if (next == page.size()) {
                            page = parts.log().events(id, last, BATCH);
                            next = 0;
                        }
                        return next < page.size();
                    }

                    @Override
                    public Recorded next() {
                        if (!hasNext()) {
                            throw new java.util.NoSuchElementException();
                        }
                        var recorded = page.get(next++);
                        last = recorded.seq();
                        return recorded;
                    }
                };
    }
}
