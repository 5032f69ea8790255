package dev.remit.core.start;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a folder says about when its agent or workflow is started.
///
/// @param schedules as they were written, by name
/// @param triggers likewise
public record Starts(Map<String, JsonNode> schedules, Map<String, JsonNode> triggers) {
    public static final Starts NONE = new Starts(Map.of(), Map.of());

    public Starts {
        schedules = Map.copyOf(schedules);
        triggers = Map.copyOf(triggers);
    }

    public boolean isEmpty() {
        return schedules.isEmpty() && triggers.isEmpty();
    }
}
