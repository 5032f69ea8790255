package dev.remit.server.api;

import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
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
import org.jspecify.annotations.Nullable;

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
            return stream(id, place(exchange), Caller.live(exchange));
        }
        long after = exchange.query("after", 0, 0, Long.MAX_VALUE);
        int limit = (int) exchange.query("limit", 100, 1, 1000);
        return Page.reply(
                parts.log().events(id, after, limit + 1),
                limit,
                ApiJson::event,
                last -> Long.toString(last.seq()));
    }

    /// How far a client is.
    ///
    /// @param seq of the last event it has
    /// @param words of the model call after that; absent: none
    /// @param tokens whether it wants words at all
    private record Reached(long seq, Words.@Nullable At words, boolean tokens) {
        String id() {
            return words == null ? Long.toString(seq) : seq + "~" + words;
        }

        Reached with(Words.At at) {
            return new Reached(seq, at, tokens);
        }
    }

    private static Reached place(Exchange exchange) {
        boolean tokens = exchange.query("tokens").filter("true"::equals).isPresent();
        var last = exchange.header("Last-Event-ID");
        if (last.isEmpty()) {
            return new Reached(exchange.query("after", 0, 0, Long.MAX_VALUE), null, tokens);
        }
        try {
            var parts = last.get().split("~", 2);
            return new Reached(
                    Math.max(0, Long.parseLong(parts[0])),
                    parts.length == 2 ? Words.At.parse(parts[1]) : null,
                    tokens);
        } catch (IllegalArgumentException e) {
            throw Problems.badRequest("Last-Event-ID is expected to be the id of an event");
        }
    }

    /// It ends when the key is revoked.
    private Reply stream(SessionId id, Reached reached, LiveKey key) {
        return new Reply.Events(stream -> {
            try (var watch = parts.live().watch(id, stream::wake);
                    var _ = key.onRevoked(stream::wake)) {
                follow(id, reached, stream, watch, key);
            }
        });
    }

    /// Reads on from the log behind what was sent, so there is neither gap nor repetition.
    private void follow(
            SessionId id, Reached from, EventStream stream, Live.Watch watch, LiveKey key)
            throws IOException, InterruptedException {
        var reached = from;
        long tokens = watch.tokens();
        long told = 0;
        long idle = 0;
        while (key.isLive()) {
            // looked at before the log: words that are gone by then are in what is read
            var words = watch.words();
            var events = parts.log().events(id, reached.seq(), BATCH);
            for (var recorded : events) {
                reached = send(stream, recorded, reached);
                if (recorded.event() instanceof Event.Closed) {
                    return;
                }
            }
            if (!events.isEmpty()) {
                tokens = watch.tokens();
                continue;
            }
            if (reached.tokens() && words != null) {
                reached = send(stream, words, reached);
            }
            if (idle++ % LOOKS == 0 && isOver(id, reached.seq())) {
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

    /// An event; before a model's reply whatever of its words was not sent yet.
    private static Reached send(EventStream stream, Recorded recorded, Reached reached)
            throws IOException {
        if (reached.tokens() && recorded.event() instanceof Event.ModelReplied replied) {
            var text = Json.mapper().treeToValue(replied.message().value(), Message.class).text();
            var had = reached.words();
            var at =
                    had != null && had.isOf(replied.turn(), replied.attempt())
                            ? had
                            : new Words.At(replied.turn(), replied.attempt(), 0);
            if (at.offset() < text.length()) {
                say(stream, reached, at, text.substring(at.offset()));
            }
        }
        send(stream, recorded);
        return new Reached(recorded.seq(), null, reached.tokens());
    }

    private static Reached send(EventStream stream, Words words, Reached reached)
            throws IOException {
        var had = reached.words();
        var start = words.start();
        var at = had != null && had.isOf(start.turn(), start.attempt()) ? had : start;
        var more = words.after(at.offset());
        return more == null ? reached : say(stream, reached, at, more);
    }

    private static Reached say(EventStream stream, Reached reached, Words.At at, String more)
            throws IOException {
        var said =
                Json.object()
                        .put("turn", at.turn())
                        .put("attempt", at.attempt())
                        .put("offset", at.offset())
                        .put("text", more);
        var now = reached.with(at.plus(more.length()));
        stream.send(now.id(), "token", Json.write(said));
        return now;
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
