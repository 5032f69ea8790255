package dev.remit.core.brain;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.core.session.State;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Whether a session that has begun by one version of a definition may go on by another.
///
/// An agent may, if the other version still takes the session's input. A workflow may, if what it
/// has begun stands unchanged at the same places: where a workflow stands is computed from the
/// names of what was done, so a step that moved, went away or became another one would be taken for
/// done, or done again.
public final class Compatibility {
    private final Set<String> begun;

    private Compatibility(State state) {
        this.begun = new HashSet<>();
        state.actions().keySet().forEach(id -> begun.add(id.value()));
    }

    /// @return why not, in words; empty if it may
    public static Optional<String> refusal(Definition from, Definition to, State state) {
        if (!from.name().equals(to.name())) {
            return Optional.of(
                    "it runs " + from.name() + ", and that is a version of " + to.name());
        }
        return switch (to) {
            case AgentDefinition agent when from instanceof AgentDefinition ->
                    input(agent.input(), state);
            case WorkflowDefinition workflow when from instanceof WorkflowDefinition was ->
                    input(workflow.input(), state)
                            .or(() ->
                                    new Compatibility(state)
                                            .sequence(was.steps(), workflow.steps()));
            case AgentDefinition a -> Optional.of(to.name() + " is an agent there, no workflow");
            case WorkflowDefinition w -> Optional.of(to.name() + " is a workflow there, no agent");
        };
    }

    private static Optional<String> input(
            @org.jspecify.annotations.Nullable JsonNode schema, State state) {
        if (schema == null) {
            return Optional.empty();
        }
        return Schema.compile(schema).check(state.opened().input().value()).stream()
                .findFirst()
                .map(fault ->
                        "that version does not take the session's input: "
                                + (fault.pointer().isEmpty() ? "/" : fault.pointer())
                                + ": "
                                + fault.wrong());
    }

    /// What has begun of steps that go one after the other must be their unchanged beginning.
    private Optional<String> sequence(List<WorkflowStep> was, List<WorkflowStep> is) {
        int last = -1;
        for (int i = 0; i < was.size(); i++) {
            last = hasBegun(was.get(i)) ? i : last;
        }
        for (int i = 0; i <= last; i++) {
            if (i == is.size()) {
                return Optional.of(gone(was.get(i)));
            }
            var refusal = same(was.get(i), is.get(i));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private Optional<String> same(WorkflowStep was, WorkflowStep is) {
        if (was.equals(is)) {
            return Optional.empty();
        }
        return switch (was) {
            case WorkflowStep.Sequence s when is instanceof WorkflowStep.Sequence other ->
                    sequence(s.steps(), other.steps());
            case WorkflowStep.Parallel p when is instanceof WorkflowStep.Parallel other ->
                    parallel(p, other);
            case WorkflowStep.Agent a
                    when is instanceof WorkflowStep.Agent other
                            && a.name().equals(other.name())
                            && a.agent().equals(other.agent()) ->
                    Optional.empty();
            case WorkflowStep.Do d
                    when is instanceof WorkflowStep.Do other
                            && d.name().equals(other.name())
                            && d.tool().equals(other.tool()) ->
                    Optional.empty();
            default -> Optional.of(gone(was));
        };
    }

    /// Branches that have begun must be there; others may come and go.
    private Optional<String> parallel(WorkflowStep.Parallel was, WorkflowStep.Parallel is) {
        for (var branch : was.branches()) {
            boolean found =
                    !hasBegun(branch)
                            || is.branches().stream().anyMatch(b -> same(branch, b).isEmpty());
            if (!found) {
                return Optional.of(gone(branch));
            }
        }
        return Optional.empty();
    }

    private String gone(WorkflowStep step) {
        return "the step `"
                + names(step).stream().sorted().findFirst().orElse("?")
                + "` has begun, and is not the same or not at the same place in that version";
    }

    private boolean hasBegun(WorkflowStep step) {
        return names(step).stream().anyMatch(this::hasBegun);
    }

    /// A step may have several actions, named after it with something that no name has.
    private boolean hasBegun(String name) {
        return begun.stream()
                .anyMatch(id ->
                        id.equals(name)
                                || (id.startsWith(name)
                                        && !Character.isLetterOrDigit(id.charAt(name.length()))
                                        && "-_".indexOf(id.charAt(name.length())) < 0));
    }

    /// The names of a step and all that is in it, whatever kinds of steps there are.
    private static Set<String> names(WorkflowStep step) {
        var names = new HashSet<String>();
        Json.tree(step).findValues("name").stream()
                .filter(JsonNode::isString)
                .map(name -> Objects.requireNonNull(name.stringValue()))
                .forEach(names::add);
        return names;
    }
}
