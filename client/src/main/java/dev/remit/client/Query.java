package dev.remit.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Parts of a URL, encoded.
final class Query {
    private Query() {}

    /// Such as `?by=team&since=1d`; empty if there is nothing.
    static String of(Map<String, String> parameters) {
        var query = new StringBuilder();
        new TreeMap<>(parameters)
                .forEach((name, value) ->
                        query.append(query.isEmpty() ? '?' : '&')
                                .append(name)
                                .append('=')
                                .append(encode(value)));
        return query.toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
