package dev.remit.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `openai`, `@anthropic-ai/sdk`, `@google/genai` and `ai` from npm, unmodified. That they work
/// straight on the fakes proves fakes and tests; that they work through the gateway, the gateway.
@Tag("slow")
class NpmClientsTest {
    private static final Duration ENOUGH = Duration.ofMinutes(2);

    private static Npm npm;
    private static Setup straight;

    @BeforeAll
    static void start() throws Exception {
        npm = Npm.install();
        straight = Setup.straight();
    }

    @AfterAll
    static void stop() {
        if (straight != null) {
            straight.end();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "anthropic", "gemini", "ai-sdk"})
    void the_client_works_straight_on_the_fake(String client) throws Exception {
        passes(client, straight);
    }

    private static void passes(String client, Setup setup) throws Exception {
        var ended = npm.test(client, setup.environment(), ENOUGH);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).containsPattern("pass [1-9]");
    }
}
