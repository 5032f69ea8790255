package dev.remit.core.session;

import dev.remit.core.identity.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a session stands in the queue of those that have something to do. Decided when it is
/// opened; the same on every node.
///
/// @param priority from [#LOWEST] to [#HIGHEST], the higher the sooner; absent: its parent's, or
///   [#USUAL]
/// @param team that waits its turn among the teams; absent: its parent's, or the one of all that
///   have none
/// @param atOnce how many sessions of its agent may be under way at a time; absent: any number
public record Standing(
        Lane lane, @Nullable Integer priority, @Nullable String team, @Nullable Integer atOnce) {
    public static final int LOWEST = -9;
    public static final int USUAL = 0;
    public static final int HIGHEST = 9;

    public Standing {
        if (priority != null && (priority < LOWEST || priority > HIGHEST)) {
            throw new IllegalArgumentException(
                    "a priority is from " + LOWEST + " to " + HIGHEST + ", not " + priority);
        }
        if (atOnce != null && atOnce < 1) {
            throw new IllegalArgumentException("at once at least 1, not " + atOnce);
        }
    }

    /// Who waits for it. Each goes before the next, whatever the priority.
    public enum Lane {
        /// A person asked for it.
        PEOPLE(0),
        /// An agent asked for it, on behalf of a person.
        DELEGATED(100),
        /// Nobody waits in front of a screen: a service, a schedule, a webhook asked for it, or an
        /// agent on their behalf.
        UNATTENDED(200);

        private final int urgency;

        Lane(int urgency) {
            this.urgency = urgency;
        }

        /// Of a session of the usual priority; the lowest goes first. A priority takes itself off
        /// it.
        public int urgency() {
            return urgency;
        }
    }

    /// @param cause who asks first, and then on whose behalf
    public static Standing of(List<Principal> cause) {
        return new Standing(lane(cause), null, null, null);
    }

    public static Lane lane(List<Principal> cause) {
        if (cause.getFirst().kind() == Principal.Kind.PERSON) {
            return Lane.PEOPLE;
        }
        return cause.getLast().kind() == Principal.Kind.PERSON ? Lane.DELEGATED : Lane.UNATTENDED;
    }
}
