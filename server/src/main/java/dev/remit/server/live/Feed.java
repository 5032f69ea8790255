package dev.remit.server.live;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.Recorded;
import dev.remit.server.live.Moment.Shown;
import dev.remit.store.database.DatabaseException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One session that is watched at this node: reads its log once for all readers, and publishes what
/// there is. Readers come and take it when they can, so none holds up the session or another
/// reader.
///
/// The more readers, the larger the pieces: so that telling a thousand takes little more of the
/// machine than telling ten.
final class Feed {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    /// How often it looks into the log without being told: hints from other nodes may be lost.
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// Where nothing happens for long.
    private static final Duration SELDOM = Duration.ofSeconds(4);

    private static final int QUIET_LOOKS = 20;

    /// Words come in pieces of so much time at least.
    private static final Duration PACE = Duration.ofMillis(40);

    private static final Duration EACH_READER = Duration.ofNanos(200_000);
    private static final int AT_A_TIME = 8;
    private static final int BATCH = 100;

    /// What is kept for readers that are a little behind: events, and bytes of them.
    private static final int MOST_EVENTS = 256;

    private static final int MOST_BYTES = 1 << 20;

    private final SessionId session;
    private final Live live;
    private final Set<Live.Watch> readers = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private final ArrayDeque<Shown> events = new ArrayDeque<>();

    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean closed;
    private volatile boolean eventNews = true;
    private volatile boolean wordNews;
    private volatile long tokens;
    private volatile @Nullable Moment moment;

    private List<Shown> kept = List.of();
    private long base;
    private int bytes;
    private boolean over;
    private @Nullable Spoken spoken;
    private @Nullable Piece newest;

    /// Where a reader is that has everything.
    private Place place = Place.behind(0);

    /// The last event by which a call began or ended, of those that were read.
    private long parted;

    private long looked;
    private int quiet;
    private long published = System.nanoTime() - SELDOM.toNanos();

    Feed(SessionId session, Live live) {
        this.session = session;
        this.live = live;
        this.thread = Thread.ofVirtual().name("feed " + session).unstarted(this::run);
    }

    /// @return whether it had not been started before
    boolean start() {
        boolean first = started.compareAndSet(false, true);
        if (first) {
            thread.start();
        }
        return first;
    }

    void add(Live.Watch reader) {
        readers.add(reader);
    }

    /// @return whether others are left
    boolean remove(Live.Watch reader) {
        readers.remove(reader);
        return !readers.isEmpty();
    }

    /// What there is; absent until the log was read.
    @Nullable Moment moment() {
        return moment;
    }

    /// There are events in the log. Returns at once.
    void appended() {
        eventNews = true;
        LockSupport.unpark(thread);
    }

    /// There are words. Returns at once.
    void said() {
        if (!wordNews) {
            wordNews = true;
            LockSupport.unpark(thread);
        }
    }

    void tokens(long count) {
        tokens = count;
        said();
    }

    void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        int failures = 0;
        while (!closed) {
            try {
                step();
                failures = 0;
                pause();
            } catch (DatabaseException e) {
                failures++;
                LOG.debug("the events of session {} cannot be read", session, e);
                LockSupport.parkNanos(Math.min(failures, 20) * PACE.toNanos());
            } catch (RuntimeException e) {
                LOG.error("session {} cannot be shown", session, e);
                LockSupport.parkNanos(SELDOM.toNanos());
            }
        }
    }

    private void step() {
        var before = moment;
        if (before == null) {
            begin();
        }
        wordNews = false;
        var now = live.spoken(session); // before the log: so its beginning is in what is read
        long start = System.nanoTime();
        boolean moved = before == null;
        if (eventNews || start - looked >= look() || (now != null && now.call() > head())) {
            eventNews = false;
            looked = start;
            boolean found = read();
            quiet = found ? 0 : quiet + 1;
            moved |= found;
        }
        moved |= hear(now);
        if (moved || before == null || before.tokens() != tokens) {
            published = System.nanoTime();
            moment = new Moment(base, kept, spoken, newest, tokens, over);
            wake();
        }
    }

    /// A few at a time, and whoever else has something to do in between: a thousand that are woken
    /// at once would all stand before the session's own next step.
    @SuppressWarnings("ThreadPriorityCheck") // nothing hangs on it but how fair it is
    private void wake() {
        int woken = 0;
        for (var reader : readers) {
            reader.wake();
            if (++woken % AT_A_TIME == 0) {
                Thread.yield();
            }
        }
    }

    private long head() {
        return place.seq();
    }

    /// With the last events of the log, among them whatever became of the call that runs.
    private void begin() {
        long head = live.log().queries().find(session).map(found -> found.head()).orElse(0L);
        base = Math.max(0, head - BATCH);
        place = Place.behind(base);
    }

    private boolean read() {
        boolean found = false;
        while (true) {
            var page = live.log().events(session, head(), BATCH);
            page.forEach(this::add);
            found |= !page.isEmpty();
            if (page.size() < BATCH) {
                kept = found ? List.copyOf(events) : kept;
                return found;
            }
        }
    }

    private void add(Recorded recorded) {
        var frame = live.frame(recorded);
        events.add(new Shown(recorded, frame));
        bytes += frame.bytes().length;
        while (events.size() > 1 && (events.size() > MOST_EVENTS || bytes > MOST_BYTES)) {
            bytes -= events.removeFirst().frame().bytes().length;
            base++;
        }
        place = place.after(recorded.seq(), recorded.event());
        if (Place.parts(recorded.event())) {
            parted = recorded.seq();
            spoken = null;
            newest = null;
        }
        over = recorded.event() instanceof Event.Closed;
    }

    /// Words of a call are shown behind the event that began it, and until the one that ends it.
    private boolean hear(@Nullable Spoken now) {
        if (now == null || now.call() != parted || now.text().isEmpty()) {
            return false;
        }
        if (spoken != null && spoken.text().length() >= now.text().length()) {
            return false;
        }
        spoken = now;
        newest = Piece.of(place, now);
        if (newest != null) {
            place = newest.after();
        }
        return newest != null;
    }

    private long look() {
        return (quiet < QUIET_LOOKS ? LOOK : SELDOM).toNanos();
    }

    /// Until there is something to do: events at once, words in pieces.
    private void pause() {
        while (!closed) {
            long each = readers.size() * EACH_READER.toNanos();
            boolean words = wordNews || live.isBehind(session);
            long until =
                    eventNews
                            ? published + each
                            : words ? published + Math.max(each, PACE.toNanos()) : looked + look();
            long left = until - System.nanoTime();
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                return;
            }
        }
    }
}
