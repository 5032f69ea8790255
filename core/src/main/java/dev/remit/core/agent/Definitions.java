package dev.remit.core.agent;

/// Where applied versions are found again.
public interface Definitions {
    /// @throws java.util.NoSuchElementException if that version was never applied here
    Definition find(DefinitionRef ref);
}
