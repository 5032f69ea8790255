package dev.remit.gateway.route;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What routing must know of a request.
///
/// @param route as the client names it: a route, or `provider/model`
/// @param inputTokens of the prompt, as well as they are known: with them it is decided whether the
///   request fits in a window. A bound far above the truth keeps fitting targets away
/// @param outputTokens the cap that will hold; 0 if there is none
/// @param bytes of the body
/// @param tools how many are offered
/// @param images how many pictures, documents and sounds
/// @param messages how many
/// @param json whether the answer must be JSON
/// @param tags from the client's headers
/// @param team who pays; absent: the organisation
/// @param key id of the key
/// @param model as the client names it, if that is not the route
/// @param prefix hash of what stays the same over a conversation; 0 if there is none
public record Asked(
        String route,
        long inputTokens,
        long outputTokens,
        long bytes,
        int tools,
        int images,
        int messages,
        boolean stream,
        boolean json,
        Map<String, String> tags,
        @Nullable String team,
        @Nullable String agent,
        String key,
        String model,
        long prefix) {
    public Asked {
        tags = Map.copyOf(tags);
    }

    /// As conditions see it, see [dev.remit.core.settings.Conditions#REQUEST].
    public Map<String, Object> values() {
        var values = new HashMap<String, Object>(32);
        values.put("tokens", inputTokens);
        values.put("bytes", bytes);
        values.put("tools", (long) tools);
        values.put("images", (long) images);
        values.put("messages", (long) messages);
        values.put("stream", stream);
        values.put("json", json);
        values.put("tags", tags);
        values.put("team", team == null ? "" : team);
        values.put("agent", agent == null ? "" : agent);
        values.put("key", key);
        values.put("route", route);
        values.put("model", model);
        return values;
    }
}
