package dev.remit.engine.temporal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remit.core.settings.DispatcherChoice.Temporal;
import dev.remit.runtime.Dispatching;
import dev.remit.runtime.EngineDurability;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The same, on a real Temporal server.
@Tag("slow")
class EngineOnRealTemporalTest extends EngineDurability {
    @TempDir static Path folder;

    private static Frontend frontend;

    private final Temporal address = frontend.fresh();

    @BeforeAll
    static void start() throws Exception {
        var program = Frontend.installed();
        assumeTrue(program.isPresent(), "REMIT_TEMPORAL_SERVER names no program `temporal`");
        frontend = Frontend.real(program.orElseThrow(), folder);
    }

    @AfterAll
    static void end() {
        if (frontend != null) {
            frontend.close();
        }
    }

    @Override
    protected Dispatching dispatcher(String node) {
        return new TemporalDispatcherFactory().make(address, Nothing.SECRET, node);
    }
}
