package dev.remit.client;

import static java.util.Objects.requireNonNull;

import dev.remit.client.Transport.Call;
import dev.remit.core.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Remit's API as Java methods. Every method throws [ApiException] if the server says no and
/// [UnreachableException] if no answer came. Safe for use by many threads.
public final class RemitClient implements AutoCloseable {
    private final Transport transport;
    private final Duration patience;

    public RemitClient(Address address) {
        this(() -> address, Duration.ofSeconds(10));
    }

    /// @param address asked before every attempt: a server that comes back may listen elsewhere
    /// @param patience how long to wait for a server that is away
    public RemitClient(Supplier<Address> address, Duration patience) {
        this.transport = new Transport(address, patience);
        this.patience = patience;
    }

    /// Keys, teams, budgets, the ledger, routes and prices.
    public Administration administration() {
        return new Administration(transport);
    }

    /// Schedules, events, and what steers sessions that run.
    public Steering steering() {
        return new Steering(transport);
    }

    /// @return `status`, `build`, `pid`
    public JsonNode health() {
        return get("/health");
    }

    /// Makes immutable versions of an agent's or workflow's files; unchanged ones stay.
    ///
    /// @param files text by path within the folder
    /// @param dryRun only says what would be
    /// @throws ApiException with [ApiException#faults] if a file is bad; nothing is applied then
    public JsonNode apply(Map<String, String> files, boolean dryRun) {
        var body = Json.object();
        body.set("files", Json.tree(files));
        body.put("dry_run", dryRun);
        return answered(Call.repeatable("POST", "/v1/agents", body));
    }

    public Page<JsonNode> agents(@Nullable String cursor) {
        return page(get("/v1/agents" + query("cursor", cursor)), item -> item);
    }

    public JsonNode agent(String name) {
        return get("/v1/agents/" + encode(name));
    }

    public Page<JsonNode> versions(String name) {
        return page(get("/v1/agents/" + encode(name) + "/versions"), item -> item);
    }

    /// Opens a session. A lost connection does not open it twice.
    ///
    /// @param idempotencyKey the same key and request give the same session; absent: a new one
    public Session open(NewSession request, @Nullable String idempotencyKey) {
        var key = idempotencyKey == null ? UUID.randomUUID().toString() : idempotencyKey;
        return new Session(
                answered(
                        Call.repeatable("POST", "/v1/sessions", request.body())
                                .with("Idempotency-Key", key)));
    }

    public Session session(String id) {
        return new Session(get("/v1/sessions/" + encode(id)));
    }

    /// @param filter any of `status`, `agent`, `parent`, `limit`, `cursor`
    public Page<Session> sessions(Map<String, String> filter) {
        var pairs = new ArrayList<@Nullable String>();
        filter.forEach((name, value) -> {
            pairs.add(name);
            pairs.add(value);
        });
        return page(get("/v1/sessions" + query(pairs.toArray(String[]::new))), Session::new);
    }

    /// @param after the number of an event; those behind it are given
    public Page<SessionEvent> events(String id, long after, int limit) {
        var path = "/v1/sessions/" + encode(id) + "/events";
        return page(get(path + "?after=" + after + "&limit=" + limit), SessionEvent::new);
    }

    /// The events behind `after` and all that are to come.
    public Following follow(String id, long after) {
        return new Following(transport, encode(id), after, patience, false);
    }

    /// The same, and the words of models while they are said.
    public Following followWords(String id, long after) {
        return new Following(transport, encode(id), after, patience, true);
    }

    public void message(String id, String text) {
        var body = Json.object().put("type", "message").put("text", text);
        transport.exchange(
                Call.once("POST", "/v1/sessions/" + encode(id) + "/events", body)
                        .with("Idempotency-Key", UUID.randomUUID().toString()));
    }

