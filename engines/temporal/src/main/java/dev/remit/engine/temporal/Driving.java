package dev.remit.engine.temporal;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/// Drives a session on the node that gets the task, until it has nothing to do.
@ActivityInterface
public interface Driving {
    @ActivityMethod(name = "remit.drive")
    Rest drive(String session);
}
