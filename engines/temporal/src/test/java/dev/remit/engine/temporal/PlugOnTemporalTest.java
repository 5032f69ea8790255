package dev.remit.engine.temporal;

import dev.remit.server.PlugDurability;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// The plug is pulled on servers that Temporal gives their sessions.
@Tag("slow")
class PlugOnTemporalTest extends PlugDurability {
    private static Frontend frontend;

    private final String queue = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        frontend = Frontend.ofLibrary();
    }

    @AfterAll
    static void end() {
        frontend.close();
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
