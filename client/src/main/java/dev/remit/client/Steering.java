package dev.remit.client;

import static java.util.Objects.requireNonNull;

import dev.remit.client.Transport.Call;
import dev.remit.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What starts sessions by itself, and what steers those that run, as Java methods. Resources come
/// as the API shows them. Throws as [RemitClient] does.
public final class Steering {
    private final Transport transport;

    Steering(Transport transport) {
        this.transport = transport;
    }

    // ---- sessions

    /// @param message what it goes on with; absent: it waits for one
    public void interrupt(String session, @Nullable String message) {
        var body = Json.object();
        if (message != null) {
            body.put("message", message);
        }
        transport.exchange(post("/v1/sessions/" + Query.encode(session) + ":interrupt", body));
    }

    /// A new session that begins as this one did.
    ///
    /// @param rewind it takes the place of this one, which is told to cancel
    /// @param wish any of `at`, `turn`, `message`, `budget`
    public Session fork(String session, boolean rewind, JsonNode wish) {
        var verb = rewind ? ":rewind" : ":fork";
        return new Session(
                answered(
                        post("/v1/sessions/" + Query.encode(session) + verb, wish)
                                .with("Idempotency-Key", UUID.randomUUID().toString())));
    }

    /// @param version at least its first 12 characters, or `newest`
    public void move(String session, String version) {
        transport.exchange(
                post(
                        "/v1/sessions/" + Query.encode(session) + ":move",
                        Json.object().put("to", version)));
    }

    /// All open sessions of an agent.
    public JsonNode moveAll(String agent, String version) {
        return answered(
                post(
                        "/v1/agents/" + Query.encode(agent) + ":move",
                        Json.object().put("to", version)));
    }

    /// @param filter any of `agent`, `limit`, `cursor`
    public Page<JsonNode> trouble(Map<String, String> filter) {
        return page("/v1/trouble", filter);
    }

    public void redrive(String session) {
        transport.exchange(
                post("/v1/sessions/" + Query.encode(session) + ":redrive", Json.object()));
    }

    /// @param wish any of `agent`, `after`, `limit`, `per_second`
    public JsonNode redriveSome(JsonNode wish) {
        return answered(Call.once("POST", "/v1/trouble:redrive", wish));
    }

    // ---- schedules

    /// @param filter any of `agent`, `limit`, `cursor`
    public Page<JsonNode> schedules(Map<String, String> filter) {
        return page("/v1/schedules", filter);
    }

    public JsonNode schedule(String name) {
        return get("/v1/schedules/" + Query.encode(name), Map.of());
    }

    /// @param verb `pause`, `resume`, `trigger` or `backfill`
    public JsonNode schedule(String name, String verb, JsonNode body) {
        return answered(
                post("/v1/schedules/" + Query.encode(name) + ":" + verb, body)
                        .with("Idempotency-Key", UUID.randomUUID().toString()));
    }

    public JsonNode nextTimes(String name, int count) {
        return get(
                "/v1/schedules/" + Query.encode(name) + "/next",
                Map.of("count", Integer.toString(count)));
    }

    // ---- events

    /// @param filter any of `limit`, `cursor`
    public Page<JsonNode> triggers(Map<String, String> filter) {
        return page("/v1/triggers", filter);
    }

    public JsonNode trigger(String name) {
        return get("/v1/triggers/" + Query.encode(name), Map.of());
    }

    /// @param id the same one counts once; absent: a new one
    public JsonNode event(String name, JsonNode body, @Nullable String id) {
        return answered(
                post("/v1/events/" + Query.encode(name), body)
                        .with("Idempotency-Key", id == null ? UUID.randomUUID().toString() : id));
    }

    private static Call post(String path, JsonNode body) {
        return Call.repeatable("POST", path, body);
    }

    private JsonNode get(String path, Map<String, String> filter) {
        return answered(Call.get(path + Query.of(filter)));
    }

    private Page<JsonNode> page(String path, Map<String, String> filter) {
        var body = get(path, filter);
        var next = body.path("next").asString("");
        return new Page<>(List.copyOf(body.path("items").values()), next.isEmpty() ? null : next);
    }

    private JsonNode answered(Call call) {
        return requireNonNull(transport.exchange(call), "the server sent an empty answer");
    }
}
