package dev.remit.server.api;

import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Recorded;
import dev.remit.http.server.EventStream;
import dev.remit.server.live.Live;
import dev.remit.server.live.Moment;
import dev.remit.server.live.Piece;
import dev.remit.server.live.Place;
import dev.remit.store.session.PostgresSessionLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One client that reads the events of a session as they come, and the words of its model, if it
/// wants them. Whatever it was sent last, what follows is what is behind that: neither gap nor
/// repetition.
///
/// One that is far behind reads the log by itself; one that is not takes what all others take.
final class EventReading {
    private static final Duration LOOK = Duration.ofSeconds(5);

    /// How often a stream tells of progress at most.
    private static final Duration PROGRESS = Duration.ofMillis(100);

    private static final int BATCH = 100;

    private final PostgresSessionLog log;
    private final SessionId session;
    private final EventStream stream;
    private final LiveKey key;
    private final boolean words;
    private final List<EventStream.Frame> unsent = new ArrayList<>();
    private Place place;
    private long tokens;
    private long told = System.nanoTime() - PROGRESS.toNanos();

    /// @param key the stream ends when it is revoked
    /// @param place behind which it begins
    EventReading(
            PostgresSessionLog log,
            SessionId session,
            EventStream stream,
            LiveKey key,
            boolean words,
            Place place) {
        this.log = log;
        this.session = session;
        this.stream = stream;
        this.key = key;
        this.words = words;
        this.place = words ? place : Place.behind(place.seq());
    }

    /// An event as it goes out.
    static EventStream.Frame frame(Recorded recorded) {
        return EventStream.frame(
                Long.toString(recorded.seq()),
                LogCodec.type(recorded.event()),
                Json.write(ApiJson.event(recorded)));
    }

    /// @param live absent if the session is closed: then all is in the log
    /// @throws dev.remit.http.server.Problem if too many read at this node
    void run(@Nullable Live live) throws IOException, InterruptedException {
        if (live == null) {
            stream.begin();
            while (key.isLive() && readLog()) {}
            return;
        }
        var watch =
                live.watch(session, stream::wake)
                        .orElseThrow(() -> Problems.tooManyReaders(live.mostReaders()));
        try (watch;
                var _ = key.onRevoked(stream::wake)) {
            stream.begin();
            follow(watch);
        }
    }

    private void follow(Live.Watch watch) throws IOException, InterruptedException {
        var first = watch.moment();
        tokens = first == null ? 0 : first.tokens();
        while (key.isLive()) {
            var now = watch.moment();
            if (now == null) {
                stream.await(LOOK);
            } else if (place.seq() < now.base()) {
                if (!readLog()) {
                    return; // it ended, and is not there any more
                }
            } else {
                take(now);
                if (now.over()) {
                    return;
                }
                stream.await(now.tokens() == tokens ? LOOK : PROGRESS);
            }
        }
    }

    /// @return false if there is nothing more
    private boolean readLog() throws IOException {
        var page = log.events(session, place.seq(), BATCH);
        for (var recorded : page) {
            add(recorded, frame(recorded));
            flush();
        }
        return !page.isEmpty();
    }

    private void take(Moment now) throws IOException {
        for (var shown : now.behind(place.seq())) {
            add(shown.recorded(), shown.frame());
            tokens = now.tokens();
        }
        var piece = words ? now.words(place) : null;
        if (piece != null) {
            say(piece);
        }
        if (!unsent.isEmpty()) {
            flush();
        } else if (now.tokens() != tokens && System.nanoTime() - told >= PROGRESS.toNanos()) {
            told = System.nanoTime();
            tokens = now.tokens();
            stream.send(null, "progress", Json.write(Json.object().put("tokens", tokens)));
        }
    }

    /// An event; before a model's reply whatever is missing of words that were sent of it.
    private void add(Recorded recorded, EventStream.Frame frame) {
        if (place.heard() != null && recorded.event() instanceof Event.ModelReplied replied) {
            var message = Json.mapper().treeToValue(replied.message().value(), Message.class);
            var rest = Piece.rest(place, message.text());
            if (rest != null) {
                say(rest);
            }
        }
        unsent.add(frame);
        place = place.after(recorded.seq(), recorded.event());
    }

    private void say(Piece piece) {
        unsent.add(piece.frame());
        place = piece.after();
    }

    private void flush() throws IOException {
        stream.send(unsent);
        unsent.clear();
    }
}
