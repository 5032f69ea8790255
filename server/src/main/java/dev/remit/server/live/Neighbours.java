package dev.remit.server.live;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.store.session.Relays;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Other nodes: whose readers want to know what happens here, and where what happens that readers
/// here want to know. All of it may be lost; then it is asked for again, or is in the log.
final class Neighbours implements Relays.Receiver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);

    /// How often other nodes are told again what is watched here, and how long they remember it.
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private static final Duration REMEMBERED = Duration.ofSeconds(16);

    /// How often one node hears of a session at most; words are gathered meanwhile.
    private static final Duration TICK = Duration.ofMillis(40);

    /// How often what is missing is asked for.
    private static final Duration PATIENCE = Duration.ofMillis(300);

    /// In characters: so that a message fits a notification, whatever the characters are.
    private static final int LARGEST_PIECE = 1_000;

    private static final int MOST_INTERESTS = 100_000;

    /// In characters, of what a model says at another node; as much as is shown of one here.
    private static final int MOST_HEARD = 512 << 10;

    /// Messages of other nodes, of at most 8 KB each.
    private static final int MOST_UNREAD = 5_000;

    private static final String NOTHING = "-";

    private final Relays relays;
    private final Live live;
    private final Map<SessionId, Interests> interests = new ConcurrentHashMap<>();
    private final Map<SessionId, Heard> heard = new ConcurrentHashMap<>();
    private final Set<SessionId> fresh = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> unread = new ArrayBlockingQueue<>(MOST_UNREAD);
    private final Thread reading =
            Thread.ofVirtual().name("neighbours heard").unstarted(this::read);
    private final AtomicBoolean due = new AtomicBoolean();
    private final ScheduledExecutorService timer;
    private volatile long told = System.nanoTime();

    Neighbours(Relays relays, Live live) {
        this.relays = relays;
        this.live = live;
        var one =
                new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("neighbours").factory());
        one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.timer = one;
        reading.start();
        relays.receive(this);
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> guarded(this::again),
                        AGAIN.toMillis(),
                        AGAIN.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /// Who wants to know of one session.
    private static final class Interests {
        private final Map<String, Interest> byNode = new ConcurrentHashMap<>();
        private final AtomicBoolean appended = new AtomicBoolean();
        private volatile long tokens;
        private volatile long toldTokens;
    }

    /// One node that wants to know, and how far it is.
    private static final class Interest {
        private volatile long until;
        private volatile long call;
        private volatile int length;

        boolean isOver() {
            return System.nanoTime() - until > 0;
        }
    }

    /// What a model says at another node.
    private static final class Heard {
        private volatile Spoken spoken;
        private long askedAt = System.nanoTime() - PATIENCE.toNanos();

        Heard(long call) {
            this.spoken = new Spoken(call, "");
        }

        String have() {
            return spoken.call() + "." + spoken.text().length();
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("news of sessions are late", e);
        }
    }

    // ---- what readers here want to know

    /// Tells other nodes that a session is watched here.
    void watch(SessionId session) {
        var known = heard.get(session);
        relays.watch(session, known == null ? NOTHING : known.have());
    }

    void leave(SessionId session) {
        heard.remove(session);
    }

    /// What a model says at another node; absent if nothing was heard.
    @Nullable Spoken heard(SessionId session) {
        var known = heard.get(session);
        return known == null ? null : known.spoken;
    }

    private void again() {
        live.watched().forEach(this::watch);
        heard.keySet().removeIf(session -> !live.isWatched(session));
        interests.keySet().forEach(this::forget);
    }

    /// From the thread that renews this node's lease, as [#watched]: it only puts down what came.
    /// What is too much is asked for again.
    @Override
    public void heard(String text) {
        if (!unread.offer(text)) {
            LOG.debug("more news of other nodes than can be read");
        }
    }

    private void read() {
        try {
            while (true) {
                var text = unread.take();
                guarded(() -> read(text));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(String text) {
        var message = Json.parse(text);
        var session = SessionId.parse(message.path("session").asString(""));
        if (!live.isWatched(session)) {
            return;
        }
        if (message.has("text")) {
            hear(session, message);
        }
        if (message.has("tokens")) {
            live.heard(session, message.path("tokens").asLong(0));
        }
        if (message.has("events")) {
            live.wake(session);
        }
    }

    private void hear(SessionId session, JsonNode message) {
        long call = message.path("call").asLong(0);
        int offset = message.path("offset").asInt(0);
        var text = message.path("text").asString("");
        var known =
                heard.compute(
                        session,
                        (id, before) ->
                                before == null || before.spoken.call() < call
                                        ? new Heard(call)
                                        : before);
        var before = known.spoken;
        if (before.call() > call || offset + text.length() > MOST_HEARD) {
            return; // of a call that somebody else goes on with, or more than fits
        }
        int length = before.text().length();
        if (offset > length) {
            ask(session, known);
        } else if (offset + text.length() > length) {
            known.spoken = new Spoken(call, before.text().substring(0, offset) + text);
            live.heard(session);
        }
    }

    private void ask(SessionId session, Heard known) {
        long now = System.nanoTime();
        if (now - known.askedAt >= PATIENCE.toNanos()) {
            known.askedAt = now;
            relays.watch(session, known.have());
        }
    }

    // ---- what readers elsewhere want to know

    @Override
    public void watched(String node, SessionId session, String have) {
        if (interests.size() >= MOST_INTERESTS && !interests.containsKey(session)) {
            return;
        }
        var interest =
                interests
                        .computeIfAbsent(session, id -> new Interests())
                        .byNode
                        .computeIfAbsent(node, name -> new Interest());
        interest.until = System.nanoTime() + REMEMBERED.toNanos();
        int dot = have.indexOf('.');
        interest.length = dot < 0 ? 0 : Integer.parseInt(have.substring(dot + 1));
        interest.call = dot < 0 ? 0 : Long.parseLong(have.substring(0, dot));
        if (live.here(session) != null) {
            soon(session);
        }
    }

    void tokens(SessionId session, long tokens) {
        var interested = interests.get(session);
        if (interested != null) {
            interested.tokens = tokens;
            soon(session);
        }
    }

    /// Events were appended here. Returns at once.
    void appended(SessionId session) {
        var interested = interests.get(session);
        if (interested != null) {
            interested.appended.set(true);
            soon(session);
        }
    }

    /// Words were said here. Returns at once.
    void said(SessionId session) {
        if (interests.containsKey(session)) {
            soon(session);
        }
    }

    private void soon(SessionId session) {
        if (fresh.add(session) && due.compareAndSet(false, true)) {
            long wait = Math.max(0, told + TICK.toNanos() - System.nanoTime());
            try {
                var _ = timer.schedule(() -> guarded(this::tell), wait, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("this node tells nobody any more", e);
            }
        }
    }

    private void tell() {
        told = System.nanoTime();
        due.set(false);
        for (var session : Set.copyOf(fresh)) {
            fresh.remove(session);
            var interested = interests.get(session);
            if (interested != null) {
                forget(session);
                tell(session, interested);
            }
        }
    }

    private void tell(SessionId session, Interests interested) {
        var hint = message(session);
        if (interested.appended.getAndSet(false)) {
            hint.put("events", true);
        }
        long tokens = interested.tokens;
        if (tokens != interested.toldTokens) {
            interested.toldTokens = tokens;
            hint.put("tokens", tokens);
        }
        var spoken = live.here(session);
        interested.byNode.forEach((node, interest) -> {
            if (hint.size() > 1) {
                relays.send(node, hint.toString());
            }
            if (spoken != null) {
                tell(session, spoken, node, interest);
            }
        });
        if (live.isBehind(session)) {
            soon(session);
        }
    }

    private void tell(SessionId session, Spoken spoken, String node, Interest interest) {
        var text = spoken.text();
        int from = interest.call == spoken.call() ? Math.min(interest.length, text.length()) : 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + LARGEST_PIECE);
            to = to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
            relays.send(
                    node,
                    message(session)
                            .put("call", spoken.call())
                            .put("offset", from)
                            .put("text", text.substring(from, to))
                            .toString());
            from = to;
        }
        interest.call = spoken.call();
        interest.length = text.length();
    }

    private static ObjectNode message(SessionId session) {
        return Json.object().put("session", session.toString());
    }

    private void forget(SessionId session) {
        interests.computeIfPresent(
                session,
                (id, all) -> {
                    all.byNode.values().removeIf(Interest::isOver);
                    return all.byNode.isEmpty() ? null : all;
                });
    }

    @Override
    public void close() {
        relays.receive(Relays.Receiver.NOBODY);
        reading.interrupt();
        timer.shutdownNow();
    }
}
