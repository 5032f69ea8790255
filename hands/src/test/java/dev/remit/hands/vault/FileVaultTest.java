package dev.remit.hands.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.secret.PatternRedactor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileVaultTest {
    private static final String VALUE = "pürple-monkey-42";

    @TempDir Path home;

    private Path folder() {
        return home.resolve("vault");
    }

    private FileVault vault() {
        return FileVault.open(folder(), Map.of());
    }

    @Test
    void a_credential_outlives_the_process_and_can_be_replaced_and_removed() {
        vault().put("slack.token", "old-value-1");
        vault().put("slack.token", VALUE);
        vault().put("other", "x".repeat(FileVault.LARGEST));
        assertThat(vault().find("slack.token")).contains(VALUE);
        assertThat(vault().names()).containsExactly("other", "slack.token");
        assertThat(vault().remove("slack.token")).isTrue();
        assertThat(vault().remove("slack.token")).isFalse();
        assertThat(vault().find("slack.token")).isEmpty();
    }

    @Test
    void nothing_on_disk_shows_a_value_and_only_the_owner_may_read_it() throws IOException {
        vault().put("slack.token", VALUE);
        vault().put("slack.token", VALUE);
        try (var files = Files.walk(home)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = new String(Files.readAllBytes(file), UTF_8);
                assertThat(text).doesNotContain(VALUE);
                assertThat(text)
                        .doesNotContain(Base64.getEncoder().encodeToString(VALUE.getBytes(UTF_8)));
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void the_same_value_is_never_sealed_the_same_way_twice() throws IOException {
        var files = new HashSet<String>();
        for (int i = 0; i < 20; i++) {
            vault().put("a", VALUE);
            files.add(Files.readString(folder().resolve("a.secret")));
        }
        assertThat(files).hasSize(20);
    }

    @Test
    void whatever_happens_to_an_entry_gives_a_clear_error_and_never_a_wrong_value()
            throws IOException {
        var vault = vault();
        vault.put("a", VALUE);
        var file = folder().resolve("a.secret");
        var whole = Files.readAllBytes(file);
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            var bytes = whole.clone();
            if (i % 3 == 0) {
                bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            } else {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, bytes);
            try {
                // a flipped bit of padding in Base64 may leave the same bytes
                assertThat(vault.find("a")).contains(VALUE);
            } catch (VaultException e) {
                refused++;
                assertThat(trace(e))
                        .contains("\"a\"")
                        .doesNotContain(VALUE)
                        .doesNotContain("pürple");
            }
        }
        assertThat(refused).isGreaterThan(450);
    }

    @Test
    void an_entry_cannot_be_passed_off_as_another() throws IOException {
        var vault = vault();
        vault.put("cheap", "value-one");
        vault.put("dear", "value-two");
        Files.copy(
                folder().resolve("cheap.secret"),
                folder().resolve("dear.secret"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> vault.find("dear"))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("another name");
        var renamed = Files.readString(folder().resolve("cheap.secret")).replace("cheap", "dear");
        Files.writeString(folder().resolve("dear.secret"), renamed);
        assertThatThrownBy(() -> vault.find("dear"))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("changed");
    }

    @Test
    void another_master_key_opens_nothing_and_says_so() {
        var key = Base64.getEncoder().encodeToString(new byte[32]);
        FileVault.open(folder(), Map.of("REMIT_MASTER_KEY", key)).put("a", VALUE);
        assertThat(FileVault.open(folder(), Map.of("REMIT_MASTER_KEY", "00".repeat(32))).find("a"))
                .contains(VALUE);
        assertThatThrownBy(() -> vault().find("a")).hasMessageContaining("another master key");
        assertThat(vault().values()).isEmpty();
        assertThatThrownBy(() ->
                        FileVault.open(folder(), Map.of("REMIT_MASTER_KEY", "too-short-a-key")))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("32 bytes")
                .satisfies(e -> assertThat(trace(e)).doesNotContain("too-short-a-key"));
    }

    @Test
    void a_master_key_that_others_may_read_is_refused() throws IOException {
        vault();
        Files.setPosixFilePermissions(
                folder().resolve("master.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(this::vault)
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void names_and_values_are_bounded_and_an_error_never_quotes_a_value() {
        var vault = vault();
        for (var name :
                new String[] {"", "../a", "a/b", ".hidden", "a b", "x".repeat(65), "ü", "a\n"}) {
            assertThatThrownBy(() -> vault.put(name, VALUE))
                    .isInstanceOf(VaultException.class)
                    .satisfies(e -> assertThat(trace(e)).doesNotContain(VALUE));
            assertThatThrownBy(() -> vault.find(name)).isInstanceOf(VaultException.class);
        }
        for (var value : new String[] {"", " ", "five5", "z".repeat(FileVault.LARGEST + 1)}) {
            assertThatThrownBy(() -> vault.put("a", value))
                    .isInstanceOf(VaultException.class)
                    .hasMessageNotContaining("zzz")
                    .hasMessageNotContaining("five5");
        }
        assertThat(vault.names()).isEmpty();
    }

    @Test
    void values_are_the_same_set_until_something_changes_and_old_ones_stay_recognised() {
        var vault = vault();
        vault.put("a", "first-value");
        var before = vault.values();
        assertThat(vault.values()).isSameAs(before);
        vault.put("a", "second-value");
        assertThat(vault.values()).containsExactlyInAnyOrder("first-value", "second-value");
        vault.remove("a");
        assertThat(new PatternRedactor(vault::values).redact("was first-value, then second-value"))
                .isEqualTo("was [redacted:secret], then [redacted:secret]");
    }

    @Test
    void one_damaged_entry_does_not_hide_the_others() throws IOException {
        var vault = vault();
        vault.put("a", "first-value");
        Files.writeString(folder().resolve("b.secret"), "{nonsense");
        vault.put("c", "third-value");
        assertThat(vault.values()).containsExactlyInAnyOrder("first-value", "third-value");
        assertThat(vault.names()).containsExactly("a", "b", "c");
    }

    @Test
    void a_vault_that_vanishes_still_knows_what_to_redact() throws IOException {
        var vault = vault();
        vault.put("a", "first-value");
        assertThat(vault.values()).containsExactly("first-value");
        Files.move(folder(), home.resolve("gone"));
        assertThat(vault.values()).containsExactly("first-value");
        assertThat(vault.find("a")).isEmpty();
    }

    @Test
    void many_first_users_at_once_agree_on_one_master_key() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var opened = new java.util.ArrayList<Callable<Void>>();
            for (int i = 0; i < 32; i++) {
                var name = "k" + i;
                opened.add(() -> {
                    vault().put(name, VALUE + name);
                    return null;
                });
            }
            for (var done : pool.invokeAll(opened)) {
                done.get();
            }
        }
        for (int i = 0; i < 32; i++) {
            assertThat(vault().find("k" + i)).contains(VALUE + "k" + i);
        }
    }

    @Test
    void vendors_keys_are_found_under_their_usual_names() {
        var environment =
                new EnvironmentSecrets(
                        Map.of(
                                "GEMINI_API_KEY", "gemini-key",
                                "GOOGLE_API_KEY", "google-key",
                                "GROQ_API_KEY", "groq-key",
                                "REMIT_SECRET_GROQ", "own-groq-key",
                                "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
                                "AWS_SECRET_ACCESS_KEY", "aws-secret"));
        assertThat(environment.find("gemini")).contains("gemini-key");
        assertThat(environment.find("groq")).contains("own-groq-key");
        assertThat(environment.find("AWS_SECRET_ACCESS_KEY")).contains("aws-secret");
        assertThat(environment.find("mistral")).isEmpty();
        assertThat(environment.values()).contains("google-key", "aws-secret", "own-groq-key");
    }

    @Test
    void the_environment_and_the_vault_are_asked_in_order() {
        var environment =
                new EnvironmentSecrets(
                        Map.of(
                                "ANTHROPIC_API_KEY",
                                "key-from-env",
                                "REMIT_SECRET_SLACK_TOKEN",
                                "slack-from-env",
                                "OPENAI_API_KEY",
                                " ",
                                "HOME",
                                "/root"));
        assertThat(environment.find("anthropic")).contains("key-from-env");
        assertThat(environment.find("slack.token")).contains("slack-from-env");
        assertThat(environment.find("openai")).isEmpty();
        assertThat(environment.values())
                .containsExactlyInAnyOrder("key-from-env", "slack-from-env");
        var vault = vault();
        vault.put("anthropic", "key-from-vault");
        var chain = new ChainedSecrets(vault, environment);
        assertThat(chain.find("anthropic")).contains("key-from-vault");
        assertThat(chain.find("slack.token")).contains("slack-from-env");
        assertThat(chain.values())
                .containsExactlyInAnyOrder("key-from-env", "slack-from-env", "key-from-vault");
        assertThat(chain.values()).isSameAs(chain.values());
    }

    private static String trace(Throwable e) {
        var out = new StringWriter();
        e.printStackTrace(new PrintWriter(out, true));
        return out.toString();
    }
}
