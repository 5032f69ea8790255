package dev.remit.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildsTest {
    private static final Build NEW = new Build("new", "new.jar");
    private static final Build OLD = new Build("old", "old.jar");

    @TempDir Path folder;

    private static Builds builds(Build old, boolean rolling, String... words) throws Wish.Wrong {
        return new Builds(NEW, old, rolling, Wish.parse(words));
    }

    @Test
    void without_another_build_there_is_only_this_one() throws Wish.Wrong {
        var builds = builds(null, false);
        assertThat(List.of(builds.next(1), builds.next(2), builds.next(1))).containsOnly(NEW);
        assertThat(builds.report()).isEmpty();
        assertThat(builds.turns()).isEmpty();
    }

    @Test
    void side_by_side_there_are_always_both_and_every_node_has_been_each() throws Wish.Wrong {
        for (long seed = 0; seed < 20; seed++) {
            var builds = builds(OLD, false, "--seed", "" + seed);
            var now = new ArrayList<Build>();
            for (int node = 1; node <= 3; node++) {
                now.add(builds.next(node));
            }
            assertThat(now.getFirst()).as("the tables are the old one's first").isEqualTo(OLD);
            var been = new HashSet<String>();
            var random = new Random(seed);
            for (int start = 0; start < 60; start++) {
                assertThat(now).contains(NEW, OLD);
                int node = random.nextInt(3);
                now.set(node, builds.next(node + 1));
                been.add(node + now.get(node).name());
            }
            assertThat(been).hasSize(6);
        }
    }

    @Test
    void the_same_seed_gives_the_same_builds() throws Wish.Wrong {
        var one = builds(OLD, false, "--seed", "5", "--nodes", "7");
        var two = builds(OLD, false, "--seed", "5", "--nodes", "7");
        for (int node = 1; node <= 7; node++) {
            assertThat(one.next(node)).isEqualTo(two.next(node));
        }
    }

    @Test
    void rolling_replaces_one_after_the_other_forth_back_and_forth_again() throws Wish.Wrong {
        var builds = builds(OLD, true, "--minutes", "1");
        for (int node = 1; node <= 3; node++) {
            assertThat(builds.next(node)).isEqualTo(OLD);
            assertThat(builds.next(node)).as("killed and started again").isEqualTo(OLD);
        }
        assertThat(builds.turns())
                .hasSize(9)
                .isSortedAccordingTo((a, b) -> Long.compare(a.at(), b.at()));
        for (var turn : builds.turns()) {
            assertThat(builds.turn(turn)).isTrue();
            assertThat(builds.next(turn.node())).isEqualTo(turn.to());
            assertThat(builds.next(turn.node())).isEqualTo(turn.to());
        }
        for (int node = 1; node <= 3; node++) {
            assertThat(builds.isPresent(node)).as("what is over is read by this one").isTrue();
        }
    }

    @Test
    void a_build_that_does_not_start_on_newer_tables_is_not_started_again() throws Wish.Wrong {
        var builds = builds(OLD, true, "--minutes", "1");
        for (int node = 1; node <= 3; node++) {
            builds.next(node);
        }
        var turns = builds.turns();
        for (var turn : turns.subList(0, 4)) {
            builds.turn(turn);
            builds.next(turn.node());
        }
        assertThat(builds.refused(2, "too new")).as("node 2 is of this build").isFalse();
        assertThat(builds.refused(1, "too new")).isTrue();
        assertThat(builds.next(1)).isEqualTo(NEW);
        assertThat(builds.turn(turns.get(4))).isFalse();
        assertThat(builds.report()).contains("old is not started any more").contains("too new");
    }

    @Test
    void a_build_is_found_in_a_checkout_a_build_folder_and_a_folder_of_jars() throws IOException {
        var older = build("one", 1);
        var newer = build("two", 2);
        Files.createDirectories(folder.resolve(".remit-build/half"));
        assertThat(Build.in(folder).orElseThrow())
                .isEqualTo(Build.in(newer).orElseThrow())
                .extracting(Build::name)
                .isEqualTo("two");
        var lib = older.resolve("lib");
        assertThat(Build.in(older).orElseThrow().classPath())
                .isEqualTo(lib.resolve("b.jar") + File.pathSeparator + lib.resolve("a.jar"));
        Files.writeString(Files.createDirectories(folder.resolve("jars")).resolve("x.jar"), "");
        assertThat(Build.in(folder.resolve("jars")).orElseThrow().classPath()).endsWith("x.jar");
    }

    private Path build(String name, long made) throws IOException {
        var build = Files.createDirectories(folder.resolve(".remit-build").resolve(name));
        Files.write(build.resolve("server.jars"), List.of("b.jar", "a.jar"));
        Files.writeString(build.resolve("complete"), "");
        Files.setLastModifiedTime(build.resolve("complete"), FileTime.fromMillis(made));
        return build;
    }

    @Test
    void what_is_no_build_is_said() {
        assertThatThrownBy(() -> Wish.parse(new String[] {"--beside", folder.toString()}))
                .hasMessageContaining("--beside needs a checkout");
        assertThatThrownBy(() -> Wish.parse(new String[] {"--rolling"}))
                .hasMessageContaining("--rolling needs --beside");
    }
}
