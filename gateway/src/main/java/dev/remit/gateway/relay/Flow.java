package dev.remit.gateway.relay;

import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.GatewayError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An answer that comes step by step, pulled by whoever passes it on. Used by one thread.
public interface Flow extends AutoCloseable {
    /// One event of the stream.
    ///
    /// @param raw as it came, if it can be passed on so
    /// @param deltas what it says
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Step(byte @Nullable [] raw, List<Delta> deltas) {
        public Step {
            deltas = List.copyOf(deltas);
        }
    }

    /// @return nothing at the good end
    /// @throws Broken if it ends badly; everything is settled then
    /// @throws InterruptedException if the call was cancelled
    @Nullable Step next() throws Broken, InterruptedException;

    /// Whether its events are passed on as they came. Then an event without bytes is left out.
    boolean isPassedOn();

    /// Whose signatures its thoughts carry.
    Dialect origin();

    /// Whether the next step is here already, so that this one need not be sent alone.
    boolean isReady();

    /// Ends it, wherever it is, and settles what it used.
    @Override
    void close();

    /// A stream that broke off after its beginning was passed on.
    final class Broken extends Exception {
        private static final long serialVersionUID = 1;
        private final transient GatewayError error;

        Broken(GatewayError error) {
            super(error.message(), null, false, false);
            this.error = error;
        }

        public GatewayError error() {
            return error;
        }
    }
}
