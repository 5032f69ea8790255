package dev.remit.bench.campaign.check;

/// Something that should not be.
///
/// @param session whose, as far as it is anybody's
public record Finding(Kind kind, String session, String what) {
    /// What a finding is counted as.
    public enum Kind {
        /// Accepted, and not there; done, and by nobody who was asked.
        LOST("lost"),
        /// Done more than once, and not put before a person.
        DUPLICATE("unlisted duplicates"),
        /// Neither ended nor waiting for a person.
        STUCK("stuck"),
        /// Ended, and not as its input says.
        WRONG("wrong"),
        /// A log that is not one.
        LOG("broken logs"),
        /// Books that do not agree.
        MONEY("wrong sums");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}
