package dev.remit.core.agent;

import dev.remit.core.json.Hash;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The workflows that were applied before, for a folder that runs one of them.
public interface Applied {
    /// None was.
    Applied NONE = (name, version) -> Optional.empty();

    /// @param version absent: the one that new sessions get
    Optional<WorkflowDefinition> find(String name, @Nullable Hash version);
}
