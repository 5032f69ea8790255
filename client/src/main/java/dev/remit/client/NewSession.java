package dev.remit.client;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is asked for when a session is opened.
///
/// @param agent name in the registry
/// @param version hash of a version; absent: the newest
/// @param recording replies to replay, by agent
/// @param budget such as `0.50 USD`
/// @param priority from -9 to 9, the higher the sooner; absent: 0
public record NewSession(
        String agent,
        @Nullable String version,
        JsonNode input,
        @Nullable ModelChoice models,
        @Nullable JsonNode recording,
        @Nullable String budget,
        @Nullable Integer priority) {
    /// One of the usual priority.
    public NewSession(
            String agent,
            @Nullable String version,
            JsonNode input,
            @Nullable ModelChoice models,
            @Nullable JsonNode recording,
            @Nullable String budget) {
        this(agent, version, input, models, recording, budget, null);
    }

    ObjectNode body() {
        var body = Json.object().put("agent", agent);
        body.set("input", input);
        if (version != null) {
            body.put("version", version);
        }
        if (models != null) {
            body.set("models", Json.tree(models));
        }
        if (recording != null) {
            body.set("recording", recording);
        }
        if (budget != null) {
            body.put("budget", budget);
        }
        if (priority != null) {
            body.put("priority", priority);
        }
        return body;
    }
}
