package dev.remit.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.settings.DispatcherChoice.Local;
import dev.remit.core.settings.DispatcherChoice.Temporal;
import dev.remit.core.settings.DispatcherChoice.Tls;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DispatcherChoiceTest {
    private static SettingsReading read(String dispatcher) {
        return SettingsReader.read(
                "remit: server/v1\ndispatcher: " + dispatcher + "\n", path -> null);
    }

    private static DispatcherChoice choice(String dispatcher) {
        var reading = read(dispatcher);
        assertThat(reading.faults()).isEmpty();
        return Objects.requireNonNull(reading.settings()).dispatcher();
    }

    @Test
    void without_a_word_the_nodes_dispatch_by_themselves() {
        assertThat(Settings.none().dispatcher()).isEqualTo(new Local());
        assertThat(choice("local")).isEqualTo(new Local());
    }

    @Test
    void a_temporal_cluster_is_named_by_its_frontend_and_the_rest_is_usual() {
        assertThat(choice("{ temporal: { target: 127.0.0.1:7233 } }"))
                .isEqualTo(new Temporal("127.0.0.1:7233", "remit", "remit", null, null));
    }

    @Test
    void secrets_are_named_and_an_api_key_means_an_encrypted_connection() {
        var named =
                """
                { temporal: { target: eu.tmprl.cloud:7233, namespace: acme.a1b2, \
                task_queue: eu, credential: temporal } }\
                """;
        assertThat(choice(named))
                .isEqualTo(
                        new Temporal(
                                "eu.tmprl.cloud:7233", "acme.a1b2", "eu", "temporal", Tls.USUAL));
        var mutual =
                """
                { temporal: { target: t:7233, tls: { authority: ca, certificate: cert, \
                credential: cert-private, server_name: temporal.acme.example } } }\
                """;
        assertThat(((Temporal) choice(mutual)).tls())
                .isEqualTo(new Tls("ca", "cert", "cert-private", "temporal.acme.example"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    restate                                           | there is no dispatcher
                    { restate: { target: a:1 } }                      | restate
                    {}                                                | temporal
                    { temporal: {} }                                  | target
                    { temporal: { target: localhost } }               | no address
                    { temporal: { target: a:70000 } }                 | no address
                    { temporal: { target: a:1, namespace: "a b" } }   | no name
                    { temporal: { target: a:1, queue: x } }           | queue
                    { temporal: { target: a:1, tls: false, credential: t } } | anybody can read
                    { temporal: { target: a:1, tls: { certificate: c } } }   | credential
                    """)
    void what_is_wrong_is_said_with_its_line(String dispatcher, String said) {
        var faults = read(dispatcher).faults();
        assertThat(faults).isNotEmpty().allMatch(fault -> fault.line() == 2);
        assertThat(faults.toString()).contains(said);
    }

    @Test
    void a_key_in_the_file_is_refused_and_not_repeated() {
        var key = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789";
        var faults = read("{ temporal: { target: a:1, credential: " + key + " } }").faults();
        assertThat(faults).hasSize(1);
        assertThat(faults.toString()).doesNotContain(key);
    }

    @Test
    void the_command_line_says_the_same_in_one_word() {
        assertThat(DispatcherChoice.parse("local")).isEqualTo(new Local());
        assertThat(DispatcherChoice.parse("temporal://127.0.0.1:7233/ns"))
                .isEqualTo(new Temporal("127.0.0.1:7233", "ns", "remit", null, null));
        assertThat(DispatcherChoice.parse("temporal://[::1]:7233?task_queue=q&credential=key"))
                .isEqualTo(new Temporal("[::1]:7233", "remit", "q", "key", Tls.USUAL));
        assertThat(DispatcherChoice.parse("temporal://h:7233/ns?tls=true"))
                .isEqualTo(new Temporal("h:7233", "ns", "remit", null, Tls.USUAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "temporal",
                "temporal://",
                "temporal://host/ns",
                "temporal://host:0/ns",
                "temporal://host:7233/a/b",
                "temporal://user:word@host:7233/ns",
                "temporal://host:7233/ns?what=1",
                "http://host:7233/ns"
            })
    void any_other_word_is_refused_with_what_would_be_right(String word) {
        assertThatThrownBy(() -> DispatcherChoice.parse(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("temporal://host:port/namespace");
    }
}
