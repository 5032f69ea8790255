package dev.remit.core.session;

/// Why a session closed. Says whether it ran; [Outcome] says whether it worked.
public enum StopReason {
    COMPLETED,
    NO_WORK,
    FAILED,
    DENIED,
    CANCELLED,
    KILLED
}
