package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.store.database.Database;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// News between nodes for whoever watches a session at one node while another drives it. See
/// `docs/adr/0008-live-news-by-packed-notifications.md`.
///
/// Who watches tells everybody, now and then; who drives sends what is new to the nodes that watch,
/// packed into one transaction every [#TICK]: so a notification costs no commit of a session, and
/// nothing at all while nobody watches. Hints: any of it may be lost.
public final class Relays implements AutoCloseable {
    static final String INTEREST = "watch ";

    private static final Logger LOG = LoggerFactory.getLogger(Relays.class);
    private static final Duration TICK = Duration.ofMillis(40);

    /// PostgreSQL takes payloads below 8,000 bytes.
    private static final int LARGEST = 7_900;

    /// What waits to be sent at most, in bytes; more is dropped, and the receivers ask again.
    private static final int MOST = 4 << 20;

    private static final char SEPARATOR = '\u001e';

    private final Database database;
    private final Node node;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private List<Message> waiting = new ArrayList<>();
    private int bytes;
    private volatile boolean closed;
    private volatile Receiver receiver = Receiver.NOBODY;
    private @Nullable Connection connection;

    private record Message(String channel, String text) {}

    /// Who is told. From the thread that renews the lease: be quick.
    public interface Receiver {
        Receiver NOBODY =
                new Receiver() {
                    @Override
                    public void watched(String node, SessionId session, String have) {}

                    @Override
                    public void heard(String message) {}
                };

        /// Somebody at another node watches a session.
        ///
        /// @param have what they have of it already, in the words of who asked
        void watched(String node, SessionId session, String have);

        void heard(String message);
    }

    Relays(Database database, Node node) {
        this.database = database;
        this.node = node;
        this.thread = Thread.ofVirtual().name("relays").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    public void receive(Receiver by) {
        receiver = by;
    }

    String channel() {
        return channel(node.incarnation().toString());
    }

    private static String channel(String incarnation) {
        return "remit_node_" + incarnation.replace("-", "");
    }

    /// Tells all other nodes that this one wants to hear of a session.
    ///
    /// @param have short, without line ends
    public void watch(SessionId session, String have) {
        put(new Message("remit_wake", INTEREST + node.incarnation() + " " + session + " " + have));
    }

    /// Sends a message to a node.
    ///
    /// @param message below 7,900 bytes
    public void send(String to, String message) {
        put(new Message(channel(to), message));
    }

    private void put(Message message) {
        lock.lock();
        try {
            if (bytes < MOST) {
                waiting.add(message);
                bytes += message.text().length();
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void interest(String payload) {
        var words = payload.split(" ", 4);
        if (words.length == 4 && !words[1].equals(node.incarnation().toString())) {
            receiver.watched(words[1], SessionId.parse(words[2]), words[3]);
        }
    }

    void hear(String payload) {
        for (int from = 0; from < payload.length(); ) {
            int end = payload.indexOf(SEPARATOR, from);
            end = end < 0 ? payload.length() : end;
            try {
                receiver.heard(payload.substring(from, end));
            } catch (RuntimeException e) {
                LOG.warn("a message of another node cannot be understood", e);
            }
            from = end + 1;
        }
    }

    private void run() {
        while (!closed) {
            try {
                send(take());
                Thread.sleep(TICK);
            } catch (InterruptedException e) {
                break;
            } catch (SQLException e) {
                LOG.debug("news for other nodes is lost", e);
                disconnect();
            }
        }
        disconnect();
    }

    private List<Message> take() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                arrived.await();
            }
            var taken = waiting;
            waiting = new ArrayList<>();
            bytes = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void send(List<Message> messages) throws SQLException {
        var channels = new ArrayList<String>();
        var payloads = new ArrayList<String>();
        pack(messages, channels, payloads);
        var open = connection;
        if (open == null) {
            open = database.connect(node.applicationName(), Map.of("synchronous_commit", "off"));
            connection = open;
        }
        try (var notify =
                open.prepareStatement(
                        """
                        SELECT pg_notify(n.channel, n.payload)
                        FROM unnest(?::text[], ?::text[]) n(channel, payload)
                        """)) {
            new Parameters(notify).texts(channels).texts(payloads);
            notify.execute();
        }
    }

    /// Messages to one node go together, as many as fit; interests go by themselves.
    private static void pack(List<Message> messages, List<String> channels, List<String> payloads) {
        var open = new java.util.LinkedHashMap<String, StringBuilder>();
        var sizes = new java.util.HashMap<String, Integer>();
        for (var message : messages) {
            int size = message.text().getBytes(StandardCharsets.UTF_8).length + 1;
            if (message.text().startsWith(INTEREST)) {
                channels.add(message.channel());
                payloads.add(message.text());
                continue;
            }
            var pack = open.computeIfAbsent(message.channel(), channel -> new StringBuilder());
            if (!pack.isEmpty() && sizes.getOrDefault(message.channel(), 0) + size > LARGEST) {
                channels.add(message.channel());
                payloads.add(pack.toString());
                pack.setLength(0);
                sizes.put(message.channel(), 0);
            }
            if (!pack.isEmpty()) {
                pack.append(SEPARATOR);
            }
            pack.append(message.text());
            sizes.merge(message.channel(), size, Integer::sum);
        }
        open.forEach((channel, pack) -> {
            channels.add(channel);
            payloads.add(pack.toString());
        });
    }

    private void disconnect() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("a connection that failed cannot be closed", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