    /// Tells a workflow of something that happened.
    ///
    /// @param body absent: null
    public void event(String id, String name, @Nullable JsonNode body) {
        var sent = Json.object().put("type", "event").put("name", name);
        if (body != null) {
            sent.set("body", body);
        }
        transport.exchange(
                Call.once("POST", "/v1/sessions/" + encode(id) + "/events", sent)
                        .with("Idempotency-Key", UUID.randomUUID().toString()));
    }

    /// The questions that wait for an answer.
    ///
    /// @param session only those of it and of all that works for it; absent: all
    public Page<JsonNode> approvals(@Nullable String session, @Nullable String cursor) {
        return page(
                get("/v1/approvals" + query("session", session, "cursor", cursor)), item -> item);
    }

    /// Answers a question. It is never sent twice: the second would be refused.
    ///
    /// @param digest of what was shown; absent: it is not compared
    /// @throws ApiException 409 if it was answered already, or it is too late
    public JsonNode answer(
            String approval, boolean yes, @Nullable String note, @Nullable String digest) {
        var body = Json.object();
        if (note != null) {
            body.put("note", note);
        }
        if (digest != null) {
            body.put("digest", digest);
        }
        return answered(
                Call.once(
                        "POST",
                        "/v1/approvals/" + encode(approval) + (yes ? ":approve" : ":reject"),
                        body));
    }

    /// A workflow as a picture: `text` and `svg`.
    public JsonNode drawing(String workflow) {
        return get("/v1/agents/" + encode(workflow) + "/drawing");
    }

    public void cancel(String id, @Nullable String why) {
        var body = Json.object();
        if (why != null) {
            body.put("why", why);
        }
        transport.exchange(verb(id, "cancel", body));
    }

    /// Says whether an action in doubt happened.
    ///
    /// @param action absent: the only one in doubt
    public void resolve(String id, @Nullable String action, boolean happened) {
        var body = Json.object().put("happened", happened);
        if (action != null) {
            body.put("action", action);
        }
        transport.exchange(verb(id, "resolve", body));
    }

    /// @param budget the new limit, such as `1 USD`
    public void raise(String id, String budget) {
        transport.exchange(verb(id, "raise", Json.object().put("budget", budget)));
    }

    /// Exactly what the model was shown in a turn, from 1.
    public JsonNode prompt(String id, int turn) {
        return get("/v1/sessions/" + encode(id) + "/prompts/" + turn);
    }

    /// The replies of a session and its children, to be replayed.
    public JsonNode recording(String id) {
        return get("/v1/sessions/" + encode(id) + "/recording");
    }

    /// Gives the server a credential. It cannot be read back.
    public void credential(String name, String value) {
        transport.exchange(
                Call.repeatable(
                        "PUT",
                        "/v1/credentials/" + encode(name),
                        Json.object().put("value", value)));
    }

    /// Asks the server to stop; sessions go on when it starts again.
    public void stop() {
        transport.exchange(Call.once("POST", "/v1/server:stop", Json.object()));
    }

    @Override
    public void close() {
        transport.close();
    }

    private static Call verb(String id, String verb, JsonNode body) {
        return Call.repeatable("POST", "/v1/sessions/" + encode(id) + ":" + verb, body);
    }

    private JsonNode get(String path) {
        return answered(Call.get(path));
    }

    private JsonNode answered(Call call) {
        return requireNonNull(transport.exchange(call), "the server sent an empty answer");
    }

    private static <T> Page<T> page(JsonNode body, Function<JsonNode, T> read) {
        List<T> items = body.path("items").values().stream().map(read).toList();
        var next = body.path("next").asString("");
        return new Page<>(items, next.isEmpty() ? null : next);
    }

    private static String query(@Nullable String... pairs) {
        var query = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            var value = pairs[i + 1];
            if (value != null) {
                query.append(query.isEmpty() ? '?' : '&').append(pairs[i]).append('=');
                query.append(encode(value));
            }
        }
        return query.toString();
    }

    private static String encode(@Nullable String text) {
        return URLEncoder.encode(requireNonNull(text), StandardCharsets.UTF_8).replace("+", "%20");
    }
}
