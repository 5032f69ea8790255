package dev.remit.engine.temporal;

import dev.remit.core.settings.DispatcherChoice.Temporal;
import dev.remit.runtime.Dispatching;
import dev.remit.runtime.EngineDurability;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// What the local dispatcher has to pass, on Temporal.
class EngineOnTemporalTest extends EngineDurability {
    private static Frontend frontend;

    private final Temporal address = frontend.fresh();

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
}
