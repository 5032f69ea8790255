package dev.remit.core.session;

import java.util.List;

/// Whether the work was good, apart from whether it ran.
///
/// @param reasons what was wrong, or what was not checked
public record Outcome(Status status, List<String> reasons) {
    public static final Outcome GOOD = new Outcome(Status.GOOD, List.of());

    public Outcome {
        reasons = List.copyOf(reasons);
    }

    /// Only a passed check makes it good.
    public enum Status {
        UNVERIFIED,
        GOOD,
        NOT_GOOD
    }

    public static Outcome unverified(String reason) {
        return new Outcome(Status.UNVERIFIED, List.of(reason));
    }

    public static Outcome notGood(List<String> reasons) {
        return new Outcome(Status.NOT_GOOD, reasons);
    }
}
