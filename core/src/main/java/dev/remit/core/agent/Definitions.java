package dev.remit.core.agent;

/// Where applied versions are found again.
public interface Definitions {
    /// @throws java.util.NoSuchElementException if that version was never applied here
    /// @throws dev.remit.core.session.UnknownDefinition if another build applied it, and this one
    ///   cannot read it
    Definition find(DefinitionRef ref);
}
