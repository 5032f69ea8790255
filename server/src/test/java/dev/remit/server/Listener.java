package dev.remit.server;

import dev.remit.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// One who reads a session and the words of its models, now at this node and now at that. It knows
/// nothing but what was sent, and holds it to the promise: events without gap or repetition, and
/// words that are the beginning of what the log says in the end.
final class Listener implements AutoCloseable {
    private static final long SECONDS = 50;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String session;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition heard = lock.newCondition();
    private final List<String> faults = new ArrayList<>();
    private final List<JsonNode> events = new ArrayList<>();
    private final List<String> replies = new ArrayList<>();
    private final StringBuilder words = new StringBuilder();
    private String place = "0";
    private long call;
    private int pieces;
    private boolean over;
    private InputStream open = InputStream.nullInputStream();
    private Thread thread = Thread.ofVirtual().unstarted(() -> {});

    Listener(String session) {
        this.session = session;
    }

    /// Reads on from where it is.
    Listener at(ApiClient node) {
        var request =
                node.request("/v1/sessions/" + session + "/events?tokens=true")
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", place)
                        .build();
        try {
            var got = http.send(request, BodyHandlers.ofInputStream());
            if (got.statusCode() != 200) {
                throw new AssertionError("the stream answers " + got.statusCode());
            }
            open = got.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("no stream", e);
        }
        var lines = new BufferedReader(new InputStreamReader(open, StandardCharsets.UTF_8));
        thread = Thread.ofVirtual().start(() -> read(lines));
        return this;
    }

    /// Lets go in the midst of it.
    Listener leave() {
        try {
            open.close();
            thread.join();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    private void read(BufferedReader lines) {
        try (lines) {
            var id = "";
            var type = "";
            for (String line; (line = lines.readLine()) != null; ) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    take(id, type, Json.parse(line.substring(6)));
                    id = "";
                }
            }
        } catch (IOException e) {
            // the connection is lost, as the test wants it
        }
    }

    private void take(String id, String type, JsonNode data) {
        lock.lock();
        try {
            switch (type) {
                case "progress" -> {}
                case "token" -> hear(data);
                default -> take(data);
            }
            place = id.isEmpty() ? place : id;
            heard.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void hear(JsonNode data) {
        pieces++;
        if (data.path("call").asLong() != call) {
            call = data.path("call").asLong();
            words.setLength(0);
        }
        if (data.path("offset").asInt(-1) != words.length()) {
            faults.add("after " + words.length() + " characters comes " + data);
        }
        if (events.isEmpty() || seq(events.getLast()) < call) {
            faults.add("words before the call that says them: " + data);
        }
        words.append(data.path("text").asString(""));
    }

    private void take(JsonNode event) {
        long expected = events.isEmpty() ? 1 : seq(events.getLast()) + 1;
        if (seq(event) != expected) {
            faults.add("event " + seq(event) + " comes, not " + expected);
        }
        events.add(event);
        switch (event.at("/event/type").asString("")) {
            case "model_replied" -> {
                var said = new StringBuilder();
                event.at("/event/message/parts")
                        .forEach(p -> said.append(p.path("text").asString("")));
                replies.add(said.toString());
                if (!words.isEmpty() && !words.toString().equals(said.toString())) {
                    faults.add("heard: " + words + "\nreplied: " + said);
                }
                words.setLength(0);
            }
            case "model_failed", "recovered" -> words.setLength(0);
            case "closed" -> over = true;
            default -> {}
        }
    }

    private static long seq(JsonNode event) {
        return event.path("seq").asLong();
    }

    /// Waits for something to become true of it.
    Listener until(String what, Predicate<Listener> condition) {
        long left = TimeUnit.SECONDS.toNanos(SECONDS);
        lock.lock();
        try {
            while (!condition.test(this)) {
                if (left <= 0) {
                    throw new AssertionError("never: " + what + "; got " + events + words);
                }
                left = heard.awaitNanos(left);
            }
            return this;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the end of the session.
    Listener untilOver() {
        return until("the end", l -> l.over);
    }

    /// Characters of the call that runs.
    int length() {
        return words.length();
    }

    int pieces() {
        return pieces;
    }

    String place() {
        return place;
    }

    List<String> replies() {
        return replies;
    }

    List<JsonNode> events() {
        return events;
    }

    List<String> faults() {
        return faults;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
