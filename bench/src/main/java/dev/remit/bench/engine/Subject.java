package dev.remit.bench.engine;

import dev.remit.bench.harness.Piped;
import java.io.IOException;

/// An engine that runs the workflow of ten steps.
///
/// @param name as the table says it
record Subject(String name, Round round) {
    /// One round of load.
    interface Round {
        Piped.Done run(int atOnce, double seconds) throws IOException, InterruptedException;
    }
}
