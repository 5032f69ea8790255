package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher, as real processes in checkouts of a tiny program. Maven is played by a script that
/// counts how often it was asked to build.
@Tag("slow")
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String PROGRAM =
            """
            package dev.remit.cli;
            public class Main {
                public static void main(String[] arguments) {
                    System.out.println("build " + System.getProperty("remit.build"));
                    for (var argument : arguments) System.out.println("<" + argument + ">");
                    System.exit(arguments.length > 0 && arguments[0].equals("fail") ? 7 : 0);
                }
            }
            """;
    private static final String MAVEN =
            """
            #!/bin/sh
            echo built >> "$FAKE/builds"
            while [ -f "$FAKE/hold" ]; do sleep 0.05; done
            for argument; do [ "$last" = -f ] && work=$(dirname "$argument"); last=$argument; done
            echo '[INFO] Building Remit core 1 [2/3]'
            if [ -f "$work/core/src/main/broken" ]; then
                echo '[ERROR] core/src/main/broken:1: this does not compile'
                exit 1
            fi
            mkdir -p "$work/cli/target"
            cp "$FAKE/program.jar" "$work/cli/target/remit-cli-1.jar"
            for module in cli server bench; do
                mkdir -p "$work/$module/target"
                printf '' > "$work/$module/target/classpath"
            done
            """;

    @TempDir static Path shared;
    @TempDir Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private Path checkout = Path.of("");

    @BeforeAll
    static void make_the_program() throws IOException {
        var classes = Files.createDirectories(shared.resolve("classes"));
        var source =
                new SimpleJavaFileObject(
                        URI.create("string:///Main.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return PROGRAM;
                    }
                };
        var compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(
                        compiler.getTask(
                                        null,
                                        null,
                                        null,
                                        List.of("-d", classes.toString()),
                                        null,
                                        List.of(source))
                                .call())
                .isTrue();
        try (var jar = new JarOutputStream(Files.newOutputStream(shared.resolve("program.jar")))) {
            jar.putNextEntry(new JarEntry("dev/remit/cli/Main.class"));
            jar.write(Files.readAllBytes(classes.resolve("dev/remit/cli/Main.class")));
        }
    }

    @BeforeEach
    void make_a_checkout() throws IOException {
        checkout = Files.createDirectories(folder.resolve("a checkout"));
        Files.copy(launcher(), checkout.resolve("remit"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        write("core/src/main/A.java", "class A {}");
        write("core/pom.xml", "<project/>");
        var maven = Files.createDirectories(folder.resolve("maven/bin")).resolve("mvn");
        Files.writeString(maven, MAVEN);
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(shared.resolve("program.jar"), folder.resolve("program.jar"));
        environment.put("FAKE", folder.toString());
        environment.put("MAVEN_HOME", folder.resolve("maven").toString());
        environment.put("REMIT_AOT", "off");
        environment.put("REMIT_JAVA_HOME", System.getProperty("java.home"));
        environment.put("HOME", folder.resolve("user").toString());
        environment.put("PATH", System.getenv("PATH"));
    }

    @AfterEach
    void make_writable_again() throws IOException {
        Files.setPosixFilePermissions(checkout, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// The one under test lies in the root of this project, above this module.
    private static Path launcher() {
        var place = Path.of("").toAbsolutePath();
        while (!Files.exists(place.resolve("remit"))) {
            place = place.getParent();
        }
        return place.resolve("remit");
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(checkout.resolve(file).getParent());
        Files.writeString(checkout.resolve(file), text);
    }

    private record Ran(int code, String out, String err) {}

    private ProcessBuilder process(List<String> command) {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private Ran run(String... command) throws IOException, InterruptedException {
        var out = File.createTempFile("out", "", folder.toFile());
        var err = File.createTempFile("err", "", folder.toFile());
        var process = process(List.of(command)).redirectOutput(out).redirectError(err).start();
        int code = process.waitFor();
        return new Ran(
                code,
                Files.readString(out.toPath(), StandardCharsets.UTF_8),
                Files.readString(err.toPath(), StandardCharsets.UTF_8));
    }

    private Ran remit(String... arguments) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<String>();
        command.add(checkout.resolve("remit").toString());
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private long builds() throws IOException {
        var file = folder.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    @Test
    void it_builds_once_and_says_so_on_standard_error_alone()
            throws IOException, InterruptedException {
        var first = remit("one");
        var second = remit("two");

        assertThat(first.err()).contains("building from source").contains("core").contains("built");
        assertThat(first.out()).matches("build [0-9a-f]{16}\n<one>\n");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).endsWith("<two>\n");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void arguments_and_exit_codes_pass_unharmed() throws IOException, InterruptedException {
        var ran = remit("fail", "", "a  b", "*", "\"'$HOME`x`\\", "ü\n.");

        assertThat(ran.out()).endsWith("<fail>\n<>\n<a  b>\n<*>\n<\"'$HOME`x`\\>\n<ü\n.>\n");
        assertThat(ran.code()).isEqualTo(7);
    }

    @Test
    void it_builds_again_when_sources_change_and_not_when_a_checkout_only_touches_them()
            throws IOException, InterruptedException {
        remit();
        write("core/src/main/A.java", "class A { int changed; }");
        remit();
        assertThat(builds()).isEqualTo(2);

        write("core/src/main/A.java", "class A {}");
        assertThat(remit().err()).isEmpty();
        assertThat(builds()).as("an older build is still there").isEqualTo(2);
        write("core/src/test/ATest.java", "class ATest {}");
        remit();
        assertThat(builds()).as("tests are no part of it").isEqualTo(2);
        Files.delete(checkout.resolve("core/src/main/A.java"));
        remit();
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void it_runs_through_symbolic_links_from_any_folder() throws IOException, InterruptedException {
        var link = Files.createSymbolicLink(folder.resolve("a link"), checkout.resolve("remit"));
        var second =
                Files.createSymbolicLink(
                        Files.createDirectories(folder.resolve("bin")).resolve("remit"),
                        Path.of("../a link"));

        assertThat(run(link.toString(), "x").out()).endsWith("<x>\n");
        assertThat(run(second.toString(), "y").out()).endsWith("<y>\n");
        assertThat(run("./a link", "z").out()).endsWith("<z>\n");
        assertThat(checkout.resolve(".remit-build")).isDirectory();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void several_starts_at_once_build_once() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("hold"), "");
        var starts = new java.util.ArrayList<Process>();
        for (int i = 0; i < 4; i++) {
            starts.add(process(List.of(checkout.resolve("remit").toString(), "x")).start());
        }
        while (builds() == 0) {
            Thread.onSpinWait();
        }
        Files.delete(folder.resolve("hold"));

        for (var start : starts) {
            assertThat(new String(start.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("<x>\n");
            assertThat(start.waitFor()).isZero();
        }
        assertThat(builds()).isEqualTo(1);
        assertThat(checkout.resolve(".remit-build/lock")).doesNotExist();
    }

    @Test
    void the_lock_of_a_dead_build_is_taken_over() throws IOException, InterruptedException {
        var lock = Files.createDirectories(checkout.resolve(".remit-build/lock"));
        Files.writeString(lock.resolve("pid"), "999999999\n");

        assertThat(remit("x").out()).endsWith("<x>\n");
    }

    @Test
    void a_failed_build_shows_its_errors_and_the_log_and_is_tried_again()
            throws IOException, InterruptedException {
        write("core/src/main/broken", "");
        var failed = remit("x");

        assertThat(failed.code()).isEqualTo(ExitCode.TROUBLE);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .contains("core/src/main/broken:1: this does not compile")
                .contains("build.log");
        assertThat(checkout.resolve(".remit-build/lock")).doesNotExist();

        Files.delete(checkout.resolve("core/src/main/broken"));
        assertThat(remit("x").out()).endsWith("<x>\n");
    }

    @Test
    void a_java_home_that_is_none_is_named() throws IOException, InterruptedException {
        environment.put("REMIT_JAVA_HOME", folder.toString());

        var ran = remit("x");

        assertThat(ran.code()).isEqualTo(ExitCode.TROUBLE);
        assertThat(ran.err()).contains("REMIT_JAVA_HOME is " + folder).contains("no JDK 25");
    }

    @Test
    void without_maven_it_says_what_to_install() throws IOException, InterruptedException {
        var bin = Files.createDirectories(folder.resolve("few"));
        for (var tool :
                List.of(
                        "sh",
                        "dirname",
                        "readlink",
                        "find",
                        "sha256sum",
                        "sort",
                        "cut",
                        "mkdir",
                        "grep",
                        "rm",
                        "cat")) {
            Files.createSymbolicLink(bin.resolve(tool), which(tool));
        }
        environment.remove("MAVEN_HOME");
        environment.put("PATH", bin.toString());

        var ran = remit("x");

        assertThat(ran.code()).isEqualTo(ExitCode.TROUBLE);
        assertThat(ran.err())
                .contains("Maven 3.8 or newer is needed")
                .contains("apt install maven");
    }

    private static Path which(String tool) {
        return List.of("/usr/bin/", "/bin/").stream()
                .map(place -> Path.of(place + tool))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void where_the_checkout_may_not_be_written_the_build_goes_to_the_users_cache()
            throws IOException, InterruptedException {
        // root may write everywhere: there, a file stands where the folder would be
        Files.writeString(checkout.resolve(".remit-build"), "in the way");
        Files.setPosixFilePermissions(checkout, PosixFilePermissions.fromString("r-xr-xr-x"));
        environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());

        assertThat(remit("x").out()).endsWith("<x>\n");
        assertThat(remit("y").err()).isEmpty();

        assertThat(folder.resolve("cache/remit")).isDirectory();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void only_the_newest_builds_are_kept() throws IOException, InterruptedException {
        for (int i = 0; i < 5; i++) {
            write("core/src/main/A.java", "class A { int i = " + i + "; }");
            remit();
        }

        try (var kept = Files.list(checkout.resolve(".remit-build"))) {
            assertThat(kept.filter(p -> Files.exists(p.resolve("complete")))).hasSize(3);
        }
    }
}
