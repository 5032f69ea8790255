package dev.remit.core.session;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.text.Fault;

/// What a session works by was applied by another build, and this one cannot read it.
public final class UnknownDefinition extends UnknownLog {
    private static final long serialVersionUID = 1;

    public UnknownDefinition(DefinitionRef definition, Fault first) {
        super(
                definition
                        + " was applied by another build, and this one cannot read it ("
                        + first
                        + "): a newer Remit has to use it");
    }
}
