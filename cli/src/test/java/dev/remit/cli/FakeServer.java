package dev.remit.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A server that answers what a test tells it to, and remembers what it was asked.
final class FakeServer implements AutoCloseable {
    static final String KEY = "the-key";

    /// What was asked: method and path, and the body.
    record Asked(String what, JsonNode body, Map<String, String> headers) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final Map<String, ObjectNode> sessions = new LinkedHashMap<>();
    final Map<String, List<ObjectNode>> events = new ConcurrentHashMap<>();
    final CountDownLatch streaming = new CountDownLatch(1);
    private final Map<String, Object[]> answers = new ConcurrentHashMap<>();
    private final HttpServer http;
    private volatile boolean closed;

    FakeServer() {
        try {
            http =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::handle);
        http.start();
        answer("GET /health", 200, "{'status':'ok','build':'','pid':" + pid() + "}");
        answer(
                "POST /v1/agents",
                200,
                "{'name':'demo','kind':'agent','version':'abc','applied':[]}");
        answer("GET /v1/agents/demo", 200, "{'name':'demo','kind':'agent','version':'abc'}");
        answer("GET /v1/agents", 200, "{'items':[{'name':'demo','kind':'agent','version':'abc'}]}");
    }

    /// As a process of its own, until it is killed. Counts its starts in the file `starts`.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var home = Path.of(arguments[List.of(arguments).indexOf("--home") + 1]);
        Files.writeString(
                home.resolve("starts"),
                "started\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        Files.writeString(home.resolve("arguments"), String.join(" ", arguments));
        try (var server = new FakeServer()) {
            server.home(home);
            System.out.println("remit: ready");
            new CountDownLatch(1).await();
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    /// @param body JSON with single quotes
    FakeServer answer(String what, int status, String body) {
        answers.put(what, new Object[] {status, body.replace('\'', '"')});
        return this;
    }

    /// A session, and that a POST opens it.
    FakeServer session(String id, String resource) {
        var json = (ObjectNode) Json.parse(resource.replace('\'', '"'));
        json.put("id", id);
        sessions.put(id, json);
        if (!json.has("parent")) {
            answers.put("POST /v1/sessions", new Object[] {201, Json.write(json)});
        }
        return this;
    }

    FakeServer events(String id, String... bodies) {
        var all = new ArrayList<ObjectNode>();
        for (var body : bodies) {
            all.add(Events.json(id, all.size() + 1L, all.size() * 100L, body));
        }
        events.put(id, all);
        return this;
    }

    /// Writes what a server leaves in a state folder.
    Path home(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        Files.writeString(folder.resolve("key"), KEY + "\n");
        Files.writeString(
                folder.resolve("server.json"),
                "{\"url\":\"http://127.0.0.1:"
                        + http.getAddress().getPort()
                        + "\",\"pid\":"
                        + pid()
                        + ",\"build\":\"\"}");
        return folder;
    }

    List<String> whatWasAsked() {
        return asked.stream().map(Asked::what).toList();
    }

    Asked last(String what) {
        return asked.stream().filter(a -> a.what().equals(what)).reduce((a, b) -> b).orElseThrow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var what = exchange.getRequestMethod() + " " + path;
            var body = exchange.getRequestBody().readAllBytes();
            var headers = new LinkedHashMap<String, String>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name, values.getFirst()));
            asked.add(
                    new Asked(what, body.length == 0 ? Json.object() : Json.parse(body), headers));
            if (!path.equals("/health")
                    && !("Bearer " + KEY).equals(headers.get("Authorization"))) {
                reply(exchange, 401, "{\"title\":\"no key\"}");
            } else if (answers.containsKey(what)) {
                reply(exchange, (int) answers.get(what)[0], (String) answers.get(what)[1]);
            } else {
                builtIn(exchange, what, path);
            }
        }
    }

    private void builtIn(HttpExchange exchange, String what, String path) throws IOException {
        var parts = path.split("/");
        if (what.equals("GET /v1/sessions")) {
            var items = Json.array();
            sessions.values().stream()
                    .filter(s -> !s.has("parent"))
                    .toList()
                    .reversed()
                    .forEach(items::add);
            reply(exchange, 200, Json.write(Json.object().set("items", items)));
        } else if (parts.length == 5 && path.endsWith("/events") && what.startsWith("GET")) {
            events(exchange, parts[3]);
        } else if (parts.length == 4 && sessions.containsKey(parts[3])) {
            reply(exchange, 200, Json.write(sessions.get(parts[3])));
        } else if (what.startsWith("POST") || what.startsWith("PUT")) {
            reply(exchange, 202, "");
        } else {
            reply(
                    exchange,
                    404,
                    "{\"title\":\"not found\",\"detail\":\"there is no " + path + "\"}");
        }
    }

    private void events(HttpExchange exchange, String id) throws IOException {
        var all = events.getOrDefault(id, List.of());
        if (!"text/event-stream".equals(exchange.getRequestHeaders().getFirst("Accept"))) {
            var query = String.valueOf(exchange.getRequestURI().getQuery());
            long after = Long.parseLong(query.replaceAll(".*after=(\\d+).*", "$1"));
            var items = Json.array();
            all.stream().filter(e -> e.path("seq").asLong() > after).forEach(items::add);
            reply(exchange, 200, Json.write(Json.object().set("items", items)));
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var out = exchange.getResponseBody();
        for (var event : all) {
            var type = event.path("event").path("type").asString();
            var text =
                    "id: " + event.path("seq") + "\nevent: " + type + "\ndata: " + event + "\n\n";
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (type.equals("closed")) {
                return;
            }
        }
        streaming.countDown();
        while (!closed) {
            out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed = true;
        http.stop(0);
    }
}
