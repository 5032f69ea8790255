package dev.remit.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Every event and every mail as it was ever written, each in a file of its own that is named for
/// what is in it: whoever changes one breaks its name.
///
/// A new kind, or a new field, belongs into [LogCodecTest#oneOfEach] or [LogCodecTest#mails]; then
/// `-Dremit.golden.events=write` adds its file. Files that are there stay.
class GoldenEventsTest {
    private static final Path EVENTS = Path.of("src/test/resources/golden-events/events");
    private static final Path MAILS = Path.of("src/test/resources/golden-events/mail");

    private record Golden(String name, String text) {
        JsonNode json() {
            return Json.parse(text);
        }

        String type() {
            return name.substring(0, name.lastIndexOf('-'));
        }

        JsonNode body() {
            return json().required("body");
        }

        int version() {
            return json().required("version").asInt();
        }

        Map<Hash, byte[]> blobs() {
            var blobs = new HashMap<Hash, byte[]>();
            json().required("blobs")
                    .properties()
                    .forEach(blob ->
                            blobs.put(
                                    new Hash(blob.getKey()),
                                    blob.getValue().asString().getBytes(StandardCharsets.UTF_8)));
            return blobs;
        }
    }

    @Test
    void every_kind_of_event_has_a_golden_and_none_has_changed() throws IOException {
        check(EVENTS, Event.class, LogCodecTest.oneOfEach());
    }

    @Test
    void every_kind_of_mail_has_a_golden_and_none_has_changed() throws IOException {
        check(MAILS, Mail.class, LogCodecTest.mails());
    }

    @Test
    void every_event_that_was_ever_written_says_the_same_today() throws IOException {
        for (var golden : all(EVENTS)) {
            var event = LogCodec.event(golden.version(), golden.body(), golden.blobs()::get);
            sameStill(golden, LogCodec.encode(event));
        }
    }

    @Test
    void every_mail_that_was_ever_written_says_the_same_today() throws IOException {
        for (var golden : all(MAILS)) {
            sameStill(golden, LogCodec.encode(LogCodec.mail(golden.body(), golden.blobs()::get)));
        }
    }

    @Test
    void what_a_newer_program_wrote_is_refused_in_clear_words() {
        Function<Hash, byte[]> none = hash -> null;
        var future = Json.parse("{\"type\":\"teleported\",\"to\":\"mars\"}");
        assertThatThrownBy(() -> LogCodec.event(1, future, none))
                .isInstanceOf(UnknownLog.class)
                .hasMessageContaining("teleported")
                .hasMessageContaining("newer Remit");
        var more = Json.parse("{\"type\":\"timer_fired\",\"spring\":true}");
        assertThatThrownBy(() -> LogCodec.event(1, more, none)).isInstanceOf(UnknownLog.class);
        assertThatThrownBy(() -> LogCodec.event(LogCodec.VERSION + 1, more, none))
                .isInstanceOf(UnknownLog.class);
        var mail = Json.parse("{\"mail\":\"singing_telegram\"}");
        assertThatThrownBy(() -> LogCodec.mail(mail, none)).isInstanceOf(UnknownLog.class);
    }

    private static void check(Path folder, Class<?> type, List<?> samples) throws IOException {
        if ("write".equals(System.getProperty("remit.golden.events"))) {
            write(folder, samples);
        }
        var goldens = all(folder);
        assertThat(goldens.stream().map(Golden::type).collect(Collectors.toSet()))
                .as("a kind without a golden: -Dremit.golden.events=write makes one of its sample")
                .containsAll(types(type));
        for (var golden : goldens) {
            assertThat(golden.name())
                    .as("a golden was changed; what was written once is never changed")
                    .isEqualTo(golden.type() + "-" + Hash.of(golden.text()).brief() + ".json");
        }
    }

    private static Set<String> types(Class<?> sealed) {
        return Stream.of(sealed.getAnnotation(JsonSubTypes.class).value())
                .map(JsonSubTypes.Type::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Golden> all(Path folder) throws IOException {
        var goldens = new ArrayList<Golden>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                for (var file : files.sorted().toList()) {
                    goldens.add(new Golden(file.getFileName().toString(), Files.readString(file)));
                }
            }
        }
        return goldens;
    }

    /// Fields that came later may be there besides.
    private static void sameStill(Golden golden, LogCodec.Encoded today) {
        var now = Json.parse(today.body());
        golden.body()
                .properties()
                .forEach(field ->
                        assertThat(now.get(field.getKey()))
                                .as(golden.name() + ", " + field.getKey())
                                .isEqualTo(field.getValue()));
        assertThat(today.blobs().keySet()).isEqualTo(golden.blobs().keySet());
    }

    private static void write(Path folder, List<?> samples) throws IOException {
        Files.createDirectories(folder);
        for (var sample : samples) {
            var encoded = LogCodec.encode(sample);
            var json = Json.object().put("version", LogCodec.VERSION);
            var body = Json.parse(encoded.body());
            json.set("body", body);
            var blobs = json.putObject("blobs");
            encoded.blobs()
                    .forEach((hash, bytes) ->
                            blobs.put(hash.hex(), new String(bytes, StandardCharsets.UTF_8)));
            var text = Json.write(json) + "\n";
            var type = body.path(body.has("type") ? "type" : "mail").asString();
            Files.writeString(folder.resolve(type + "-" + Hash.of(text).brief() + ".json"), text);
        }
    }
}
