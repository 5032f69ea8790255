package dev.remit.server.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir Path folder;

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void the_state_folder_is_for_its_owner_alone() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(permissions(HomeFolder.open(folder).folder())).isEqualTo("rwx------");
        var fresh = HomeFolder.open(folder.resolve("a/b")).folder();
        assertThat(permissions(fresh)).isEqualTo("rwx------");
    }

    @Test
    void a_file_in_place_of_the_state_folder_is_told() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> HomeFolder.open(file))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("there is a file");
    }

    @Test
    void a_second_server_on_one_home_is_refused_and_told_who_the_first_is() {
        var home = HomeFolder.open(folder);
        try (var first = ServerLock.take(home);
                var ready = ReadyFile.write(home, URI.create("http://127.0.0.1:20001"), "b1")) {
            assertThat(first).isNotNull();
            assertThat(ready).isNotNull();
            assertThatThrownBy(() -> ServerLock.take(home))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("--home");
        }
        ServerLock.take(home).close();
    }

    @Test
    void the_ready_file_is_gone_once_the_server_has_stopped() {
        var home = HomeFolder.open(folder);
        ReadyFile.write(home, URI.create("http://127.0.0.1:20001"), "b1").close();
        assertThat(folder.resolve("server.json")).doesNotExist();
    }

    @Test
    void the_key_has_256_bits_is_kept_and_is_for_its_owner_alone() throws IOException {
        var home = HomeFolder.open(folder);
        var key = ServerKey.of(home);
        assertThat(key.values().iterator().next()).hasSize(43);
        assertThat(permissions(folder.resolve("key"))).isEqualTo("rw-------");
        assertThat(key.is(Files.readString(folder.resolve("key")).strip())).isTrue();
        assertThat(key.is("")).isFalse();
        assertThat(key.is(key.values().iterator().next() + "x")).isFalse();
        assertThat(ServerKey.of(home).values()).isEqualTo(key.values());
        assertThat(key).hasToString("the server's key");
    }

    @Test
    void a_broken_key_is_told_and_not_silently_replaced() throws IOException {
        Files.writeString(folder.resolve("key"), "short\n");
        assertThatThrownBy(() -> ServerKey.of(HomeFolder.open(folder)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("delete it");
    }

    @Test
    void a_node_keeps_its_name() {
        var home = HomeFolder.open(folder);
        assertThat(NodeName.of(home)).isEqualTo(NodeName.of(home)).startsWith("node-");
    }
}
