package dev.remit.server;

import org.junit.jupiter.api.Tag;

/// With the dispatcher that needs nothing but the log.
@Tag("slow")
class PlugTest extends PlugDurability {
    @Override
    protected String[] arguments() {
        return new String[0];
    }

    @Override
    protected int kills() {
        return 10;
    }
}
