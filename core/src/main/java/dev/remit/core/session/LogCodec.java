package dev.remit.core.session;

import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/// How events, mail and states are written down and read back.
///
/// A small content stands in the body as `{"$":value}`. A large one is stored once a session as a
/// blob and stands there as `{"$blob":hash,"bytes":n}`, so an event that repeats a content costs
/// only its hash.
public final class LogCodec {
    /// The version that is written now. Every version ever written can be read, see [#upgrade].
    /// Tests alone set the property, for a node that is as if it were newer than the others.
    public static final int VERSION = Integer.getInteger("remit.log.version", 1);

    /// The version of a written [State]. Raise it whenever [State] or what folding makes of an
    /// event changes: older snapshots are ignored then and the log is folded from its beginning.
    public static final int STATE_VERSION = 5;

    /// Contents up to this many bytes stand in the body.
    static final int INLINE_BYTES = 1024;

    /// Messages up to this many bytes do. Less, since prompts name them again and again.
    static final int INLINE_MESSAGE_BYTES = 256;

    /// The fields that hold messages.
    private static final Set<String> MESSAGES = Set.of("message", "added", "fresh");

    private static final String INLINE = "$";
    private static final String BLOB = "$blob";
    private static final String BLOBS = "blobs";

    private static final JsonMapper MAPPER =
            Json.mapper()
                    .rebuild()
                    .addModule(
                            new SimpleModule("log")
                                    .addSerializer(new ContentSerializer(INLINE_BYTES))
                                    .addDeserializer(Content.class, new ContentDeserializer())
                                    .addSerializer(new PromptSerializer())
                                    .addDeserializer(Prompt.class, new PromptDeserializer()))
                    .build();

    private static final ObjectWriter EVENTS = MAPPER.writerFor(Event.class);
    private static final ObjectWriter MAILS = MAPPER.writerFor(Mail.class);
    private static final ObjectWriter STATES = MAPPER.writerFor(State.class);

    private LogCodec() {}

    /// A value as it is stored.
    ///
    /// @param body JSON text
    /// @param blobs contents that the body names by hash
    public record Encoded(String body, Map<Hash, byte[]> blobs) {
        public long bytes() {
            return body.length() + blobs.values().stream().mapToLong(b -> b.length).sum();
        }
    }

    /// @param value an [Event], a [Mail] or a [State]
    public static Encoded encode(Object value) {
        var blobs = new LinkedHashMap<Hash, byte[]>();
        var writer =
                switch (value) {
                    case Event e -> EVENTS;
                    case Mail m -> MAILS;
                    case State s -> STATES;
                    default ->
                            throw new IllegalArgumentException(
                                    "not an event, mail or state: " + value.getClass());
                };
        var body = writer.withAttribute(BLOBS, blobs).writeValueAsString(value);
        return new Encoded(body, blobs);
    }

    /// The tag of an event, such as `model_called`.
    public static String type(Event event) {
        return Json.parse(encode(event).body()).required("type").asString();
    }

    /// The blobs that a body names, so that they can be fetched before it is read.
    public static Set<Hash> blobs(JsonNode body) {
        var found = new LinkedHashSet<Hash>();
        collect(body, found);
        return found;
    }

    private static void collect(JsonNode node, Set<Hash> found) {
        if (node instanceof ObjectNode object) {
            if (object.has(INLINE)) {
                return;
            }
            var hash = object.get(BLOB);
            if (hash != null) {
                found.add(new Hash(hash.asString()));
                return;
            }
        }
        node.forEach(child -> collect(child, found));
    }

    /// @param version that the body was written in
    /// @param blobs gives the bytes of each blob the body names
    /// @throws UnknownLog if a newer program wrote it
    public static Event event(int version, JsonNode body, Function<Hash, byte @Nullable []> blobs) {
        return read(upgrade(version, body), Event.class, blobs);
    }

    public static Mail mail(JsonNode body, Function<Hash, byte @Nullable []> blobs) {
        return read(body, Mail.class, blobs);
    }

    public static State state(JsonNode body, Function<Hash, byte @Nullable []> blobs) {
        return read(body, State.class, blobs);
    }

