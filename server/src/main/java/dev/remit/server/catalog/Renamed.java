package dev.remit.server.catalog;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.DefinitionRef;

/// An agent of a workflow is known by both names; its own files know only the second one.
final class Renamed {
    private Renamed() {}

    static AgentDefinition agent(AgentDefinition agent, DefinitionRef ref) {
        if (agent.ref().equals(ref)) {
            return agent;
        }
        return new AgentDefinition(
                ref.name(),
                ref.version(),
                agent.description(),
                agent.owner(),
                agent.supervisor(),
                agent.affects(),
                agent.model(),
                agent.instructions(),
                agent.input(),
                agent.answer(),
                agent.may(),
                agent.never(),
                agent.onTrouble(),
                agent.sessionBudget(),
                agent.limits(),
                agent.checks(),
                agent.goodWhen(),
                agent.value(),
                agent.tools(),
                agent.files(),
                agent.rehearsal(),
                agent.brain());
    }
}
