package dev.remit.engine.temporal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remit.server.PlugDurability;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The same, on a real Temporal server.
@Tag("slow")
class PlugOnRealTemporalTest extends PlugDurability {
    @TempDir static Path shared;

    private static Frontend frontend;

    private final String queue = UUID.randomUUID().toString();

    @BeforeAll
    static void start() throws Exception {
        var program = Frontend.installed();
        assumeTrue(program.isPresent(), "REMIT_TEMPORAL_SERVER names no program `temporal`");
        frontend = Frontend.real(program.orElseThrow(), shared);
    }

    @AfterAll
    static void end() {
        if (frontend != null) {
            frontend.close();
        }
    }

    @Override
    protected String[] arguments() {
        return new String[] {"--dispatcher", frontend.word(queue)};
    }

    @Override
    protected int kills() {
        return 4;
    }
}
