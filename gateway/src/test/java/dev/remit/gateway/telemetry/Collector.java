package dev.remit.gateway.telemetry;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A collector of OpenTelemetry that keeps what it is told.
final class Collector implements AutoCloseable {
    record Span(
            String trace,
            String id,
            String parent,
            String name,
            long kind,
            Map<String, String> attributes) {}

    /// @param points attributes of each, with `sum` and `count` among them
    record Metric(String name, String unit, List<Map<String, String>> points) {}

    final List<Span> spans = new CopyOnWriteArrayList<>();
    final List<Metric> metrics = new CopyOnWriteArrayList<>();
    final List<String> keys = new CopyOnWriteArrayList<>();
    final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Collector() throws IOException {
        server = listen();
        server.createContext(
                "/",
                exchange -> {
                    var body = exchange.getRequestBody().readAllBytes();
                    bodies.add(body);
                    keys.add(
                            String.valueOf(
                                    exchange.getRequestHeaders().getFirst("x-collector-key")));
                    switch (exchange.getRequestURI().getPath()) {
                        case "/base/v1/traces" -> traces(new Proto(body));
                        case "/base/v1/metrics" -> metrics(new Proto(body));
                        default -> throw new IOException("not OTLP: " + exchange.getRequestURI());
                    }
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
    }

    static HttpServer listen() throws IOException {
        for (int port = 22_000; port < 32_000; port += 13) {
            try {
                return HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IOException("no free port");
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/base/");
    }

    private void traces(Proto request) {
        for (var resource : request.messages(1)) {
            for (var scope : resource.messages(2)) {
                for (var span : scope.messages(2)) {
                    spans.add(
                            new Span(
                                    span.hex(1),
                                    span.hex(2),
                                    span.hex(4),
                                    span.text(5),
                                    span.number(6),
                                    span.attributes(9)));
                }
            }
        }
    }

    private void metrics(Proto request) {
        for (var resource : request.messages(1)) {
            for (var scope : resource.messages(2)) {
                for (var metric : scope.messages(2)) {
                    var points = new ArrayList<Map<String, String>>();
                    for (var histogram : metric.messages(9)) {
                        for (var point : histogram.messages(1)) {
                            var all = new TreeMap<>(point.attributes(9));
                            all.put("count", String.valueOf(point.number(4)));
                            all.put("sum", String.valueOf(point.real(5)));
                            points.add(all);
                        }
                    }
                    metrics.add(new Metric(metric.text(1), metric.text(3), points));
                }
            }
        }
    }

    Span span(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
    }

    List<Map<String, String>> points(String metric) {
        return metrics.stream()
                .filter(one -> one.name().equals(metric))
                .flatMap(one -> one.points().stream())
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
