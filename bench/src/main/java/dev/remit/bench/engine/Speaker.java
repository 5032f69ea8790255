package dev.remit.bench.engine;

import dev.remit.core.json.Json;
import dev.remit.http.server.EventStream;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.HttpServer;
import dev.remit.http.server.Reply;
import dev.remit.http.server.Routes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A model that says what time it is, word by word, and a tool whose uses are timed: a process of
/// its own, for it must not wait for those who listen. Its clock is theirs: [System#nanoTime]
/// counts from the start of the machine on Linux.
public final class Speaker {
    /// How a word says the time: not to be taken for a card's number.
    static final int RADIX = 36;

    private static final int WORDS_PER_SECOND = 50;
    private static final Duration THINKS = Duration.ofMillis(20);

    private final List<Long> uses = new ArrayList<>();
    private volatile CountDownLatch begin = new CountDownLatch(0);
    private volatile int words;
    private volatile String result = "";

    private Speaker() {}

    /// @param args the port
    public static void main(String[] args) throws IOException {
        var speaker = new Speaker();
        var _ =
                HttpServer.start(
                        HttpServer.Settings.DEFAULT.withPort(Integer.parseInt(args[0])),
                        exchange -> {},
                        new Routes()
                                .post("/v1/chat/completions", exchange -> speaker.speak())
                                .post("/tool", exchange -> speaker.use())
                                .post("/prepare", speaker::prepare)
                                .post("/begin", exchange -> speaker.begin())
                                .get("/steps", exchange -> speaker.steps()));
    }

    /// The next call says so many `words`, the tool answers with so many `bytes`; both wait to be
    /// let.
    private Reply prepare(Exchange exchange) {
        words = (int) exchange.query("words", 0, 0, 1_000_000);
        result = "x".repeat((int) exchange.query("bytes", 0, 0, 1_000_000));
        begin = new CountDownLatch(1);
        synchronized (uses) {
            uses.clear();
        }
        return new Reply.Empty(204);
    }

    private Reply begin() {
        begin.countDown();
        return new Reply.Empty(204);
    }

    /// The times between two uses of the tool but for what it took itself, in nanoseconds, the
    /// shortest first.
    private Reply steps() {
        synchronized (uses) {
            var steps = new ArrayList<Long>();
            for (int i = 1; i < uses.size(); i++) {
                steps.add(uses.get(i) - uses.get(i - 1) - THINKS.toNanos());
            }
            steps.sort(null);
            return Reply.ok(Json.object().set("steps", Json.tree(steps)));
        }
    }

    private Reply use() throws InterruptedException {
        begin.await();
        long now = System.nanoTime();
        synchronized (uses) {
            uses.add(now);
        }
        until(now + THINKS.toNanos());
        return Reply.ok(Json.object().put("text", result));
    }

    private Reply speak() {
        return new Reply.Events(this::speak);
    }

    private void speak(EventStream stream) throws IOException, InterruptedException {
        begin.await();
        long start = System.nanoTime();
        for (int i = 0; i < words; i++) {
            until(start + i * 1_000_000_000L / WORDS_PER_SECOND);
            say(stream, Long.toString(System.nanoTime(), RADIX) + " ", null);
        }
        say(stream, "", "stop");
        stream.send(null, "message", "[DONE]");
    }

    private static void say(EventStream stream, String text, @Nullable String end)
            throws IOException {
        var chunk =
                Json.object()
                        .put("id", "chatcmpl-1")
                        .put("object", "chat.completion.chunk")
                        .put("created", 1)
                        .put("model", "speaker");
        var choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta").put("role", "assistant").put("content", text);
        choice.put("finish_reason", end);
        stream.send(null, "message", Json.write(chunk));
    }

    private static void until(long nanos) {
        for (long left; (left = nanos - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }
}
