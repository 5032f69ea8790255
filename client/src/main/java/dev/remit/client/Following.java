package dev.remit.client;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of one session as they come, from a place in its log on, without gap and without
/// repetition: after a lost connection it goes on behind the last event it gave.
///
/// One thread reads; another may close.
public final class Following implements AutoCloseable {
    /// Heartbeats come far more often than this; silence for so long is a lost connection.
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Transport transport;
    private final String session;
    private final Duration patience;
    private final boolean words;
    private long last;
    private String place;
    private volatile @Nullable EventReader reader;
    private volatile boolean closed;
    private boolean over;

    /// @param words whether the words of models come, too, as `token`
    Following(Transport transport, String session, long after, Duration patience, boolean words) {
        this.words = words;
        this.place = Long.toString(after);
        this.transport = transport;
        this.session = session;
        this.last = after;
        this.patience = patience;
    }

    /// The next event, blocking. News that are not in the log (`progress`, `token`) have `seq` 0
    /// and stand in `news`.
    ///
    /// @return null after `closed`, or once this was closed
    /// @throws UnreachableException if the server stays away for longer than the client's patience
    /// @throws ApiException if there is no such session
    public @Nullable SessionEvent next() {
        long lostAt = 0;
        for (int attempt = 0; !over && !closed; ) {
            try {
                var open = reader;
                if (open == null) {
                    open = open();
                }
                var sent = open.next();
                if (sent != null) {
                    var event = read(sent);
                    if (event != null) {
                        return event;
                    }
                    attempt = 0;
                    lostAt = 0;
                    continue;
                }
                throw new IOException("the stream ended before the session did");
            } catch (IOException | UncheckedIOException e) {
                drop();
                if (closed) {
                    return null;
                }
                lostAt = lostAt == 0 ? System.nanoTime() : lostAt;
                if (System.nanoTime() - lostAt > patience.toNanos()) {
                    throw new UnreachableException("the connection to the server was lost", e);
                }
                Transport.pause(attempt++);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return null;
    }

    private EventReader open() throws IOException, InterruptedException {
        var call =
                new Transport.Call(
                        "GET",
                        "/v1/sessions/" + session + "/events" + (words ? "?tokens=true" : ""),
                        Map.of("Accept", "text/event-stream", "Last-Event-ID", place),
                        null,
                        true);
        var opened = new EventReader(transport.stream(call));
        reader = opened;
        Thread.ofVirtual().start(() -> watch(opened));
        return opened;
    }

    private @Nullable SessionEvent read(EventReader.Sent sent) {
        var json = Json.parse(sent.data());
        if (sent.id() != null) {
            place = sent.id();
        }
        if (sent.id() == null || sent.type().equals("token")) {
            return new SessionEvent(
                    Json.object()
                            .put("session", session)
                            .set(
                                    "event",
                                    Json.object().put("type", sent.type()).set("news", json)));
        }
        var event = new SessionEvent(json);
        if (event.seq() <= last) {
            return null;
        }
        last = event.seq();
        if (event.type().equals("closed")) {
            over = true;
            drop();
        }
        return event;
    }

    private void watch(EventReader watched) {
        try {
            while (reader == watched && System.nanoTime() - watched.heardAt() < SILENCE.toNanos()) {
                Thread.sleep(Duration.ofSeconds(1));
            }
            watched.close();
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drop() {
        var open = reader;
        reader = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException ignored) {
                // it is lost already
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        drop();
    }
}
