package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.settings.DispatcherChoice;
import dev.remit.server.home.StartFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    private static final Duration TEN = Duration.ofSeconds(10);
    private static final Map<String, String> ME = Map.of("HOME", "/users/me");

    private static Options parse(String... words) {
        return Options.parse(words, ME);
    }

    @Test
    void nothing_said_is_the_users_own_folder_any_port_and_no_end() {
        assertThat(parse())
                .isEqualTo(
                        new Options(
                                Path.of("/users/me/.remit"), 0, null, null, null, null, TEN, ME));
    }

    @Test
    void what_is_said_is_taken() {
        assertThat(parse("--home", "/h", "--config=r.yaml", "--port=20001", "--idle-stop", "30m"))
                .isEqualTo(
                        new Options(
                                Path.of("/h"),
                                20001,
                                Path.of("r.yaml"),
                                Duration.ofMinutes(30),
                                null,
                                null,
                                TEN,
                                ME));
    }

    @Test
    void the_database_may_be_that_of_another_server_and_the_command_line_goes_first() {
        var environment = Map.of("REMIT_DATABASE_URL", "postgresql://u:p@h/d");
        assertThat(Options.parse(new String[] {}, environment).database())
                .contains("postgresql://u:p@h/d");
        var named = new String[] {"--database", "/other/home", "--drain-time=45s"};
        assertThat(Options.parse(named, environment).database()).contains("/other/home");
        assertThat(Options.parse(named, environment).drainTime()).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    void a_dispatcher_is_named_in_one_word() {
        assertThat(parse("--dispatcher", "local").dispatcher())
                .isEqualTo(new DispatcherChoice.Local());
        assertThat(parse("--dispatcher=temporal://t:7233/ns").dispatcher())
                .isEqualTo(new DispatcherChoice.Temporal("t:7233", "ns", "remit", null, null));
        assertThatThrownBy(() -> parse("--dispatcher", "temporal"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("temporal://host:port/namespace")
                .hasMessageContaining("Usage:");
    }

    @Test
    void the_environment_names_home_and_database() {
        var options =
                Options.parse(
                        new String[0],
                        Map.of("REMIT_HOME", "/h", "REMIT_DATABASE_URL", "postgresql://db/x"));
        assertThat(options.home()).isEqualTo(Path.of("/h"));
        assertThat(options.database()).hasValue("postgresql://db/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nonsense",
                "word",
                "--home",
                "--config",
                "--port=x",
                "--port=65536",
                "--idle-stop=0m",
                "--idle-stop=soon"
            })
    void wrong_usage_is_told_with_what_is_right(String word) {
        assertThatThrownBy(() -> parse(word))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("Usage:")
                .extracting(e -> ((StartFailure) e).exitCode())
                .isEqualTo(2);
    }
}
