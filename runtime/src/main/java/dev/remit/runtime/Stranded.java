package dev.remit.runtime;

import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Loaded;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.Waiting;
import java.util.List;
import java.util.function.Consumer;

/// A session whose definition cannot be had: nothing can be done but to say so, and to wait.
final class Stranded {
    private final Writer writer;

    Stranded(Parts parts, Claim.Claimed claimed, Loaded loaded, Consumer<List<Outgoing>> sent) {
        this.writer = new Writer(parts.log(), parts.clock(), claimed.fence(), loaded, sent);
    }

    /// @return false if that could not be written down
    boolean park(String why) {
        var waiting =
                new Waiting.Trouble(
                        "its definition cannot be used: "
                                + why
                                + "; put that right, then ./remit redrive "
                                + writer.fence().session(),
                        List.of());
        writer.add(new Event.Idled(waiting));
        try {
            // Mail is not taken in, or the session would be claimed for it again and again.
            var written = writer.flush(new Then.Park(waiting, null, Long.MAX_VALUE), writer.mark());
            return written == Writer.Written.AND_PARKED;
        } catch (LostClaim e) {
            return false;
        }
    }
}
