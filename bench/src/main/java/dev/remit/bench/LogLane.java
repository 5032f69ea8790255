package dev.remit.bench;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Append;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Fence;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.core.session.SessionLog.Then;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// A session in Remit's log: both events of a step in one append.
final class LogLane implements Lane {
    private final SessionLog log;
    private final Fence fence;
    private long head = 1;

    LogLane(SessionLog log) {
        this.log = log;
        var id = SessionId.random(Instant.now(), ThreadLocalRandom.current());
        log.open(new Opening(id, Samples.opened(), Instant.now(), null));
        if (!(log.claim(id) instanceof Claim.Claimed claimed)) {
            throw new IllegalStateException("a new session cannot be claimed");
        }
        this.fence = claimed.fence();
    }

    @Override
    public void step() {
        var answer =
                log.append(
                        new Append(
                                fence,
                                head,
                                Instant.now(),
                                List.of(Samples.ended(head), Samples.started(head + 1)),
                                List.of(),
                                log.rules(),
                                true,
                                new Then.Keep()));
        if (!(answer instanceof Answer.Appended appended)) {
            throw new IllegalStateException("not appended: " + answer);
        }
        head = appended.head();
    }

    @Override
    public void close() {}
}