    private static <T> T read(
            JsonNode body, Class<T> type, Function<Hash, byte @Nullable []> blobs) {
        try {
            return MAPPER.readerFor(type).withAttribute(BLOBS, blobs).readValue(body);
        } catch (InvalidTypeIdException | UnrecognizedPropertyException e) {
            // what a database did not lose or damage, a newer program wrote
            throw new UnknownLog(
                    "the log holds something that this Remit does not know ("
                            + e.getOriginalMessage()
                            + "): a newer Remit has to read it",
                    e);
        }
    }

    /// Brings the body of an event from any version that was ever written to the present one.
    ///
    /// @throws UnknownLog if the version is newer than this program
    static JsonNode upgrade(int version, JsonNode body) {
        if (version > VERSION) {
            throw new UnknownLog(
                    "the log holds an event of version "
                            + version
                            + ", this Remit reads up to "
                            + VERSION
                            + ": a newer Remit has to read it");
        }
        return body;
    }

    private static final class ContentSerializer extends StdSerializer<Content> {
        private final int inlineBytes;

        ContentSerializer(int inlineBytes) {
            super(Content.class);
            this.inlineBytes = inlineBytes;
        }

        @Override
        public ValueSerializer<?> createContextual(
                SerializationContext context, @Nullable BeanProperty field) {
            return field != null && MESSAGES.contains(field.getName())
                    ? new ContentSerializer(INLINE_MESSAGE_BYTES)
                    : this;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void serialize(Content content, JsonGenerator json, SerializationContext context) {
            json.writeStartObject();
            if (content.size() <= inlineBytes) {
                json.writePOJOProperty(INLINE, content.value());
            } else {
                var blobs = (Map<Hash, byte[]>) context.getAttribute(BLOBS);
                if (blobs == null) {
                    throw new IllegalStateException("a content is written outside of the codec");
                }
                blobs.put(content.hash(), content.written());
                json.writeStringProperty(BLOB, content.hash().hex());
                json.writeNumberProperty("bytes", content.size());
            }
            json.writeEndObject();
        }

        @Override
        public void serializeWithType(
                Content content,
                JsonGenerator json,
                SerializationContext context,
                tools.jackson.databind.jsontype.TypeSerializer types) {
            serialize(content, json, context);
        }
    }

    private static final class ContentDeserializer extends StdDeserializer<Content> {
        ContentDeserializer() {
            super(Content.class);
        }

        @Override
        @SuppressWarnings("unchecked")
        public Content deserialize(JsonParser json, DeserializationContext context) {
            JsonNode node = context.readTree(json);
            var inline = node.get(INLINE);
            if (inline != null) {
                return Content.derived(inline);
            }
            var hash = new Hash(node.required(BLOB).asString());
            var blobs = (Function<Hash, byte[]>) context.getAttribute(BLOBS);
            var bytes = blobs == null ? null : blobs.apply(hash);
            if (bytes == null) {
                throw new IllegalStateException(
                        "the log names a blob that it does not hold: " + hash);
            }
            return Content.derived(Json.parse(bytes));
        }
    }

    private static final class PromptSerializer extends StdSerializer<Prompt> {
        private static final ContentSerializer MESSAGE =
                new ContentSerializer(INLINE_MESSAGE_BYTES);

        PromptSerializer() {
            super(Prompt.class);
        }

        @Override
        public void serialize(Prompt prompt, JsonGenerator json, SerializationContext context) {
            json.writeStartArray();
            for (var link : prompt.links()) {
                json.writeStartArray();
                link.added().forEach(message -> MESSAGE.serialize(message, json, context));
                json.writeEndArray();
            }
            json.writeEndArray();
        }
    }

    private static final class PromptDeserializer extends StdDeserializer<Prompt> {
        PromptDeserializer() {
            super(Prompt.class);
        }

        @Override
        public Prompt deserialize(JsonParser json, DeserializationContext context) {
            JsonNode links = context.readTree(json);
            Prompt prompt = null;
            for (var link : links) {
                List<Content> added = new ArrayList<>();
                for (var message : link) {
                    added.add(context.readTreeAsValue(message, Content.class));
                }
                prompt = prompt == null ? Prompt.start(added) : prompt.add(added);
            }
            if (prompt == null) {
                throw new IllegalStateException("a prompt without messages");
            }
            return prompt;
        }
    }
}
