package dev.remit.gateway.guard;

/// A guard lets something not pass. The message says why, never what.
public final class Blocked extends Exception {
    private static final long serialVersionUID = 1;
    private final String guard;

    public Blocked(String guard, String why) {
        super(why, null, false, false);
        this.guard = guard;
    }

    /// The guard's name.
    public String guard() {
        return guard;
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
