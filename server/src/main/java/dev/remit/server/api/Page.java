package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.http.server.Reply;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// A part of a list, and where the next part begins.
final class Page {
    static final int LIMIT = 50;
    static final int MOST = 500;

    private Page() {}

    /// @param fetched one more than `limit`, if there are more
    /// @param cursor names the last item of the page, so that the next page begins behind it
    static <T> Reply reply(
            List<T> fetched, int limit, Function<T, JsonNode> shown, Function<T, String> cursor) {
        var page = fetched.size() > limit ? fetched.subList(0, limit) : fetched;
        var body = Json.object();
        var items = body.putArray("items");
        page.forEach(item -> items.add(shown.apply(item)));
        if (fetched.size() > limit) {
            body.put("next", cursor.apply(page.getLast()));
        }
        return Reply.ok(body);
    }
}
