package dev.remit.core.agent;

import dev.remit.core.json.Hash;

/// What a session runs: an agent or a workflow, one immutable version of it.
public sealed interface Definition permits AgentDefinition, WorkflowDefinition {
    /// In the registry; an agent inside a workflow's folder is named `workflow.agent`.
    String name();

    /// The hash of every file it was read from.
    Hash version();

    String description();

    default DefinitionRef ref() {
        return new DefinitionRef(name(), version());
    }
}
