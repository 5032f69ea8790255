package dev.remit.server.api;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.secret.Redactor;
import dev.remit.runtime.Parts;
import dev.remit.store.session.Relays;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tells whoever watches a session that there is news, at this node or at another. Hints: the log
/// is the truth, and a watcher looks there now and then without being told.
///
/// Nothing is queued for a watcher: each remembers how far it is, and reads on from the log, and
/// from the one copy of what the model is saying. So a slow one holds up nobody.
public final class Live implements Parts.Progress, Relays.Receiver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Live.class);

    /// How often other nodes are told again what is watched here, and how long they remember it.
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private static final Duration REMEMBERED = Duration.ofSeconds(16);

    /// How often words go to other nodes.
    private static final Duration TICK = Duration.ofMillis(80);

    /// So that a message stays below what a notification holds, whatever the characters are.
    private static final int LARGEST_PIECE = 1_000;

    private static final int MOST_INTERESTS = 100_000;

    private final Redactor redactor;
    private final Relays relays;
    private final Map<SessionId, Set<Watch>> watches = new ConcurrentHashMap<>();
    private final Map<SessionId, Words> words = new ConcurrentHashMap<>();
    private final Map<SessionId, Words> elsewhere = new ConcurrentHashMap<>();

    /// By session and node: how far a node that watches is.
    private final Map<SessionId, Map<String, Interest>> interests = new ConcurrentHashMap<>();

    private final Set<SessionId> fresh = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("live").daemon().factory());

    /// @param redactor of what models say
    public Live(Redactor redactor, Relays relays) {
        this.redactor = redactor;
        this.relays = relays;
        relays.receive(this);
        every(TICK, this::send);
        every(AGAIN, this::tellAgain);
    }

    private void every(Duration time, Runnable task) {
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> guarded(task), time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("news of sessions are late", e);
        }
    }

    /// What another node wants to know.
    private static final class Interest {
        volatile long until;
        volatile Words.@Nullable At at;

        void renew() {
            until = System.nanoTime() + REMEMBERED.toNanos();
        }

        boolean isOver() {
            return System.nanoTime() - until > 0;
        }
    }

    /// One who watches one session.
    final class Watch implements AutoCloseable {
        private final SessionId session;
        private final Runnable wake;
        private volatile long tokens;

        private Watch(SessionId session, Runnable wake) {
            this.session = session;
            this.wake = wake;
        }

        /// Output tokens of the model call that runs, as last told; 0 if nothing was told.
        long tokens() {
            return tokens;
        }

        /// What the model is saying, here or at another node; absent if it is silent.
        @Nullable Words words() {
            var here = words.get(session);
            return here != null ? here : elsewhere.get(session);
        }

        @Override
        public void close() {
            watches.computeIfPresent(
                    session,
                    (id, all) -> {
                        all.remove(this);
                        return all.isEmpty() ? null : all;
                    });
            if (!watches.containsKey(session)) {
                elsewhere.remove(session);
            }
        }
    }

    /// @param wake must return at once
    Watch watch(SessionId session, Runnable wake) {
        var watch = new Watch(session, wake);
        watches.compute(
                session,
                (id, all) -> {
                    Set<Watch> grown = all == null ? ConcurrentHashMap.newKeySet() : all;
                    grown.add(watch);
                    return grown;
                });
        relays.watch(session, "-");
        return watch;
    }

    private void wake(SessionId session) {
        watches.getOrDefault(session, Set.of()).forEach(watch -> watch.wake.run());
    }

    /// Events of a session are durable.
    public void appended(SessionId session) {
        wake(session);
        if (interests.containsKey(session)) {
            each(session, (node, interest) -> relays.send(node, message(session).toString()));
        }
    }

    // ---- from the driver

    @Override
    public void tokens(SessionId session, long tokens) {
        for (var watch : watches.getOrDefault(session, Set.of())) {
            watch.tokens = tokens;
            watch.wake.run();
        }
    }

    @Override
    public void said(SessionId session, int turn, int attempt, String more) {
        words.compute(
                        session,
                        (id, now) ->
                                now != null && now.isOf(turn, attempt)
                                        ? now
                                        : new Words(turn, attempt, redactor))
                .add(more);
        wake(session);
        if (interests.containsKey(session)) {
            fresh.add(session);
        }
    }

    @Override
    public void over(SessionId session, int turn, int attempt) {
        words.remove(session);
    }

    // ---- to other nodes

    private interface ForNode {
        void tell(String node, Interest interest);
    }

    private void each(SessionId session, ForNode news) {
        var nodes = interests.get(session);
        if (nodes == null) {
            return;
        }
        nodes.forEach((node, interest) -> {
            if (interest.isOver()) {
                nodes.remove(node);
            } else {
                news.tell(node, interest);
            }
        });
        interests.computeIfPresent(session, (id, left) -> left.isEmpty() ? null : left);
    }

    private void send() {
        for (var session : Set.copyOf(fresh)) {
            fresh.remove(session);
            var now = words.get(session);
            if (now != null) {
                each(session, (node, interest) -> send(session, now, node, interest));
            }
        }
    }

    private void send(SessionId session, Words now, String node, Interest interest) {
        var at = interest.at;
        if (at == null || !now.isOf(at.turn(), at.attempt())) {
            at = now.start();
        }
        var more = now.after(at.offset());
        if (more == null) {
            return;
        }
        for (int from = 0; from < more.length(); from += LARGEST_PIECE) {
            var piece = more.substring(from, Math.min(more.length(), from + LARGEST_PIECE));
            relays.send(node, message(session).put("at", at.toString()).put("said", piece).toString());
            at = at.plus(piece.length());
        }
        interest.at = at;
    }

    private static ObjectNode message(SessionId session) {
        return Json.object().put("session", session.toString());
    }

    @Override
    public void watched(String node, SessionId session, String have) {
        if (interests.size() >= MOST_INTERESTS && !interests.containsKey(session)) {
            return;
        }
        var interest =
                interests
                        .computeIfAbsent(session, id -> new ConcurrentHashMap<>())
                        .computeIfAbsent(node, name -> new Interest());
        interest.renew();
        interest.at = have.equals("-") ? null : Words.At.parse(have);
        if (words.containsKey(session)) {
            fresh.add(session);
        }
    }

    // ---- from other nodes

    @Override
    public void heard(String text) {
        var message = Json.parse(text);
        var session = SessionId.parse(message.path("session").asString(""));
        if (!watches.containsKey(session)) {
            return;
        }
        if (message.has("said")) {
            heard(session, message);
        }
        wake(session);
    }

    private void heard(SessionId session, JsonNode message) {
        var at = Words.At.parse(message.path("at").asString(""));
        var now =
                elsewhere.compute(
                        session,
                        (id, known) ->
                                known != null && known.isOf(at.turn(), at.attempt())
                                        ? known
                                        : new Words(at.turn(), at.attempt(), redactor));
        if (!now.add(at.offset(), message.path("said").asString(""))) {
            relays.watch(session, now.start().plus(now.length()).toString());
        }
    }

    private void tellAgain() {
        for (var session : watches.keySet()) {
            var known = elsewhere.get(session);
            relays.watch(
                    session, known == null ? "-" : known.start().plus(known.length()).toString());
        }
        interests.keySet().forEach(session -> each(session, (node, interest) -> {}));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
