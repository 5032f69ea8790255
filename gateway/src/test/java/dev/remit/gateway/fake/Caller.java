package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Calls a fake as any program would.
final class Caller implements AutoCloseable {
    final FakeVendor fake;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Caller() throws IOException {
        fake = FakeVendor.start();
    }

    static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    HttpResponse<byte[]> bytes(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(fake.uri() + path))
                        .method(
                                method,
                                HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        return bytes("POST", path, body, headers);
    }

    static JsonNode body(HttpResponse<byte[]> response) {
        return Json.parse(response.body());
    }

    /// The data of each event; `[DONE]` as a text.
    static List<JsonNode> events(HttpResponse<byte[]> response) {
        var events = new ArrayList<JsonNode>();
        for (var line :
                new String(response.body(), java.nio.charset.StandardCharsets.UTF_8)
                        .lines()
                        .toList()) {
            if (line.startsWith("data: ")) {
                var data = line.substring("data: ".length());
                events.add(data.equals("[DONE]") ? Json.text(data) : Json.parse(data));
            }
        }
        return events;
    }

    JsonNode chat(String body) throws IOException, InterruptedException {
        return body(post("/v1/chat/completions", body));
    }

    @Override
    public void close() {
        client.close();
        fake.close();
    }
}
