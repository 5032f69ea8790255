package dev.remit.client;

import static java.util.Objects.requireNonNull;

import dev.remit.client.Transport.Call;
import dev.remit.core.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Keys, teams, budgets, the ledger, routes and prices, as Java methods. Resources come as the API
/// shows them. Throws as [RemitClient] does.
public final class Administration {
    private final Transport transport;

    Administration(Transport transport) {
        this.transport = transport;
    }

    /// Makes a key; `key` of the answer is the key itself, which can never be read again.
    ///
    /// @param wish as `NewKey` in the API's description
    public JsonNode createKey(JsonNode wish) {
        return answered(Call.once("POST", "/v1/keys", wish));
    }

    /// @param filter any of `team`, `agent`, `revoked`, `limit`, `cursor`
    public Page<JsonNode> keys(Map<String, String> filter) {
        return page("/v1/keys", filter);
    }

    /// Takes a key back; when this returns, no node accepts it.
    public JsonNode revokeKey(String id) {
        return answered(
                Call.repeatable("POST", "/v1/keys/" + Query.encode(id) + ":revoke", Json.object()));
    }

    /// The servers on one database: `items`, the oldest first.
    public JsonNode nodes() {
        return get("/v1/nodes", Map.of());
    }

    /// Has a node hand its sessions over and take no more, or take some again.
    ///
    /// @param id of a node, the beginning of one, or a name
    public void drainNode(String id, boolean drain) {
        transport.exchange(
                Call.repeatable(
                        "POST",
                        "/v1/nodes/" + Query.encode(id) + (drain ? ":drain" : ":resume"),
                        Json.object()));
    }

    public Page<JsonNode> teams(@Nullable String cursor) {
        return page("/v1/teams", cursor == null ? Map.of() : Map.of("cursor", cursor));
    }

    /// Enters a team, or describes it anew.
    public JsonNode putTeam(String name, @Nullable String description) {
        var body = Json.object();
        if (description != null) {
            body.put("description", description);
        }
        return answered(Call.repeatable("PUT", "/v1/teams/" + Query.encode(name), body));
    }

    public Page<JsonNode> principals(@Nullable String cursor) {
        return page("/v1/principals", cursor == null ? Map.of() : Map.of("cursor", cursor));
    }

    /// @param principal such as `person:ada@example.org`
    /// @throws ApiException with status 404 if nobody knows it
    public JsonNode principal(String principal) {
        return get(path(principal), Map.of());
    }

    /// Enters a principal, with exactly these roles.
    ///
    /// @param roles objects with `role`, and `team` if it is held over one team alone
    public JsonNode putPrincipal(String principal, List<JsonNode> roles) {
        var body = Json.object();
        body.putArray("roles").addAll(roles);
        return answered(Call.repeatable("PUT", path(principal), body));
    }

    private static String path(String principal) {
        var colon = principal.indexOf(':');
        return "/v1/principals/"
                + Query.encode(principal.substring(0, Math.max(0, colon)))
                + "/"
                + Query.encode(principal.substring(colon + 1));
    }

    /// What is in force of `remit.yaml`.
    public JsonNode settings() {
        return get("/v1/settings", Map.of());
    }

    /// @param scope such as `team:growth`; absent: all
    public JsonNode budgets(@Nullable String scope) {
        return get("/v1/budgets", scope == null ? Map.of() : Map.of("scope", scope));
    }

    /// @param wish with `scope`, `budget`, and, if wanted, `hard` and `thresholds`
    public JsonNode setBudget(JsonNode wish) {
        return answered(Call.repeatable("PUT", "/v1/budgets", wish));
    }

    /// @param window such as `day`
    public void removeBudget(String scope, String window) {
        transport.exchange(
                Call.repeatable(
                        "DELETE",
                        "/v1/budgets" + Query.of(Map.of("scope", scope, "window", window)),
                        null));
    }

    /// @param filter `scope`, and any of `window`, `by`, `limit`
    public JsonNode topSpenders(Map<String, String> filter) {
        return get("/v1/budgets:top", filter);
    }

    /// @param filter any of `since`, `until`, `by`, `team` and the other dimensions, `limit`
    public JsonNode ledgerSums(Map<String, String> filter) {
        return get("/v1/ledger:sums", filter);
    }

    /// @param filter as that of [#ledgerSums], without `by`, with `cursor`
    public Page<JsonNode> ledger(Map<String, String> filter) {
        return page("/v1/ledger", filter);
    }

    /// All attempts of one call.
    public JsonNode call(String id) {
        return get("/v1/ledger/" + Query.encode(id), Map.of());
    }

    /// Compares the ledger with what a provider says was used.
    ///
    /// @param csv the provider's usage export
    /// @param provider absent: rows of all
    public JsonNode reconcile(String csv, @Nullable String provider) {
        var body = Json.object().put("csv", csv);
        if (provider != null) {
            body.put("provider", provider);
        }
        return answered(Call.repeatable("POST", "/v1/ledger:reconcile", body));
    }

    /// @param filter any of `provider`, `search`, `limit`
    public JsonNode models(Map<String, String> filter) {
        return get("/v1/models", filter);
    }

    public JsonNode routes() {
        return get("/v1/routes", Map.of());
    }

    /// Asks one target for a word, through the gateway: so it is paid for and in the ledger.
    ///
    /// @param target `provider/model`
    /// @param tokens the most that it may write
    /// @return the answer, as OpenAI's Chat Completions have it
    public JsonNode ask(String target, int tokens) {
        var body = Json.object().put("model", target).put("max_tokens", tokens);
        body.putArray("messages").addObject().put("role", "user").put("content", "Say: ok");
        return answered(Call.once("POST", "/openai/v1/chat/completions", body));
    }

    public JsonNode prices() {
        return get("/v1/prices", Map.of());
    }

    /// @param force also if it is older than the one in force
    public JsonNode updatePrices(JsonNode list, boolean force) {
        return answered(Call.repeatable("POST", "/v1/prices" + (force ? "?force=true" : ""), list));
    }

    /// Files of sessions that ended long ago, the newest first.
    public Page<JsonNode> archives(@Nullable String cursor) {
        return page("/v1/archives", cursor == null ? Map.of() : Map.of("cursor", cursor));
    }

    /// Archives what is due, now.
    public JsonNode runArchive() {
        return answered(Call.repeatable("POST", "/v1/archives:run", Json.object()));
    }

    /// What is wrong with the archive, in `faults`.
    public JsonNode verifyArchive() {
        return answered(Call.repeatable("POST", "/v1/archives:verify", Json.object()));
    }

    /// Puts an archived session and its family back into the database.
    public JsonNode restore(String session) {
        return answered(
                Call.repeatable(
                        "POST",
                        "/v1/sessions/" + Query.encode(session) + ":restore",
                        Json.object()));
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
