package dev.remit.cli.view;

import dev.remit.client.Following;
import dev.remit.client.RemitClient;
import dev.remit.client.SessionEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The events of a session and of all sessions it handed work to, as they come.
public final class Family implements AutoCloseable {
    private static final int MOST_SESSIONS = 256;

    private final RemitClient client;
    private final BlockingQueue<News> news = new ArrayBlockingQueue<>(1024);
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private final List<Following> open = new CopyOnWriteArrayList<>();
    private final boolean words;
    private volatile boolean closed;

    /// @param words whether the words of models come, too
    public Family(RemitClient client, String root, boolean words) {
        this.client = client;
        this.words = words;
        follow(root);
    }

    /// What came.
    public sealed interface News {
        record Happened(SessionEvent event) implements News {}

        /// No more events of this session can be had.
        record Lost(String session, RuntimeException why) implements News {}
    }

    /// The next of it; null if nothing came in time.
    public @Nullable News next(Duration within) {
        try {
            return news.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void follow(String session) {
        if (closed || followed.size() >= MOST_SESSIONS || !followed.add(session)) {
            return;
        }
        var following = words ? client.followWords(session, 0) : client.follow(session, 0);
        open.add(following);
        Thread.ofVirtual().start(() -> pump(session, following));
    }

    private void pump(String session, Following following) {
        try (following) {
            for (var event = following.next(); event != null; event = following.next()) {
                news.put(new News.Happened(event));
                if (event.type().equals("delegated")) {
                    follow(event.body().path("child").asString(""));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!closed) {
                lost(session, e);
            }
        }
    }

    private void lost(String session, RuntimeException why) {
        try {
            news.put(new News.Lost(session, why));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(Following::close);
        news.clear();
    }
}
