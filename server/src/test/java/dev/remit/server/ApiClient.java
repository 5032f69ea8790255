package dev.remit.server;

import dev.remit.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Speaks to a server as any program would.
final class ApiClient implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(SOON).build();
    private final URI url;
    private final String key;

    ApiClient(URI url, String key) {
        this.url = url;
        this.key = key;
    }

    record Answer(int status, JsonNode body, Map<String, List<String>> headers) {
        String text(String pointer) {
            return body.at(pointer).asString("");
        }

        Answer expect(int expected) {
            if (status != expected) {
                throw new AssertionError("expected " + expected + ", got " + status + ": " + body);
            }
            return this;
        }
    }

    /// One server-sent event.
    record Sent(String id, String type, JsonNode data) {}

    HttpRequest.Builder request(String path) {
        return unauthenticated(path).header("Authorization", "Bearer " + key);
    }

    /// Without any key.
    HttpRequest.Builder unauthenticated(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(SOON);
    }

    /// The same server, spoken to with another key.
    ApiClient as(String other) {
        return new ApiClient(url, other);
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> got = http.send(request.build(), BodyHandlers.ofByteArray());
            var body = got.body().length == 0 ? Json.object() : Json.parse(got.body());
            return new Answer(got.statusCode(), body, got.headers().map());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("no answer", e);
        }
    }

    Answer get(String path) {
        return send(request(path));
    }

    Answer post(String path, JsonNode body) {
        return send(request(path).POST(BodyPublishers.ofByteArray(Json.canonical(body))));
    }

    Answer put(String path, JsonNode body) {
        return send(request(path).PUT(BodyPublishers.ofByteArray(Json.canonical(body))));
    }

    Answer apply(Map<String, String> files) {
        return post("/v1/agents", Json.object().set("files", Json.tree(files)));
    }

    Answer open(String agent, JsonNode input) {
        return post("/v1/sessions", Json.object().put("agent", agent).set("input", input));
    }

    /// Reads a stream until an event fulfils the condition, or the stream ends.
    List<Sent> follow(String session, long after, Predicate<Sent> until) {
        return read(stream(session, "", Long.toString(after)), until);
    }

    /// The same from any place, and with the words of models.
    List<Sent> read(String session, String place, Predicate<Sent> until) {
        return read(stream(session, "?tokens=true", place), until);
    }

    /// How a stream is answered.
    int status(String session, String place) {
        return send(stream(session, "?tokens=true", place)).status();
    }

    private HttpRequest.Builder stream(String session, String query, String place) {
        return request("/v1/sessions/" + session + "/events" + query)
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", place);
    }

    private List<Sent> read(HttpRequest.Builder request, Predicate<Sent> until) {
        var all = new ArrayList<Sent>();
        try {
            var got = http.send(request.build(), BodyHandlers.ofInputStream());
            if (got.statusCode() != 200) {
                throw new AssertionError("the stream answers " + got.statusCode());
            }
            try (var lines =
                    new BufferedReader(new InputStreamReader(got.body(), StandardCharsets.UTF_8))) {
                String id = "";
                String type = "";
                for (String line; (line = lines.readLine()) != null; ) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("event: ")) {
                        type = line.substring(7);
                    } else if (line.startsWith("data: ")) {
                        var sent = new Sent(id, type, Json.parse(line.substring(6)));
                        all.add(sent);
                        id = "";
                        if (until.test(sent)) {
                            return all;
                        }
                    }
                }
            }
            return all;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the stream broke off after " + all, e);
        }
    }

    /// Waits until the session has closed, and gives it in full.
    JsonNode closed(String session) {
        follow(session, 0, sent -> sent.type().equals("closed"));
        return get("/v1/sessions/" + session).expect(200).body();
    }

    /// Waits until the session is idle for that, and gives it in full.
    JsonNode idle(String session, String waiting) {
        follow(
                session,
                0,
                sent ->
                        sent.type().equals("idled")
                                && sent.data()
                                        .at("/event/waiting/for")
                                        .asString("")
                                        .equals(waiting));
        return get("/v1/sessions/" + session).expect(200).body();
    }

    /// Waits until the session has closed or waits for money, and gives it in full.
    JsonNode paidOrNot(String session) {
        follow(
                session,
                0,
                sent ->
                        sent.type().equals("closed")
                                || sent.data()
                                        .at("/event/waiting/for")
                                        .asString("")
                                        .equals("budget"));
        return get("/v1/sessions/" + session).expect(200).body();
    }

    /// Asks again and again until something is so.
    static <T> T until(Callable<T> asked, Predicate<T> so) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            var found = asked.call();
            if (so.test(found)) {
                return found;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not so in 30 s: " + found);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
