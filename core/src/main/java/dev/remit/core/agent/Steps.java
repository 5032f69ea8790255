package dev.remit.core.agent;

import dev.remit.core.agent.WorkflowStep.IfOneFails;
import dev.remit.core.json.Json;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import dev.remit.core.tool.Tool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the `steps:` of a workflow.
final class Steps {
    private static final int DEEPEST = 20;
    private static final int MOST = 500;

    private final Source source;
    private final Faults faults;
    private final Map<String, AgentDefinition> agents;
    private final Set<String> agentNames;
    private final Map<String, Tool> tools;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Optional<JsonNode>> answers = new LinkedHashMap<>();
    private final Set<String> usedTools = new LinkedHashSet<>();

    /// @param agents that could be read, by their name within the workflow
    /// @param agentNames of all that have a folder
    /// @param tools every tool that there is
    Steps(
            Source source,
            Faults faults,
            Map<String, AgentDefinition> agents,
            Set<String> agentNames,
            Map<String, Tool> tools) {
        this.source = source;
        this.faults = faults;
        this.agents = agents;
        this.agentNames = agentNames;
        this.tools = tools;
    }

    List<WorkflowStep> read(String pointer, References known) {
        return list(pointer, known, 0);
    }

    /// What the steps answer, by the name of the step; absent values: no schema says.
    Map<String, Optional<JsonNode>> answers() {
        return answers;
    }

    Set<String> usedTools() {
        return usedTools;
    }

    private List<WorkflowStep> list(String pointer, References known, int depth) {
        var steps = new ArrayList<WorkflowStep>();
        for (int i = 0; i < source.at(pointer).size(); i++) {
            step(Source.child(pointer, i), known, depth).ifPresent(steps::add);
        }
        return List.copyOf(steps);
    }

    private Optional<WorkflowStep> step(String pointer, References known, int depth) {
        var value = source.at(pointer);
        if (depth > DEEPEST || names.size() >= MOST) {
            at(
                    pointer,
                    "the workflow is too large",
                    "at most " + MOST + " steps, nested at most " + DEEPEST + " deep");
            return Optional.empty();
        }
        if (value.isString() && !value.asString().isBlank()) {
            return agent(pointer, value.asString(), value.asString(), null, known);
        }
        if (!(value instanceof ObjectNode object)) {
            at(
                    pointer,
                    "this is " + Fields.describe(value) + ", not a step",
                    "the name of an agent, or one of `agent:`, `do:`, `parallel:`, `sequence:`");
            return Optional.empty();
        }
        for (var later : Keys.LATER) {
            if (object.has(later)) {
                faults.add(
                        source.file(),
                        source.key(Source.child(pointer, later)),
                        "`" + later + "` is not in this version of Remit",
                        "take the step out; there are agents, `do`, `parallel` and `sequence`");
                return Optional.empty();
            }
        }
        var kinds = new ArrayList<>(List.of("agent", "do", "parallel", "sequence"));
        kinds.retainAll(object.propertyNames());
        if (kinds.size() != 1) {
            var near =
                    object.propertyNames().stream()
                            .flatMap(k ->
                                    Nearest.to(k, List.of("agent", "do", "parallel", "sequence"))
                                            .stream())
                            .findFirst();
            at(
                    pointer,
                    kinds.isEmpty()
                            ? "this is no step"
                            : "this is several steps in one: " + String.join(", ", kinds),
                    kinds.isEmpty() && near.isPresent()
                            ? "did you mean `" + near.get() + "`?"
                            : "exactly one of `agent:`, `do:`, `parallel:`, `sequence:`");
            return Optional.empty();
        }
        return switch (kinds.getFirst()) {
            case "agent" ->
                    Fields.at(source, pointer, Keys.AGENT_STEP, faults)
                            .flatMap(f -> agent(f, known));
            case "do" -> Fields.at(source, pointer, Keys.DO, faults).flatMap(f -> tool(f, known));
            case "parallel" ->
                    Fields.at(source, pointer, Keys.PARALLEL, faults)
                            .map(f -> parallel(f, known, depth));
            default ->
                    Fields.at(source, pointer, Keys.SEQUENCE, faults)
                            .map(f ->
                                    new WorkflowStep.Sequence(
                                            nonEmpty(f, "sequence")
                                                    ? list(f.pointer("sequence"), known, depth + 1)
                                                    : List.of()));
        };
    }

