package dev.remit.store.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.session.TestSessions;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    private static final Duration KEEP = Duration.ofDays(90);

    @TempDir Path folder;
    private Database database;
    private PostgresSessionLog log;
    private Archive archive;

    @BeforeEach
    void open() {
        database = TestDatabases.fresh();
        log = PostgresSessionLog.join(database, "node", true);
        archive = new Archive(database, () -> policy(null));
        log.archive(archive);
    }

    @AfterEach
    void close() {
        log.close();
        database.close();
    }

    private ArchivePolicy policy(@Nullable Duration archiveKeep) {
        return new ArchivePolicy(KEEP, folder, archiveKeep);
    }

    /// When everything that has ended by now is due.
    private static Instant later() {
        return Instant.now().plus(KEEP).plusSeconds(60);
    }

    private long rows(String table, SessionId id) {
        return database.with(connection -> {
            try (var select =
                    connection.prepareStatement(
                            "SELECT count(*) FROM "
                                    + table
                                    + " WHERE "
                                    + (table.equals("session") ? "id" : "session")
                                    + " = ?")) {
                select.setObject(1, id.uuid());
                var row = select.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Test
    void an_archived_session_is_read_as_before_and_its_rows_are_gone() {
        var id = TestSessions.closed(log, 700);
        var before = log.events(id, 0, 10_000);
        var state = log.load(id).state();
        var done = archive.run(later());
        assertThat(done.sessions()).isEqualTo(1);
        assertThat(rows("event", id)).isZero();
        assertThat(rows("blob", id)).isZero();
        assertThat(rows("session", id)).as("it is listed still").isEqualTo(1);
        assertThat(log.events(id, 0, 10_000)).isEqualTo(before);
        assertThat(log.events(id, 100, 50)).isEqualTo(before.subList(100, 150));
        assertThat(log.load(id).state().closed()).isEqualTo(state.closed());
        assertThat(log.queries().find(id)).isPresent();
        assertThat(archive.verify()).isEmpty();
        assertThat(archive.run(later()).sessions()).as("done once").isZero();
    }

    @Test
    void what_is_open_or_ended_lately_stays() {
        var open = TestSessions.open(log);
        var lately = TestSessions.closed(log, 1);
        assertThat(archive.run(Instant.now()).sessions()).isZero();
        assertThat(archive.run(later()).sessions()).isEqualTo(1);
        assertThat(rows("event", open)).isPositive();
        assertThat(rows("event", lately)).isZero();
    }

    @Test
    void a_family_goes_together_and_only_when_all_of_it_has_ended() {
        var parent = TestSessions.open(log);
        var child = TestSessions.openBelow(log, new Event.Parent(parent, new ActionId("triage")));
        TestSessions.close(log, parent, 3);
        assertThat(archive.run(later()).sessions()).as("a child is open").isZero();
        TestSessions.close(log, child, 3);
        assertThat(archive.run(later()).sessions()).isEqualTo(2);
        assertThat(archive.list(null, 10)).hasSize(1);
        assertThat(archive.restore(child)).as("from any of them").isEqualTo(2);
        assertThat(rows("event", parent)).isPositive();
        assertThat(rows("event", child)).isPositive();
    }

    @Test
    void a_restored_session_is_as_it_was_and_is_kept_again() {
        var id = TestSessions.closed(log, 40);
        var before = log.events(id, 0, 10_000);
        archive.run(later());
        assertThat(archive.restore(id)).isEqualTo(1);
        assertThat(archive.restore(id)).as("done once").isZero();
        assertThat(rows("event", id)).isEqualTo(before.size());
        assertThat(log.events(id, 0, 10_000)).isEqualTo(before);
        var soon = Instant.now().plus(KEEP).minusSeconds(60);
        assertThat(archive.run(soon).sessions()).as("somebody wanted it").isZero();
        assertThat(archive.run(later()).sessions()).isEqualTo(1);
    }

    @Test
    void the_files_are_lines_of_json_that_any_tool_reads() throws IOException {
        var id = TestSessions.closed(log, 5);
        archive.run(later());
        var file = folder.resolve(archive.list(null, 1).getFirst().file());
        try (var text = new GZIPInputStream(Files.newInputStream(file))) {
            assertThat(new String(text.readAllBytes()))
                    .contains("\"remit\":\"archive/v1\"", id.toString(), "\"end\":{");
        }
        assertThat(Files.readString(Path.of(file + ".manifest.json")))
                .contains("\"sha256\"", id.toString());
    }

    @Test
    void an_idempotency_key_stays_taken() {
        var key = new IdempotencyKey("person/local", "once", "r");
        var opening = TestSessions.opening(key);
        log.open(opening);
        TestSessions.close(log, opening.id(), 2);
        archive.run(later());
        assertThat(
                        log.open(
                                new Opening(
                                        SessionId.random(Instant.now(), new java.util.Random(1)),
                                        opening.opened(),
                                        Instant.now(),
                                        key)))
                .isEqualTo(new Accepted.Existing(opening.id()));
    }

    @Test
    void a_full_disk_loses_nothing_and_the_next_run_goes_on() throws IOException {
        var id = TestSessions.closed(log, 300);
        var before = log.events(id, 0, 10_000);
        var full = new Archive(database, () -> policy(null), Full::new);
        assertThatThrownBy(() -> full.run(later()))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("Nothing was lost");
        assertThat(log.events(id, 0, 10_000)).isEqualTo(before);
        assertThat(rows("event", id)).isEqualTo(before.size());
        try (var left = Files.walk(folder)) {
            assertThat(left.filter(Files::isRegularFile)).as("nothing half done").isEmpty();
        }
        assertThat(archive.run(later()).sessions()).isEqualTo(1);
        assertThat(log.events(id, 0, 10_000)).isEqualTo(before);
    }

    /// A disk that is full after a few bytes.
    private static final class Full extends FilterOutputStream {
        private int left = 2_000;

        Full(Path path) throws IOException {
            super(Files.newOutputStream(path));
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            left -= length;
            if (left < 0) {
                throw new IOException("No space left on device");
            }
            out.write(bytes, from, length);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }
    }

    @Test
    void a_disk_that_lies_is_noticed_before_a_row_goes() {
        var id = TestSessions.closed(log, 50);
        var lying = new Archive(database, () -> policy(null), Lying::new);
        assertThatThrownBy(() -> lying.run(later())).isInstanceOf(ArchiveException.class);
        assertThat(rows("event", id)).isPositive();
        assertThat(archive.list(null, 10)).isEmpty();
    }

    /// Writes something else than it was given.
    private static final class Lying extends FilterOutputStream {
        Lying(Path path) throws IOException {
            super(Files.newOutputStream(path));
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            var other = bytes.clone();
            other[from + length / 2] ^= 1;
            out.write(other, from, length);
        }
    }

    @Test
    void a_run_that_was_cut_off_before_the_rows_went_is_taken_up_by_the_next() {
        var id = TestSessions.closed(log, 30);
        var before = log.events(id, 0, 10_000);
        archive.run(later());
        archive.restore(id);
        // as it is after a crash between the file and the rows: both have it
        archive.run(later());
        database.with(connection -> {
            try (var update = connection.createStatement()) {
                return update.executeUpdate("UPDATE archived SET emptied = false");
            }
        });
        assertThat(log.events(id, 0, 10_000)).isEqualTo(before);
        archive.run(Instant.now());
        assertThat(rows("event", id)).isZero();
        assertThat(log.events(id, 0, 10_000)).isEqualTo(before);
    }

    @Test
    void nodes_that_run_at_once_archive_each_session_once() throws Exception {
        var ids = new ArrayList<SessionId>();
        for (int i = 0; i < 20; i++) {
            ids.add(TestSessions.closed(log, 10));
        }
        var work = new ArrayList<Callable<Archive.Done>>();
        for (int i = 0; i < 4; i++) {
            work.add(() -> new Archive(database, () -> policy(null)).run(later()));
        }
        int sessions = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(work)) {
                sessions += done.get().sessions();
            }
        }
        assertThat(sessions).isEqualTo(20);
        assertThat(archive.verify()).isEmpty();
        for (var id : ids) {
            assertThat(log.events(id, 0, 100)).isNotEmpty();
        }
    }

    @Test
    void a_damaged_or_missing_file_is_found() throws IOException {
        TestSessions.closed(log, 10);
        archive.run(later());
        var file = folder.resolve(archive.list(null, 1).getFirst().file());
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThat(archive.verify())
                .extracting(Archive.Fault::wrong)
                .containsExactly(
                        "its content is not what was written; bring it back from a backup");
        Files.delete(file);
        assertThat(archive.verify())
                .extracting(Archive.Fault::wrong)
                .containsExactly("it is not there; bring it back from a backup");
        Files.writeString(folder.resolve("stray.jsonl.gz"), "");
        assertThat(archive.verify()).extracting(Archive.Fault::file).contains("stray.jsonl.gz");
    }

    @Test
    void who_reads_a_session_of_a_damaged_or_missing_file_is_told_which_and_what_to_do()
            throws IOException {
        var id = TestSessions.closed(log, 10);
        archive.run(later());
        var file = folder.resolve(archive.list(null, 1).getFirst().file());
        var bytes = Files.readAllBytes(file);
        for (int i = 20; i < bytes.length; i += 7) {
            bytes[i] ^= 0x55;
        }
        Files.write(file, bytes);
        assertThatThrownBy(() -> log.events(id, 0, 100))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining(file + " is damaged")
                .hasMessageContaining("remit archive verify");
        Files.write(file, Arrays.copyOf(bytes, 30));
        assertThatThrownBy(() -> archive.restore(id)).hasMessageContaining("is damaged");
        Files.delete(file);
        assertThatThrownBy(() -> log.load(id)).hasMessageContaining(file + " is not there");
    }

    @Test
    void files_go_when_their_time_is_over_and_without_a_folder_sessions_are_deleted() {
        var id = TestSessions.closed(log, 10);
        archive.run(later());
        var short_ = new Archive(database, () -> policy(Duration.ofDays(120)));
        assertThat(short_.run(later()).expired()).isZero();
        assertThat(short_.run(later().plus(Duration.ofDays(40))).expired()).isEqualTo(1);
        assertThat(rows("session", id)).isZero();
        assertThat(archive.list(null, 10)).isEmpty();
        var other = TestSessions.closed(log, 10);
        var none = new Archive(database, () -> new ArchivePolicy(KEEP, null, null));
        assertThat(none.run(later()).deleted()).isEqualTo(1);
        assertThat(rows("session", other)).isZero();
        assertThat(rows("event", other)).isZero();
    }

    @Test
    void events_of_archived_sessions_come_in_pages_as_others_do() {
        var id = TestSessions.closed(log, 250);
        archive.run(later());
        List<Recorded> all = new ArrayList<>();
        long last = 0;
        while (true) {
            var page = log.events(id, last, 100);
            if (page.isEmpty()) {
                break;
            }
            all.addAll(page);
            last = page.getLast().seq();
        }
        assertThat(all).extracting(Recorded::seq).isSorted().doesNotHaveDuplicates();
        assertThat(all.getLast().event()).isInstanceOf(Event.Closed.class);
    }
}
