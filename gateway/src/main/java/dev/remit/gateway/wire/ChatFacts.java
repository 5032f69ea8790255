package dev.remit.gateway.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What must be known of a request of Chat Completions.
final class ChatFacts {
    private static final int MOST_ANSWERS = 128;
    private final byte[] body;
    private final Found found = new Found();
    private @Nullable Integer oldCap;
    private @Nullable Integer newCap;
    private boolean hasMessages;
    private boolean firstFound;
    private int firstFrom = -1;

    private ChatFacts(byte[] body) {
        this.body = body;
    }

    static Facts of(byte[] body) throws BadRequest {
        var facts = new ChatFacts(body);
        Scan.over(body, facts::take);
        return facts.done();
    }

    private Facts done() throws BadRequest {
        if (!hasMessages || found.turns == 0) {
            throw new BadRequest("`messages` is missing: give a list of at least one message.");
        }
        // a server may know but one of the names: the larger of both bounds what it takes
        found.maxOutput = larger(oldCap, newCap);
        return found.facts(body.length);
    }

    static @Nullable Integer larger(@Nullable Integer one, @Nullable Integer other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.max(one, other);
    }

    private void take(String name, Scan value) throws BadRequest {
        switch (name) {
            case "model" -> found.model = value.text(name);
            case "stream" -> found.stream = value.flag(name);
            case "stream_options" -> value.members(this::streamOption);
            case "max_tokens" -> oldCap = value.whole(name, 1);
            case "max_completion_tokens" -> newCap = value.whole(name, 1);
            case "n" -> answers(value);
            case "messages" -> messages(value);
            case "tools", "functions" -> tools(value);
            case "response_format" -> value.members(this::format);
            case "service_tier" -> found.serviceTier = value.text(name);
            case "user" -> found.user = value.text(name);
            case "safety_identifier" -> {
                var identifier = value.text(name);
                found.user = found.user == null ? identifier : found.user;
            }
            case "metadata" -> found.metadata = Map.copyOf(value.words(name));
            // the vendor reads more than the body has, or chooses another model
            case "audio" -> found.bounded &= value.isNull(); // what it says aloud has no price
            case "web_search_options", "plugins", "models" -> found.bounded &= value.isNull();
            default -> {}
        }
    }

    private void streamOption(String name, Scan value) throws BadRequest {
        if (name.equals("include_usage")) {
            found.usageInStream = value.flag("stream_options.include_usage");
        }
    }

    private void answers(Scan value) throws BadRequest {
        var answers = value.whole("n", 1);
        if (answers != null && answers > MOST_ANSWERS) {
            throw new BadRequest("`n` must be at most " + MOST_ANSWERS + ".");
        }
        found.answers = answers == null ? 1 : answers;
    }

    private void tools(Scan value) throws BadRequest {
        if (!value.isList()) {
            return;
        }
        var from = value.from();
        found.tools += value.count();
        found.prefix.tools(body, new Scan.Range(from, value.to()));
    }

    private void format(String name, Scan value) throws BadRequest {
        if (name.equals("type")) {
            found.structured = !"text".equals(value.text("response_format.type"));
        }
    }

    // ---- messages

    private void messages(Scan value) throws BadRequest {
        if (!value.isList()) {
            throw value.wrong("messages", "a list");
        }
        hasMessages = true;
        found.turns = value.elements((_, message) -> message(message));
    }

    private void message(Scan message) throws BadRequest {
        if (!message.isObject()) {
            throw message.wrong("messages[" + found.turns + "]", "an object");
        }
        var from = firstFound ? 0 : message.from();
        firstFrom = firstFrom < 0 ? from : firstFrom;
        var isUser = new boolean[1];
        message.members((name, value) -> {
            switch (name) {
                case "role" -> isUser[0] = "user".equals(value.text("role"));
                case "content" -> value.elements((_, part) -> part(part));
                case "audio" -> found.bounded &= value.isNull();
                default -> {}
            }
        });
        if (!firstFound && isUser[0]) {
            firstFound = true;
            found.prefix.first(body, new Scan.Range(firstFrom, message.to()));
        }
    }

    private void part(Scan part) throws BadRequest {
        var bytes = new long[1];
        var type = new String[] {"", ""}; // of the part, of its sound
        part.members((name, value) -> {
            switch (name) {
                case "type" -> type[0] = String.valueOf(value.text("type"));
                case "image_url" -> bytes[0] = picture(value);
                case "input_audio" ->
                        value.members((field, format) -> {
                            if (field.equals("format")) {
                                type[1] = "audio/" + format.text(field);
                            }
                        });
                case "file" ->
                        value.members((field, id) ->
                                found.bounded &= !field.equals("file_id") || id.isNull());
                default -> {}
            }
        });
        switch (type[0]) {
            case "image_url" -> found.media.picture(bytes[0]);
            case "input_audio" -> found.media.add(type[1].isEmpty() ? "audio/" : type[1], 0);
            case "file" -> found.media.packed();
            default -> {}
        }
    }

    /// @return bytes of its base64, if it is one and in the body
    private long picture(Scan value) throws BadRequest {
        var bytes = new long[] {inline(value)};
        value.members((name, url) -> bytes[0] += name.equals("url") ? inline(url) : 0);
        return bytes[0];
    }

    private static long inline(Scan url) {
        return url.startsWith("data:image/") ? url.base64() : 0;
    }
}
