package dev.remit.core.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// A dispatcher written as one word, as the command line has it.
final class DispatcherAddress {
    static final Pattern TARGET = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:]+]):(\\d{1,5})");
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");
    static final String RIGHT =
            "local, or temporal://host:port/namespace, such as"
                    + " temporal://127.0.0.1:7233/remit?task_queue=remit&tls=true";

    private DispatcherAddress() {}

    static DispatcherChoice parse(String text) {
        if (text.equals("local")) {
            return new DispatcherChoice.Local();
        }
        try {
            var uri = new URI(text);
            if ("temporal".equals(uri.getScheme()) && uri.getRawUserInfo() == null) {
                return temporal(uri);
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw wrong(text);
    }

    private static DispatcherChoice.Temporal temporal(URI uri) {
        var target = uri.getRawAuthority();
        var path = uri.getPath();
        var namespace = path.length() > 1 ? path.substring(1) : DispatcherChoice.Temporal.NAMESPACE;
        var options = options(uri);
        var queue = options.getOrDefault("task_queue", DispatcherChoice.Temporal.TASK_QUEUE);
        boolean tls = options.getOrDefault("tls", "false").equals("true");
        if (target == null
                || !isTarget(target)
                || !NAME.matcher(namespace).matches()
                || !NAME.matcher(queue).matches()) {
            throw wrong(uri.toString());
        }
        return new DispatcherChoice.Temporal(
                target,
                namespace,
                queue,
                options.get("credential"),
                tls || options.containsKey("credential") ? DispatcherChoice.Tls.USUAL : null);
    }

    private static Map<String, String> options(URI uri) {
        var options = new HashMap<String, String>();
        var query = uri.getQuery();
        for (var word : query == null ? new String[0] : query.split("&")) {
            int equals = word.indexOf('=');
            var name = equals < 0 ? word : word.substring(0, equals);
            switch (name) {
                case "task_queue", "tls", "credential" ->
                        options.put(name, equals < 0 ? "true" : word.substring(equals + 1));
                default -> throw wrong(uri.toString());
            }
        }
        return options;
    }

    static boolean isTarget(String text) {
        var parts = TARGET.matcher(text);
        return parts.matches()
                && Integer.parseInt(parts.group(2)) > 0
                && Integer.parseInt(parts.group(2)) <= 65_535;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(text + " names no dispatcher; it is " + RIGHT);
    }
}