    private boolean nonEmpty(Fields fields, String key) {
        boolean filled = fields.list(key) > 0;
        if (!filled && source.at(fields.pointer(key)).isArray()) {
            fields.fault(key, "`" + key + "` is empty", "name at least one step");
        }
        return filled;
    }

    private WorkflowStep parallel(Fields fields, References known, int depth) {
        var branches = new ArrayList<WorkflowStep>();
        var after = new ArrayList<References>();
        if (nonEmpty(fields, "parallel")) {
            var pointer = fields.pointer("parallel");
            for (int i = 0; i < source.at(pointer).size(); i++) {
                var seen = known.branch();
                after.add(seen);
                step(Source.child(pointer, i), seen, depth + 1).ifPresent(branches::add);
            }
        }
        after.forEach(known::addAll);
        return new WorkflowStep.Parallel(
                List.copyOf(branches),
                fields.word("if_one_fails", IfOneFails.class, IfOneFails.STOP));
    }

    private Optional<WorkflowStep> agent(Fields fields, References known) {
        var agent = fields.text("agent");
        if (agent == null) {
            return Optional.empty();
        }
        var input =
                fields.get("input") == null
                        ? null
                        : known.resolve(source, fields.pointer("input"), true);
        return agent(fields.pointer("agent"), agent, name(fields, agent), input, known);
    }

    private Optional<WorkflowStep> agent(
            String pointer, String agent, String name, @Nullable JsonNode input, References known) {
        if (!agentNames.contains(agent)) {
            at(
                    pointer,
                    "there is no agent `" + agent + "`",
                    Nearest.to(agent, agentNames)
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("describe it in agents/" + agent + "/agent.yaml"));
        }
        var definition = agents.get(agent);
        done(pointer, name, definition == null ? null : definition.answer(), known);
        return Optional.of(new WorkflowStep.Agent(name, agent, input));
    }

    private Optional<WorkflowStep> tool(Fields fields, References known) {
        var name = fields.text("do");
        if (name == null) {
            return Optional.empty();
        }
        var tool = tools.get(name);
        if (tool == null) {
            fields.fault(
                    "do",
                    "there is no tool `" + name + "`",
                    Nearest.to(name, tools.keySet())
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("describe it in tools/" + name + ".yaml"));
        } else {
            usedTools.add(name);
            arguments(fields, tool);
        }
        JsonNode with = Json.object();
        if (fields.get("with") instanceof ObjectNode) {
            with = known.resolve(source, fields.pointer("with"), false);
        } else if (fields.get("with") != null) {
            fields.wrongType("with", "arguments by name", "such as { text: … }");
        }
        var step = name(fields, name);
        done(fields.pointer("do"), step, null, known);
        return Optional.of(new WorkflowStep.Do(step, name, with));
    }

    private void arguments(Fields fields, Tool tool) {
        var given = source.names(fields.pointer("with"));
        for (var required : tool.input().path("required")) {
            if (!given.contains(required.asString())) {
                fields.fault(
                        fields.get("with") == null ? "do" : "with",
                        "`" + tool.name() + "` needs `" + required.asString() + "`",
                        "with: { " + required.asString() + ": … }");
            }
        }
        var known = SchemaFiles.fields(tool.input()).toList();
        for (var name : given) {
            if (!known.contains(name)
                    && !tool.input().path("additionalProperties").asBoolean(true)) {
                faults.add(
                        source.file(),
                        source.key(Source.child(fields.pointer("with"), name)),
                        "`" + tool.name() + "` has no argument `" + name + "`",
                        Nearest.hint(name, known));
            }
        }
    }

    private String name(Fields fields, String otherwise) {
        var name = fields.text("as");
        if (name == null) {
            return otherwise;
        }
        if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,62}")) {
            fields.fault("as", "`" + name + "` is no name for a step", "letters, digits, _ and -");
        }
        return name;
    }

    /// The step has a name that no other has, and is known to those after it.
    private void done(String pointer, String name, @Nullable JsonNode answer, References known) {
        var place = source.value(pointer);
        var first = names.putIfAbsent(name, "line " + place.line());
        if (first != null) {
            at(
                    pointer,
                    "a step named `" + name + "` stands on " + first + " already",
                    "give one of them another name with `as:`");
        }
        answers.putIfAbsent(name, Optional.ofNullable(answer));
        known.add(name, answer);
    }

    private void at(String pointer, String wrong, String right) {
        faults.add(source.file(), source.value(pointer), wrong, right);
    }
}
