package dev.remit.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.settings.Settings;
import dev.remit.server.home.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
    private static final String HEAD = "remit: server/v1\n";

    @TempDir Path folder;
    private Path work;
    private Path home;
    private final List<String> complaints = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private @Nullable SettingsFile opened;

    @BeforeEach
    void folders() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        home = Files.createDirectory(folder.resolve("home"));
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private SettingsFile open(@Nullable Path given) {
        opened = SettingsFile.unwatched(given, List.of(work, home), now::get, complaints::add);
        return opened;
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    private static String acme(String name) {
        return HEAD + "organisation: " + name + "\n";
    }

    @Test
    void the_named_file_comes_first_then_the_working_folder_then_the_state_folder()
            throws IOException {
        assertThat(open(null).current()).isEqualTo(Settings.none());
        assertThat(open(null).status().file()).isNull();
        write(home.resolve("remit.yaml"), acme("home"));
        assertThat(open(null).current().organisation()).isEqualTo("home");
        write(work.resolve("remit.yaml"), acme("work"));
        assertThat(open(null).current().organisation()).isEqualTo("work");
        var other = folder.resolve("other.yaml");
        write(other, acme("other"));
        assertThat(open(other).current().organisation()).isEqualTo("other");
        assertThat(open(other).status().file()).isEqualTo(other);
    }

    @Test
    void a_named_file_that_is_not_there_is_wrong_usage() {
        assertThatThrownBy(() -> open(folder.resolve("no.yaml")))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("no.yaml, and there is no such file")
                .extracting(e -> ((StartFailure) e).exitCode())
                .isEqualTo(2);
    }

    @Test
    void with_a_fault_the_server_does_not_start_and_says_where_it_is() throws IOException {
        write(work.resolve("remit.yaml"), HEAD + "organization: x\n");
        assertThatThrownBy(() -> open(null))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("the server does not start")
                .hasMessageContaining(
                        "remit.yaml:2:1: `organization` is not known here → did you mean `organisation`?");
    }

    @Test
    void a_change_comes_into_force_and_listeners_are_told_once() throws IOException {
        var file = work.resolve("remit.yaml");
        write(file, acme("a"));
        var settings = open(null);
        var told = new ArrayList<String>();
        settings.listen(s -> {
            throw new IllegalStateException("one listener's trouble is not the other's");
        });
        settings.listen(s -> told.add(s.organisation()));
        settings.look();
        assertThat(told).isEmpty();
        var before = settings.status().version();
        now.set(Instant.EPOCH.plusSeconds(5));
        write(file, acme("b")); // of the same length, perhaps within the same tick of the clock
        settings.look();
        settings.look();
        assertThat(told).containsExactly("b");
        assertThat(settings.current().organisation()).isEqualTo("b");
        assertThat(settings.status().since()).isEqualTo(now.get());
        assertThat(settings.status().version()).isNotEqualTo(before);
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_bad_change_is_refused_with_its_line_while_the_old_one_stays_in_force()
            throws IOException {
        var file = work.resolve("remit.yaml");
        write(file, acme("a"));
        var settings = open(null);
        var told = new ArrayList<Settings>();
        settings.listen(told::add);
        now.set(Instant.EPOCH.plusSeconds(5));
        write(file, acme("b") + "routs: {}\n");
        settings.look();
        settings.look();
        assertThat(settings.current().organisation()).isEqualTo("a");
        assertThat(told).isEmpty();
        assertThat(complaints).hasSize(1);
        assertThat(complaints.getFirst())
                .contains("what was in force stays so")
                .contains("remit.yaml:3:1: `routs` is not known here");
        var status = settings.status();
        assertThat(status.faults()).hasSize(1);
        assertThat(status.faults().getFirst().line()).isEqualTo(3);
        assertThat(status.refused()).isEqualTo(now.get());
        assertThat(status.since()).isEqualTo(Instant.EPOCH);
        write(file, acme("c"));
        settings.look();
        assertThat(settings.current().organisation()).isEqualTo("c");
        assertThat(settings.status().faults()).isEmpty();
        assertThat(settings.status().refused()).isNull();
        assertThat(told).hasSize(1);
    }

    @Test
    void a_bad_change_that_is_taken_back_leaves_nothing_behind() throws IOException {
        var file = work.resolve("remit.yaml");
        write(file, acme("a"));
        var settings = open(null);
        var told = new ArrayList<Settings>();
        settings.listen(told::add);
        write(file, "");
        settings.look();
        assertThat(settings.status().faults()).isNotEmpty();
        write(file, acme("a"));
        settings.look();
        assertThat(settings.status().faults()).isEmpty();
        assertThat(settings.status().since()).isEqualTo(Instant.EPOCH);
        assertThat(told).isEmpty();
    }

    @Test
    void a_file_that_goes_away_or_is_no_text_changes_nothing() throws IOException {
        var file = work.resolve("remit.yaml");
        write(file, acme("a"));
        var settings = open(null);
        Files.delete(file);
        settings.look();
        assertThat(settings.current().organisation()).isEqualTo("a");
        assertThat(settings.status().faults().getFirst().wrong()).isEqualTo("the file is gone");
        Files.write(file, new byte[] {(byte) 0xC3, (byte) 0x28});
        settings.look();
        assertThat(settings.status().faults().getFirst().wrong()).isEqualTo("this is no text");
        write(file, "#".repeat(2_000_000));
        settings.look();
        assertThat(settings.status().faults()).isNotEmpty();
        assertThat(settings.current().organisation()).isEqualTo("a");
    }

    @Test
    void a_file_that_appears_later_is_taken() throws IOException {
        var settings = open(null);
        settings.look();
        write(home.resolve("remit.yaml"), acme("late"));
        settings.look();
        assertThat(settings.current().organisation()).isEqualTo("late");
        assertThat(settings.status().file()).isEqualTo(home.resolve("remit.yaml"));
    }

    @Test
    void a_schema_beside_the_file_is_watched_too() throws IOException {
        var file = work.resolve("remit.yaml");
        var schema = work.resolve("answer.schema.json");
        write(schema, "{\"type\": \"object\"}");
        write(
                file,
                HEAD
                        + "routes: { r: { targets: [openai/x], check: { schema: answer.schema.json } } }\n");
        old(file);
        old(schema);
        var settings = open(null);
        var version = settings.status().version();
        settings.look();
        assertThat(settings.status().version()).isEqualTo(version);
        write(schema, "{\"type\": \"obect\"}");
        settings.look();
        assertThat(settings.status().faults().getFirst().file()).isEqualTo("answer.schema.json");
        write(schema, "{\"type\": \"array\"}");
        settings.look();
        assertThat(settings.status().faults()).isEmpty();
        assertThat(settings.status().version()).isNotEqualTo(version);
    }

    private static void old(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    @Test
    void it_is_looked_at_by_itself() throws Exception {
        var file = work.resolve("remit.yaml");
        write(file, acme("a"));
        var told = new CountDownLatch(1);
        try (var settings = SettingsFile.open(null, List.of(work), now::get, complaints::add)) {
            settings.listen(s -> told.countDown());
            write(file, acme("b"));
            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(settings.current().organisation()).isEqualTo("b");
        }
    }
}
