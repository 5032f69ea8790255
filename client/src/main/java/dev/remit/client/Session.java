package dev.remit.client;

import dev.remit.core.money.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A session as the server shows it. Keeps the whole resource, fields this client does not know
/// too.
public record Session(JsonNode json) {
    public String id() {
        return json.path("id").asString("");
    }

    /// The name of what it runs.
    public String agent() {
        return json.path("agent").asString("");
    }

    public String version() {
        return json.path("version").asString("");
    }

    /// `agent` or `workflow`.
    public String kind() {
        return json.path("kind").asString("agent");
    }

    /// `running`, `idle` or `closed`.
    public String status() {
        return json.path("status").asString("");
    }

    public boolean isClosed() {
        return status().equals("closed");
    }

    /// What an idle session waits for: `message`, `timer`, `session`, `budget` or `trouble`; empty
    /// if it does not wait.
    public String waitingFor() {
        return json.path("waiting").path("for").asString("");
    }

    /// Whether nothing happens before a person does something.
    public boolean needsPerson() {
        return status().equals("idle")
                && List.of("message", "budget", "trouble", "approval").contains(waitingFor());
    }

    /// What an idle session waits for, in words.
    public String waitingWhy() {
        return json.path("waiting").path("why").asString("");
    }

    /// `completed`, `no_work`, `failed`, `denied`, `cancelled` or `killed`; empty while it goes on.
    public String stopReason() {
        return json.path("stop_reason").asString("");
    }

    /// `unverified`, `good` or `not_good`.
    public String outcome() {
        return json.path("outcome").path("status").asString("unverified");
    }

    public List<String> outcomeReasons() {
        return json.path("outcome").path("reasons").values().stream()
                .map(r -> r.asString(""))
                .toList();
    }

    public String why() {
        return json.path("why").asString("");
    }

    /// The sessions that carry out its actions.
    public List<Child> children() {
        return json.path("children").values().stream()
                .map(c ->
                        new Child(
                                c.path("action").asString(""),
                                c.path("session").asString(""),
                                c.path("agent").asString("")))
                .toList();
    }

    public @Nullable Instant openedAt() {
        return instant("opened_at");
    }

    public @Nullable Instant updatedAt() {
        return instant("updated_at");
    }

    public int turns() {
        return json.path("turns").asInt(0);
    }

    public Usage usage() {
        var u = json.path("usage");
        return new Usage(
                u.path("input").asLong(0),
                u.path("cache_read").asLong(0),
                u.path("cache_write").asLong(0),
                u.path("output").asLong(0),
                u.path("reasoning").asLong(0));
    }

    /// In millionths; absent if nothing with a known price was used.
    public @Nullable Long costMicros() {
        var cost = json.path("cost_micros");
        return cost.isNumber() ? cost.asLong() : null;
    }

    /// Who served the models; empty if nobody is known yet.
    public String provider() {
        return json.path("provider").asString("");
    }

    /// The model that answered last; empty if none has.
    public String model() {
        return json.path("model").asString("");
    }

    public @Nullable JsonNode output() {
        var output = json.get("output");
        return output == null || output.isNull() ? null : output;
    }

    /// The number of its newest event.
    public long head() {
        return json.path("head").asLong(0);
    }

    private @Nullable Instant instant(String field) {
        var text = json.path(field).asString("");
        return text.isEmpty() ? null : Instant.parse(text);
    }

    /// @param action of the parent
    /// @param agent as in the registry
    public record Child(String action, String session, String agent) {}
}
