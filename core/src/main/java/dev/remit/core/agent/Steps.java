package dev.remit.core.agent;

import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import dev.remit.core.tool.Tool;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the `steps:` of a workflow: which kind each of them is. The kinds are read by [TaskSteps],
/// [FlowSteps] and [PauseSteps].
final class Steps {
    private static final int DEEPEST = 20;
    private static final int MOST = 500;

    /// Most things that one run may do, with every list and repetition at its bound.
    static final long MOST_ACTIONS = 20_000;

    private static final List<String> KINDS =
            List.of(
                    "agent",
                    "do",
                    "parallel",
                    "sequence",
                    "map",
                    "choose",
                    "repeat",
                    "approve",
                    "wait",
                    "workflow");
    private static final String RIGHT =
            String.join(", ", KINDS.stream().map(kind -> "`" + kind + ":`").toList());

    final Source source;
    final Faults faults;
    final StepNames names;
    final Map<String, Tool> tools;
    final Set<String> usedTools = new LinkedHashSet<>();
    private final TaskSteps tasks;
    private final FlowSteps flow;
    private final PauseSteps pauses;

    /// @param agents that could be read, by their name within the workflow
    /// @param agentNames of all that have a folder
    /// @param workflows that a step may run
    /// @param ran where those go that a step does run
    /// @param tools every tool that there is
    Steps(
            Source source,
            Faults faults,
            Map<String, AgentDefinition> agents,
            Set<String> agentNames,
            Workflows workflows,
            Map<String, DefinitionRef> ran,
            Map<String, Tool> tools) {
        this.source = source;
        this.faults = faults;
        this.tools = tools;
        this.names = new StepNames(source, faults);
        this.tasks = new TaskSteps(this, agents, agentNames, workflows, ran);
        this.flow = new FlowSteps(this);
        this.pauses = new PauseSteps(this);
    }

    List<WorkflowStep> read(String pointer, References known) {
        var steps = list(pointer, known, 0).steps();
        long most = StepCount.of(steps);
        if (most > MOST_ACTIONS) {
            at(
                    pointer,
                    "one run of this could do " + most + " things",
                    "at most "
                            + MOST_ACTIONS
                            + ": lower the `at_most` of a map or of a repetition");
        }
        return steps;
    }

    Set<String> usedTools() {
        return usedTools;
    }

    /// Steps one after the other.
    ///
    /// @param last name of the last one; absent if it has none
    /// @param answer schema of what the last one answers
    record Read(List<WorkflowStep> steps, @Nullable String last, @Nullable JsonNode answer) {}

    /// One step.
    ///
    /// @param name absent if it has none
    record One(WorkflowStep step, @Nullable String name, @Nullable JsonNode answer) {}

    /// A list of steps, or the name of a single agent.
    Read list(String pointer, References known, int depth) {
        if (source.at(pointer).isString()) {
            return step(pointer, known, depth)
                    .map(one -> new Read(List.of(one.step()), one.name(), one.answer()))
                    .orElse(new Read(List.of(), null, null));
        }
        var steps = new ArrayList<WorkflowStep>();
        String last = null;
        JsonNode answer = null;
        for (int i = 0; i < source.at(pointer).size(); i++) {
            var one = step(Source.child(pointer, i), known, depth);
            if (one.isPresent()) {
                steps.add(one.get().step());
                last = one.get().name();
                answer = one.get().answer();
            }
        }
        return new Read(List.copyOf(steps), last, answer);
    }

    /// A list of steps that must be there and not be empty.
    Read list(Fields fields, String key, References known, int depth) {
        if (!fields.has(key)) {
            fields.missing(key, key + ": [name-of-an-agent]");
            return new Read(List.of(), null, null);
        }
        var node = fields.get(key);
        return (node != null && node.isString()) || nonEmpty(fields, key)
                ? list(fields.pointer(key), known, depth + 1)
                : new Read(List.of(), null, null);
    }

    Optional<One> step(String pointer, References known, int depth) {
        var value = source.at(pointer);
        if (depth > DEEPEST || names.count() >= MOST) {
            at(
                    pointer,
                    "the workflow is too large",
                    "at most " + MOST + " steps, nested at most " + DEEPEST + " deep");
            return Optional.empty();
        }
        if (value.isString() && !value.asString().isBlank()) {
            return Optional.of(tasks.agent(pointer, value.asString(), known));
        }
        if (!(value instanceof ObjectNode object)) {
            at(
                    pointer,
                    "this is " + Fields.describe(value) + ", not a step",
                    "the name of an agent, or one of " + RIGHT);
            return Optional.empty();
        }
        var kind = kind(pointer, object);
        return kind.isEmpty()
                ? Optional.empty()
                : Fields.at(source, pointer, Keys.STEPS.getOrDefault(kind, Set.of()), faults)
                        .flatMap(fields -> step(kind, fields, known, depth));
    }

    private Optional<One> step(String kind, Fields fields, References known, int depth) {
        return switch (kind) {
            case "agent" -> tasks.agent(fields, known);
            case "do" -> tasks.tool(fields, known);
            case "workflow" -> tasks.workflow(fields, known);
            case "parallel" -> Optional.of(flow.parallel(fields, known, depth));
            case "map" -> flow.map(fields, known, depth);
            case "choose" -> Optional.of(flow.choose(fields, known, depth));
            case "repeat" -> flow.repeat(fields, known, depth);
            case "approve" -> pauses.approve(fields, known, depth);
            case "wait" -> pauses.await(fields, known, depth);
            default -> {
                var read = list(fields, "sequence", known, depth);
                yield Optional.of(
                        new One(new WorkflowStep.Sequence(read.steps()), null, read.answer()));
            }
        };
    }

    /// The one kind that a step is; empty, with a fault, if it is none or several.
    private String kind(String pointer, ObjectNode object) {
        var kinds = new ArrayList<>(KINDS);
        kinds.retainAll(object.propertyNames());
        if (kinds.size() == 1) {
            return kinds.getFirst();
        }
        var near =
                object.propertyNames().stream()
                        .flatMap(k -> Nearest.to(k, KINDS).stream())
                        .findFirst();
        at(
                pointer,
                kinds.isEmpty()
                        ? "this is no step"
                        : "this is several steps in one: " + String.join(", ", kinds),
                kinds.isEmpty() && near.isPresent()
                        ? "did you mean `" + near.get() + "`?"
                        : "exactly one of " + RIGHT);
        return "";
    }

    boolean nonEmpty(Fields fields, String key) {
        boolean filled = fields.list(key) > 0;
        if (!filled && source.at(fields.pointer(key)).isArray()) {
            fields.fault(key, "`" + key + "` is empty", "name at least one step");
        }
        return filled;
    }

    /// The name that a step gives itself.
    String name(Fields fields, String key, String otherwise) {
        var name = fields.text(key);
        if (name == null) {
            return otherwise;
        }
        if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,62}")) {
            fields.fault(key, "`" + name + "` is no name for a step", "letters, digits, _ and -");
        }
        return name;
    }

    /// The step has a name that no other has, and is known to those after it.
    One done(
            String pointer,
            String name,
            @Nullable JsonNode answer,
            boolean merges,
            WorkflowStep step,
            References known) {
        names.add(pointer, name, answer, merges);
        known.add(name, answer);
        return new One(step, name, answer);
    }

    void at(String pointer, String wrong, String right) {
        faults.add(source.file(), source.value(pointer), wrong, right);
    }
}
