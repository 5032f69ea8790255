package dev.remit.server.live;

import dev.remit.core.identity.SessionId;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.session.Recorded;
import dev.remit.http.server.EventStream;
import dev.remit.runtime.Parts;
import dev.remit.store.session.PostgresSessionLog;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets many read a session while it runs, at this node or at another: what it appends, and what
/// its model says before that is appended. The log is the truth; what comes in here are hints, and
/// may be lost.
///
/// Nothing is queued for a reader: each knows its [Place] and comes for what is behind it. So a
/// slow one costs what it has not read of the socket, and holds up nobody.
public final class Live implements Parts.Progress, AutoCloseable {
    /// Readers at a node, if nobody says otherwise; far fewer than its connections, so that others
    /// get in.
    public static final int MOST_READERS = 5_000;

    private final PostgresSessionLog log;
    private final PatternRedactor redactor;
    private final Function<Recorded, EventStream.Frame> look;
    private final int mostReaders;
    private final Semaphore places;
    private final Map<SessionId, Feed> feeds = new ConcurrentHashMap<>();
    private final Map<SessionId, Speech> speeches = new ConcurrentHashMap<>();
    private final Neighbours neighbours;

    /// @param redactor of what models say
    /// @param look how an event is shown
    /// @param mostReaders at this node at a time
    public Live(
            PostgresSessionLog log,
            PatternRedactor redactor,
            Function<Recorded, EventStream.Frame> look,
            int mostReaders) {
        this.mostReaders = mostReaders;
        this.places = new Semaphore(mostReaders);
        this.log = log;
        this.redactor = redactor;
        this.look = look;
        this.neighbours = new Neighbours(log.relays(), this);
    }

    /// One who reads a session.
    public final class Watch implements AutoCloseable {
        private final SessionId session;
        private final Runnable wake;
        private volatile @Nullable Feed feed;

        private Watch(SessionId session, Runnable wake) {
            this.session = session;
            this.wake = wake;
        }

        void wake() {
            wake.run();
        }

        /// What there is to read; absent for the moment that it takes to look.
        public @Nullable Moment moment() {
            var known = feed;
            return known == null ? null : known.moment();
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    /// As many can read at this node at a time.
    public int mostReaders() {
        return mostReaders;
    }

    /// Begins to read. Close it in the end.
    ///
    /// @param wake is called when there is more to read; must return at once
    /// @return empty if there are too many readers
    public Optional<Watch> watch(SessionId session, Runnable wake) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        var watch = new Watch(session, wake);
        var feed =
                feeds.compute(
                        session,
                        (id, known) -> {
                            var one = known == null ? new Feed(id, this) : known;
                            one.add(watch);
                            return one;
                        });
        watch.feed = feed;
        if (feed.start()) {
            neighbours.watch(session);
        }
        return Optional.of(watch);
    }

    private void leave(Watch watch) {
        if (watch.feed == null) {
            return;
        }
        watch.feed = null;
        places.release();
        feeds.computeIfPresent(
                watch.session,
                (id, feed) -> {
                    if (feed.remove(watch)) {
                        return feed;
                    }
                    feed.close();
                    neighbours.leave(id);
                    return null;
                });
    }

    /// Events of a session were appended at this node.
    public void appended(SessionId session) {
        wake(session);
        neighbours.appended(session);
    }

    /// Something happened at another node, or may have.
    void wake(SessionId session) {
        var feed = feeds.get(session);
        if (feed != null) {
            feed.appended();
        }
    }

    /// Words came from another node.
    void heard(SessionId session) {
        var feed = feeds.get(session);
        if (feed != null) {
            feed.said();
        }
    }

    void heard(SessionId session, long tokens) {
        var feed = feeds.get(session);
        if (feed != null) {
            feed.tokens(tokens);
        }
    }

    boolean isWatched(SessionId session) {
        return feeds.containsKey(session);
    }

    Iterable<SessionId> watched() {
        return feeds.keySet();
    }

    // ---- from the driver

    @Override
    public void tokens(SessionId session, long tokens) {
        var feed = feeds.get(session);
        if (feed != null) {
            feed.tokens(tokens);
        }
        neighbours.tokens(session, tokens);
    }

    @Override
    public void said(SessionId session, long call, String more) {
        speeches.compute(
                        session,
                        (id, now) ->
                                now != null && now.call() == call
                                        ? now
                                        : new Speech(call, redactor))
                .add(more);
        var feed = feeds.get(session);
        if (feed != null) {
            feed.said();
        }
        neighbours.said(session);
    }

    @Override
    public void over(SessionId session, long call) {
        speeches.computeIfPresent(session, (id, now) -> now.call() == call ? null : now);
    }

    // ---- for feeds and other nodes

    PostgresSessionLog log() {
        return log;
    }

    EventStream.Frame frame(Recorded recorded) {
        return look.apply(recorded);
    }

    /// What a model says here; absent if none does.
    @Nullable Spoken here(SessionId session) {
        var speech = speeches.get(session);
        return speech == null ? null : speech.now();
    }

    /// What a model says, here or at another node: in the newest call.
    @Nullable Spoken spoken(SessionId session) {
        var here = here(session);
        var there = neighbours.heard(session);
        return here == null || (there != null && there.call() > here.call()) ? there : here;
    }

    /// Whether a model here has said more than was looked at.
    boolean isBehind(SessionId session) {
        var speech = speeches.get(session);
        return speech != null && speech.isBehind();
    }

    @Override
    public void close() {
        neighbours.close();
        feeds.values().forEach(Feed::close);
    }
}
