package dev.remit.server;

import dev.remit.core.session.SessionLog;
import dev.remit.http.server.Guard;
import dev.remit.http.server.HttpServer;
import dev.remit.runtime.Engine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Whether anybody needs this server.
final class Activity {
    /// A session that is due within this time keeps the server up.
    private static final Duration SOON = Duration.ofHours(24);

    private final InstantSource clock;
    private final SessionLog log;
    private final Engine engine;
    private volatile Instant last;

    Activity(InstantSource clock, SessionLog log, Engine engine) {
        this.clock = clock;
        this.log = log;
        this.engine = engine;
        this.last = clock.instant();
    }

    /// Notes every request before it is looked at.
    Guard noting(Guard guard) {
        return exchange -> {
            last = clock.instant();
            guard.check(exchange);
        };
    }

    /// Whether nothing was to do for so long.
    boolean isIdle(HttpServer http, Duration time) {
        var now = clock.instant();
        boolean busy =
                http.underWay() > 0
                        || engine.driven() > 0
                        || !log.ready(now, 1).isEmpty()
                        || log.outlook()
                                .nextDue()
                                .filter(due -> due.isBefore(now.plus(SOON)))
                                .isPresent();
        if (busy) {
            last = now;
        }
        return !last.plus(time).isAfter(now);
    }
}
