package dev.remit.core.brain;

import dev.remit.core.session.StopReason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where a part of a workflow's graph stands. Done and failed are for good.
sealed interface Stand {
    /// @param answer absent if the part has none
    record Done(@Nullable JsonNode answer) implements Stand {}

    /// @param open whether something of it is under way; otherwise it only wants to begin
    record Busy(boolean open) implements Stand {}

    /// @param reason with which the workflow closes if nothing catches it
    /// @param aside only because something beside it had failed
    record Failed(String why, StopReason reason, boolean aside) implements Stand {
        Failed(String why) {
            this(why, StopReason.FAILED, false);
        }

        /// The failure of a part of several of which some failed: that of those that failed by
        /// themselves, if there are any.
        static Failed of(List<Failed> all) {
            var causes = all.stream().filter(f -> !f.aside()).toList();
            var told = causes.isEmpty() ? all : causes;
            return new Failed(
                    String.join("; ", told.stream().map(Failed::why).toList()),
                    told.getFirst().reason(),
                    causes.isEmpty());
        }
    }
}
