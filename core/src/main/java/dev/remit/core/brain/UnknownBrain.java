package dev.remit.core.brain;

import dev.remit.core.model.Mind;
import dev.remit.core.session.UnknownLog;

/// A session has a brain that this program does not know.
public final class UnknownBrain extends UnknownLog {
    private static final long serialVersionUID = 1;

    UnknownBrain(String name) {
        super(
                "the session has the brain "
                        + name
                        + ", this Remit has "
                        + String.join(", ", Mind.BRAINS)
                        + ": a newer Remit has to carry it on");
    }
}
