package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.core.session.SessionLog.Then;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whole sessions, for tests of other packages.
public final class TestSessions {
    private TestSessions() {}

    public static Opening opening(@Nullable IdempotencyKey key) {
        return Sample.opening(key);
    }

    public static SessionId open(SessionLog log) {
        return Sample.open(log);
    }

    public static SessionId openBelow(SessionLog log, Event.Parent parent) {
        var id = Sample.id();
        log.open(new Opening(id, Sample.opened(parent), Instant.now(), null));
        return id;
    }

    /// A session that has ended after so many actions, some with large results.
    public static SessionId closed(SessionLog log, int actions) {
        var id = open(log);
        close(log, id, actions);
        return id;
    }

    public static void close(SessionLog log, SessionId id, int actions) {
        log.send(id, Sample.message("hurry up"));
        var fence = Sample.claim(log, id);
        var events = new ArrayList<Event>();
        events.add(new Event.Received(1, Sample.message("hurry up")));
        for (int i = 0; i < actions; i++) {
            events.add(Sample.started(i, "argument " + i));
            events.add(Sample.ended(i, "result " + i + " " + "r".repeat(i % 7 == 0 ? 3_000 : 10)));
        }
        events.add(Sample.closed());
        var answer =
                log.append(
                        Sample.append(
                                log,
                                fence,
                                1,
                                new Then.End(Long.MAX_VALUE),
                                List.of(),
                                events.toArray(Event[]::new)));
        if (!(answer instanceof Answer.Appended)) {
            throw new IllegalStateException("not closed: " + answer);
        }
    }
}
