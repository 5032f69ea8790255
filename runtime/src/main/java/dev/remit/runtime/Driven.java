package dev.remit.runtime;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What became of driving a session, for whoever decides when it is driven next.
public sealed interface Driven {
    /// It waits, and nobody has it.
    ///
    /// @param due when it is to be driven again if nothing comes before; absent: only then
    record Idle(@Nullable Instant due) implements Driven {}

    /// There is nothing left to do in it, ever: it is closed, or does not exist.
    record Closed() implements Driven {}

    /// It runs on this node already, and was told to look again.
    record Here() implements Driven {}

    /// The claim was refused or lost: another node has the session, or this one is fenced.
    record Elsewhere(String why) implements Driven {}

    /// Nobody knows how far it came. It should be claimed again.
    ///
    /// @param after so long; zero: at once, since something came at the last moment
    record Again(Duration after) implements Driven {}

    /// This node is stopping and drives nothing more.
    record Stopping() implements Driven {}
}
