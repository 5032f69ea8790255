package dev.remit.clients;

import java.io.IOException;
import java.util.List;

/// Everything that the clients are tried on.
final class Setups {
    private Setups() {}

    static List<Setup> all() throws IOException {
        return List.of(Setup.straight());
    }
}
