package dev.remit.core.agent;

import dev.remit.core.json.Hash;

/// Names one immutable version of an agent or a workflow.
public record DefinitionRef(String name, Hash version) {
    @Override
    public String toString() {
        return name + "@" + version.brief();
    }
}
