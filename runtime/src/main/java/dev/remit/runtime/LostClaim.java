package dev.remit.runtime;

/// This driver is not the session's writer any more, or cannot know whether it is.
final class LostClaim extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean claimAgain;

    /// @param claimAgain whether the session may still be this node's: a new claim tells
    LostClaim(String why, boolean claimAgain) {
        super(why);
        this.claimAgain = claimAgain;
    }

    boolean claimAgain() {
        return claimAgain;
    }
}
