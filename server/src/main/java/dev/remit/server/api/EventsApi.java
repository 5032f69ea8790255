package dev.remit.server.api;

import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.State;
import dev.remit.http.server.EventStream;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.registry.Application;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// `/v1/sessions/{id}/events`: the log of a session, as pages or as a stream.
final class EventsApi {
    /// How often a stream looks into the log without being told: other nodes append, too.
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// How often a stream tells of progress at most.
    private static final Duration PROGRESS = Duration.ofMillis(100);

    private static final int BATCH = 100;

    /// Every so many looks that find nothing, whether the session has closed before the place that
    /// the client named.
    private static final int LOOKS = 10;

    private static final Pattern EVENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
    private static final long LARGEST_EVENT = 64 * 1024;

    private final ApiParts parts;

    EventsApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply read(Exchange exchange) {
        var id = parts.sessions().existing(exchange);
        if (exchange.wantsEvents()) {
            return stream(id, after(exchange), Caller.live(exchange));
        }
        long after = exchange.query("after", 0, 0, Long.MAX_VALUE);
        int limit = (int) exchange.query("limit", 100, 1, 1000);
        return Page.reply(
                parts.log().events(id, after, limit + 1),
                limit,
                ApiJson::event,
                last -> Long.toString(last.seq()));
    }

    private static long after(Exchange exchange) {
        var last = exchange.header("Last-Event-ID");
        if (last.isEmpty()) {
            return exchange.query("after", 0, 0, Long.MAX_VALUE);
        }
        try {
            return Math.max(0, Long.parseLong(last.get()));
        } catch (NumberFormatException e) {
            throw Problems.badRequest("Last-Event-ID is expected to be the number of an event");
        }
    }

    /// It ends when the key is revoked.
    private Reply stream(SessionId id, long after, LiveKey key) {
        return new Reply.Events(stream -> {
            try (var watch = parts.live().watch(id, stream::wake);
                    var _ = key.onRevoked(stream::wake)) {
                follow(id, after, stream, watch, key);
            }
        });
    }

    /// Reads on from the log behind what was sent, so there is neither gap nor repetition.
    private void follow(SessionId id, long after, EventStream stream, Live.Watch watch, LiveKey key)
            throws IOException, InterruptedException {
        long sent = after;
        long tokens = watch.tokens();
        long told = 0;
        long idle = 0;
        while (key.isLive()) {
            var events = parts.log().events(id, sent, BATCH);
            for (var recorded : events) {
                send(stream, recorded);
                sent = recorded.seq();
                if (recorded.event() instanceof Event.Closed) {
                    return;
                }
            }
            if (!events.isEmpty()) {
                tokens = watch.tokens();
                continue;
            }
            if (idle++ % LOOKS == 0 && isOver(id, sent)) {
                return;
            }
            boolean news = watch.tokens() != tokens;
            if (news && System.nanoTime() - told >= PROGRESS.toNanos()) {
                tokens = watch.tokens();
                told = System.nanoTime();
                news = false;
                stream.send(null, "progress", Json.write(Json.object().put("tokens", tokens)));
            }
            stream.await(news ? PROGRESS : LOOK);
        }
    }

    /// Whether the session closed with an event that the client has already.
    private boolean isOver(SessionId id, long sent) {
        return parts.sessions().summary(id).reason() != null
                && parts.log().events(id, sent, 1).isEmpty();
    }

    private static void send(EventStream stream, Recorded recorded) throws IOException {
        stream.send(
                Long.toString(recorded.seq()),
                LogCodec.type(recorded.event()),
                Json.write(ApiJson.event(recorded)));
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
