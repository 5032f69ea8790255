package dev.remit.engine.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.settings.DispatcherChoice.Temporal;
import dev.remit.runtime.Dispatching;
import dev.remit.runtime.EngineDurability;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the local dispatcher has to pass, on Temporal.
class EngineOnTemporalTest extends EngineDurability {
    private static Frontend frontend;

    private Temporal address = frontend.fresh();

    @BeforeAll
    static void start() {
        frontend = Frontend.ofLibrary();
    }

    @AfterAll
    static void end() {
        frontend.close();
    }

    @Override
    protected Dispatching dispatcher(String node) {
        return new TemporalDispatcherFactory().make(address, Nothing.SECRET, node);
    }

    @Test
    void sessions_are_accepted_while_the_cluster_is_away_and_driven_when_it_comes() {
        int port = Frontend.port();
        address = Frontend.address(port, "outage");
        var engine = startAnswering();
        var id = open();
        within(
                () -> engine.trouble().filter(t -> t.contains("cannot be reached")).isPresent(),
                "it says what is wrong");
        assertThat(engine.driven()).isZero();
        try (var _ = Frontend.ofLibrary(port)) {
            awaitEnd(id);
            assertThat(engine.trouble()).isEmpty();
            stop();
        }
    }

    @Test
    void a_cluster_that_has_forgotten_everything_is_told_again() {
        int port = Frontend.port();
        address = Frontend.address(port, "oblivion");
        var before = Frontend.ofLibrary(port);
        var engine = startAnswering();
        awaitEnd(open());
        before.close();
        within(() -> engine.trouble().isPresent(), "it notices");
        var id = open();
        try (var _ = Frontend.ofLibrary(port)) {
            awaitEnd(id);
            awaitEnd(open());
            stop();
        }
    }
}
