package dev.remit.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `openai`, `@anthropic-ai/sdk`, `@google/genai` and `ai` from npm, unmodified. That they work
/// straight on the fakes proves fakes and tests; that they work through the gateway, the gateway.
@Tag("slow")
class NpmClientsTest {
    private static final Duration ENOUGH = Duration.ofMinutes(2);

    private static Npm npm;

    @BeforeAll
    static void start() throws Exception {
        npm = Npm.install();
    }

    static List<Arguments> clientsAndSetups() throws Exception {
        var pairs = new ArrayList<Arguments>();
        for (var setup : Setups.all()) {
            for (var client : List.of("openai", "anthropic", "gemini", "ai-sdk")) {
                pairs.add(Arguments.of(client, setup));
            }
        }
        return pairs;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("clientsAndSetups")
    void the_client_works_unmodified(String client, Setup setup) throws Exception {
        passes(client, setup);
    }

    private static void passes(String client, Setup setup) throws Exception {
        var ended = npm.test(client, setup.environment(), ENOUGH);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).containsPattern("pass [1-9]");
    }
}
