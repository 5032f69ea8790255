package dev.remit.server;

import dev.remit.core.json.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One schedule, as it is seen over HTTP.
record Scheduled(ApiClient client, String name) {
    /// @param spec as it is written, without its agent
    static Scheduled put(ApiClient client, String name, String agent, String spec) {
        var body = (ObjectNode) Json.parse(spec);
        body.put("agent", agent).set("input", Json.object().put("name", name));
        client.put("/v1/schedules/" + name, body).expect(200);
        return new Scheduled(client, name);
    }

    JsonNode get() {
        return client.get("/v1/schedules/" + name).expect(200).body();
    }

    ApiClient.Answer post(String verb, JsonNode body) {
        return client.post("/v1/schedules/" + name + ":" + verb, body);
    }

    /// Asked for once under that name, however often it is sent.
    JsonNode trigger(String request, JsonNode body) {
        return client.send(
                        client.request("/v1/schedules/" + name + ":trigger")
                                .header("Idempotency-Key", request)
                                .POST(BodyPublishers.ofByteArray(Json.canonical(body))))
                .expect(200)
                .body();
    }

    /// What became of its times, the oldest first.
    List<JsonNode> fires() {
        return get().path("fires").valueStream().toList().reversed();
    }

    List<JsonNode> fires(String state) {
        return fires().stream().filter(f -> f.path("state").asString().equals(state)).toList();
    }

    List<JsonNode> until(Predicate<List<JsonNode>> so) throws Exception {
        return ApiClient.until(this::fires, so);
    }

    /// Waits until so many times are in a state.
    List<JsonNode> until(String state, int count) throws Exception {
        return ApiClient.until(() -> fires(state), fires -> fires.size() >= count);
    }

    void remove() {
        client.send(client.request("/v1/schedules/" + name).DELETE()).expect(204);
    }
}
