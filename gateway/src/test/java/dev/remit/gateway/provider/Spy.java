package dev.remit.gateway.provider;

import com.sun.net.httpserver.HttpServer;
import dev.remit.core.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/// A server that notes what it is asked and says the same to all.
final class Spy implements AutoCloseable {
    /// @param headers by name in lower case
    record Seen(String method, String target, Map<String, String> headers, String body) {
        JsonNode json() {
            return Json.parse(body);
        }
    }

    final List<Seen> seen = new CopyOnWriteArrayList<>();
    volatile String answer = "{}";
    volatile int status = 200;
    private final HttpServer server;

    Spy() throws IOException {
        server = listen();
        server.createContext(
                "/",
                exchange -> {
                    var headers = new TreeMap<String, String>();
                    exchange.getRequestHeaders()
                            .forEach((name, values) ->
                                    headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
                    seen.add(
                            new Seen(
                                    exchange.getRequestMethod(),
                                    exchange.getRequestURI().toString(),
                                    headers,
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8)));
                    var bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    try (var out = exchange.getResponseBody()) {
                        out.write(bytes);
                    }
                });
        server.start();
    }

    private static HttpServer listen() throws IOException {
        for (int port = 21_000; port < 32_000; port += 11) {
            try {
                return HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IOException("no free port");
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    Seen last() {
        return seen.getLast();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
