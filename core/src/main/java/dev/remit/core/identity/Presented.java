package dev.remit.core.identity;

/// What became of a key that somebody showed.
public sealed interface Presented {
    record Accepted(LiveKey key) implements Presented {}

    record Refused(Why why) implements Presented {}

    /// Why a key is not accepted. Each is told to whoever showed it: `REVOKED` and `EXPIRED` only
    /// to those who know the whole key.
    enum Why {
        MISSING("no key was sent"),
        UNKNOWN("this key is not known"),
        REVOKED("this key was revoked"),
        EXPIRED("this key has expired"),
        /// This server has not heard from the database for so long that keys may have been revoked.
        UNAVAILABLE("keys cannot be checked just now; try again"),
        /// Too many keys that nobody knows are being tried.
        BUSY("too many unknown keys are being tried; try again");

        private final String said;

        Why(String said) {
            this.said = said;
        }

        /// Whether the same key may be accepted a little later.
        public boolean isTransient() {
            return this == UNAVAILABLE || this == BUSY;
        }

        /// For people.
        @Override
        public String toString() {
            return said;
        }
    }
}
