package dev.remit.engine.temporal;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/// When a session is driven. Its id is the session's. It runs while the session has something to do
/// or is due at a time; a session that waits for a word alone has none.
@WorkflowInterface
public interface SessionWorkflow {
    String TYPE = "remit.session.v1";
    String WAKE = "wake";
    String WAKE_AT = "wakeAt";

    /// @param due milliseconds since 1970; 0: at once
    @WorkflowMethod(name = TYPE)
    void carry(String session, long due);

    /// It may have something to do.
    @SignalMethod(name = WAKE)
    void wake();

    /// It will have, at that time, in milliseconds since 1970.
    @SignalMethod(name = WAKE_AT)
    void wakeAt(long due);
}
