package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which models a vendor serves, as each says it: all of them, or one.
///
/// Source: each vendor's API reference, "Models".
final class ModelList {
    private static final long CREATED = 1_700_000_000L;
    private static final String CREATED_TEXT = "2023-11-14T22:13:20Z";

    private ModelList() {}

    static JsonNode all(String vendor, List<String> models) {
        var list = Json.object();
        switch (vendor) {
            case "anthropic" -> {
                var data = list.putArray("data");
                models.forEach(m -> data.add(one(vendor, m)));
                list.put("has_more", false)
                        .put("first_id", models.isEmpty() ? null : models.getFirst())
                        .put("last_id", models.isEmpty() ? null : models.getLast());
            }
            case "gemini" -> {
                var data = list.putArray("models");
                models.forEach(m -> data.add(one(vendor, m)));
            }
            default -> {
                var data = list.put("object", "list").putArray("data");
                models.forEach(m -> data.add(one(vendor, m)));
            }
        }
        return list;
    }

    static ObjectNode one(String vendor, String model) {
        var one = Json.object();
        switch (vendor) {
            case "anthropic" ->
                    one.put("type", "model")
                            .put("id", model)
                            .put("display_name", model)
                            .put("created_at", CREATED_TEXT);
            case "gemini" -> {
                one.put("name", "models/" + model)
                        .put("version", "001")
                        .put("displayName", model)
                        .put("inputTokenLimit", 1_048_576)
                        .put("outputTokenLimit", 65_536);
                var methods = one.putArray("supportedGenerationMethods");
                List.of("generateContent", "countTokens", "embedContent").forEach(methods::add);
            }
            default ->
                    one.put("id", model)
                            .put("object", "model")
                            .put("created", CREATED)
                            .put("owned_by", "fake");
        }
        return one;
    }
}
