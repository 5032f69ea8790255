package dev.remit.server.api;

import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.session.Event;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.Waiting;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/// How values look from outside: contents stand where they belong, words are in lower case.
final class ApiJson {
    private static final JsonMapper MAPPER =
            Json.mapper()
                    .rebuild()
                    .addModule(
                            new SimpleModule("api")
                                    .addSerializer(new ContentAsItself())
                                    .addSerializer(new EnumAsWord()))
                    .build();

    private ApiJson() {}

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    static JsonNode waiting(Waiting waiting) {
        return MAPPER.readTree(MAPPER.writerFor(Waiting.class).writeValueAsBytes(waiting));
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /// An event as the API shows it.
    static ObjectNode event(Recorded recorded) {
        var shown =
                Json.object()
                        .put("session", recorded.session().toString())
                        .put("seq", recorded.seq())
                        .put("epoch", recorded.epoch())
                        .put("at", recorded.at().toString());
        var event = MAPPER.writerFor(Event.class).writeValueAsBytes(recorded.event());
        shown.set("event", MAPPER.readTree(event));
        return shown;
    }

    private static final class ContentAsItself extends StdSerializer<Content> {
        ContentAsItself() {
            super(Content.class);
        }

        @Override
        public void serialize(Content content, JsonGenerator json, SerializationContext context) {
            json.writeTree(content.value());
        }

        @Override
        public void serializeWithType(
                Content content,
                JsonGenerator json,
                SerializationContext context,
                TypeSerializer types) {
            serialize(content, json, context);
        }
    }

    /// Enums that have a form of their own, such as [dev.remit.core.tool.Tier], keep it.
    @SuppressWarnings("rawtypes")
    private static final class EnumAsWord extends StdSerializer<Enum> {
        EnumAsWord() {
            super(Enum.class);
        }

        @Override
        public void serialize(Enum value, JsonGenerator json, SerializationContext context) {
            if (value instanceof dev.remit.core.tool.Tier tier) {
                json.writeNumber(tier.number());
            } else {
                json.writeString(value.name().toLowerCase(Locale.ROOT));
            }
        }
    }
}
