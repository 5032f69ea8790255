package dev.remit.gateway.wire;

import java.util.Map;
import java.util.Set;

/// What must be known of a request of Messages.
final class MessagesFacts {
    /// Tools that run where the client is, or are only described; all others read more than the
    /// body has.
    private static final Set<String> CLIENT_TOOLS =
            Set.of("custom", "bash", "text_editor", "computer", "memory");

    private final byte[] body;
    private final Found found = new Found();
    private String tier = "";
    private String place = "";
    private boolean firstFound;
    private int firstFrom = -1;

    private MessagesFacts(byte[] body) {
        this.body = body;
        found.usageInStream = true; // it is always told
    }

    static Facts of(byte[] body) throws BadRequest {
        var facts = new MessagesFacts(body);
        Scan.over(body, facts::take);
        return facts.done();
    }

    private Facts done() throws BadRequest {
        if (found.turns == 0) {
            throw new BadRequest("`messages` is missing: give a list of at least one message.");
        }
        // what is dearer must not pass for the usual
        var dearer = tier.isEmpty() ? place : place.isEmpty() ? tier : tier + "+" + place;
        if (!dearer.isEmpty()) {
            found.serviceTier = dearer;
        }
        return found.facts(body.length);
    }

    private void take(String name, Scan value) throws BadRequest {
        switch (name) {
            case "model" -> found.model = value.text(name);
            case "stream" -> found.stream = value.flag(name);
            case "max_tokens" -> found.maxOutput = value.whole(name, 0);
            case "messages" -> messages(value);
            case "system" -> system(value);
            case "tools" -> tools(value);
            case "output_config" ->
                    value.members((option, format) ->
                            found.structured |= option.equals("format") && !format.isNull());
            case "output_format" -> found.structured = !value.isNull();
            case "service_tier" -> found.serviceTier = value.text(name);
            case "speed" -> tier = "fast".equals(value.text(name)) ? "fast" : "";
            case "inference_geo" -> place = "us".equals(value.text(name)) ? "us" : "";
            case "metadata" -> {
                var words = value.words(name);
                found.metadata = Map.copyOf(words);
                found.user = words.get("user_id");
            }
            case "cache_control" -> cache(value);
            case "container" -> found.bounded &= value.isNull();
            case "mcp_servers" -> found.bounded &= value.count() == 0;
            default -> {}
        }
    }

    private void cache(Scan value) throws BadRequest {
        value.members((name, ttl) ->
                found.longCache |= name.equals("ttl") && "1h".equals(ttl.text("ttl")));
    }

    private void system(Scan value) throws BadRequest {
        var from = value.from();
        value.elements((_, block) -> block(block));
        found.prefix.system(body, new Scan.Range(from, value.to()));
    }

    private void tools(Scan value) throws BadRequest {
        if (!value.isList()) {
            return;
        }
        var from = value.from();
        found.tools = value.elements((_, tool) -> tool.members(this::tool));
        found.prefix.tools(body, new Scan.Range(from, value.to()));
    }

    private void tool(String name, Scan value) throws BadRequest {
        if (name.equals("cache_control")) {
            cache(value);
        } else if (name.equals("type")) {
            var type = String.valueOf(value.text("type"));
            var kind = type.replaceFirst("_\\d{8}$", "");
            found.bounded &= CLIENT_TOOLS.contains(kind);
        }
    }

    // ---- messages

    private void messages(Scan value) throws BadRequest {
        if (!value.isList()) {
            throw value.wrong("messages", "a list");
        }
        found.turns = value.elements(this::message);
    }

    private void message(int index, Scan message) throws BadRequest {
        if (!message.isObject()) {
            throw message.wrong("messages[" + index + "]", "an object");
        }
        var from = firstFound ? 0 : message.from();
        firstFrom = firstFrom < 0 ? from : firstFrom;
        var isUser = new boolean[1];
        message.members((name, value) -> {
            if (name.equals("role")) {
                isUser[0] = "user".equals(value.text("role"));
            } else if (name.equals("content")) {
                value.elements((_, block) -> block(block));
            }
        });
        if (!firstFound && isUser[0]) {
            firstFound = true;
            found.prefix.first(body, new Scan.Range(firstFrom, message.to()));
        }
    }

    private void block(Scan block) throws BadRequest {
        var type = new String[] {"", "", ""}; // of the block, of its source, of the data
        var bytes = new long[1];
        block.members((name, value) -> {
            switch (name) {
                case "type" -> type[0] = String.valueOf(value.text("type"));
                case "source" -> bytes[0] = source(value, type);
                case "content" -> value.elements((_, inner) -> block(inner));
                case "cache_control" -> cache(value);
                default -> {}
            }
        });
        switch (type[0]) {
            case "image", "document" -> {
                media(type, bytes[0]);
                var kept = type[1].equals("file");
                found.bounded &= !kept && !(type[0].equals("document") && type[1].equals("url"));
            }
            case "container_upload" -> found.bounded = false;
            default -> {}
        }
    }

    private void media(String[] type, long bytes) {
        if (type[0].equals("image")) {
            found.media.picture(type[1].equals("base64") ? bytes : 0);
        } else if (!type[1].equals("text") && !type[1].equals("content")) {
            found.media.add(type[2], bytes);
        }
    }

    /// @return bytes of its base64
    private long source(Scan source, String[] type) throws BadRequest {
        var bytes = new long[1];
        source.members((name, value) -> {
            switch (name) {
                case "type" -> type[1] = String.valueOf(value.text("source.type"));
                case "media_type" -> type[2] = String.valueOf(value.text("source.media_type"));
                case "data" -> bytes[0] = value.base64();
                case "content" -> value.elements((_, inner) -> block(inner));
                default -> {}
            }
        });
        return bytes[0];
    }
}
