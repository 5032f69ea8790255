package dev.remit.core.agent;

import dev.remit.core.agent.WorkflowStep.Care;
import dev.remit.core.agent.WorkflowStep.Undo;
import dev.remit.core.json.Json;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import dev.remit.core.tool.Retry;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the steps that do something: `agent:`, `do:`, `workflow:`, and how they are looked after.
final class TaskSteps {
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Retry USUAL = new Retry(3, Duration.ofMillis(500), Duration.ofSeconds(60));

    private final Steps steps;
    private final Map<String, AgentDefinition> agents;
    private final Set<String> agentNames;
    private final Workflows workflows;
    private final Map<String, DefinitionRef> ran;

    TaskSteps(
            Steps steps,
            Map<String, AgentDefinition> agents,
            Set<String> agentNames,
            Workflows workflows,
            Map<String, DefinitionRef> ran) {
        this.steps = steps;
        this.agents = agents;
        this.agentNames = agentNames;
        this.workflows = workflows;
        this.ran = ran;
    }

    // ---- agents

    /// A step that is nothing but the name of an agent.
    Steps.One agent(String pointer, String name, References known) {
        var definition = find(pointer, name);
        workflowInput(
                pointer, "`" + name + "`", definition == null ? null : definition.input(), known);
        return steps.done(
                pointer,
                name,
                definition == null ? null : definition.answer(),
                true,
                new WorkflowStep.Agent(name, name, null),
                known);
    }

    Optional<Steps.One> agent(Fields fields, References known) {
        var agent = fields.text("agent");
        if (agent == null) {
            return Optional.empty();
        }
        var definition = find(fields.pointer("agent"), agent);
        var name = steps.name(fields, "as", agent);
        var input =
                input(
                        fields,
                        "agent",
                        agent,
                        definition == null ? null : definition.input(),
                        known);
        var answer = definition == null ? null : definition.answer();
        var care = care(fields, name, answer, known);
        return Optional.of(
                steps.done(
                        fields.pointer("agent"),
                        name,
                        answer,
                        true,
                        new WorkflowStep.Agent(name, agent, input, care),
                        known));
    }

    private @Nullable AgentDefinition find(String pointer, String agent) {
        if (!agentNames.contains(agent)) {
            steps.at(
                    pointer,
                    "there is no agent `" + agent + "`",
                    Nearest.to(agent, agentNames)
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("describe it in agents/" + agent + "/agent.yaml"));
        }
        return agents.get(agent);
    }

    /// @param wanted schema of what it takes
    private @Nullable JsonNode input(
            Fields fields, String kind, String name, @Nullable JsonNode wanted, References known) {
        if (fields.get("input") == null) {
            workflowInput(fields.pointer(kind), "`" + name + "`", wanted, known);
            return null;
        }
        var input = known.resolve(steps.source, fields.pointer("input"));
        if (wanted != null) {
            misfits(fields.pointer("input"), "`" + name + "`", Fit.check(input, wanted, known));
        }
        return input;
    }

    /// It is given what the workflow is given.
    private void workflowInput(
            String pointer, String who, @Nullable JsonNode wanted, References known) {
        var given = known.input();
        if (given != null && wanted != null) {
            misfits(pointer, who, Fit.check(given, wanted));
        }
    }

    private void misfits(String pointer, String who, Iterable<Fit.Misfit> misfits) {
        for (var misfit : misfits) {
            steps.faults.add(
                    steps.source.file(),
                    steps.source.value(pointer + misfit.pointer()),
                    "the input of " + who + ": " + misfit.wrong(),
                    misfit.right());
        }
    }

    // ---- workflows

    Optional<Steps.One> workflow(Fields fields, References known) {
        var workflow = fields.text("workflow");
        if (workflow == null) {
            return Optional.empty();
        }
        var found = workflows.find(workflow, fields);
        found.ifPresent(f -> ran.put(workflow, f.ref()));
        var name = steps.name(fields, "as", workflow);
        var wanted = found.map(Workflows.Found::input).orElse(null);
        var answer = found.map(Workflows.Found::answer).orElse(null);
        var input = input(fields, "workflow", workflow, wanted, known);
        var care = care(fields, name, answer, known);
        return Optional.of(
                steps.done(
                        fields.pointer("workflow"),
                        name,
                        answer,
                        true,
                        new WorkflowStep.Workflow(name, workflow, input, care),
                        known));
    }

    // ---- tools

    Optional<Steps.One> tool(Fields fields, References known) {
        var tool = fields.text("do");
        if (tool == null) {
            return Optional.empty();
        }
        var with = with(fields, tool, known);
        var name = steps.name(fields, "as", tool);
        var care = care(fields, name, null, known);
        return Optional.of(
                steps.done(
                        fields.pointer("do"),
                        name,
                        null,
                        true,
                        new WorkflowStep.Do(name, tool, with, care),
                        known));
    }

    private JsonNode with(Fields fields, String name, References known) {
        var tool = steps.tools.get(name);
        if (tool == null) {
            fields.fault(
                    "do",
                    "there is no tool `" + name + "`",
                    Nearest.to(name, steps.tools.keySet())
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("describe it in tools/" + name + ".yaml"));
        } else {
            steps.usedTools.add(name);
            arguments(fields, tool);
        }
        if (fields.get("with") instanceof ObjectNode) {
            var with = known.resolve(steps.source, fields.pointer("with"));
            if (tool != null) {
                types(fields, tool, with, known);
            }
            return with;
        }
        if (fields.get("with") != null) {
            fields.wrongType("with", "arguments by name", "such as { text: … }");
        }
        return Json.object();
    }

    private void arguments(Fields fields, Tool tool) {
        var given = steps.source.names(fields.pointer("with"));
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
                steps.faults.add(
                        steps.source.file(),
                        steps.source.key(Source.child(fields.pointer("with"), name)),
                        "`" + tool.name() + "` has no argument `" + name + "`",
                        Nearest.hint(name, known));
            }
        }
    }

    /// The types of the arguments that are there; which ones must be is told by [#arguments].
    private void types(Fields fields, Tool tool, JsonNode with, References known) {
        for (var argument : with.properties()) {
            var wanted = tool.input().path("properties").get(argument.getKey());
            if (wanted == null) {
                continue;
            }
            for (var misfit : Fit.check(argument.getValue(), wanted, known)) {
                var pointer =
                        Source.child(fields.pointer("with"), argument.getKey()) + misfit.pointer();
                steps.faults.add(
                        steps.source.file(),
                        steps.source.value(pointer),
                        "`" + argument.getKey() + "` of `" + tool.name() + "`: " + misfit.wrong(),
                        misfit.right());
            }
        }
    }

    // ---- care

    private Care care(Fields fields, String name, @Nullable JsonNode answer, References known) {
        var within = fields.duration("within", LEAST, LONGEST);
        var retry = retry(fields);
        var undo = fields.object("undo", Keys.UNDO).map(u -> undo(u, name, answer, known));
        return new Care(within, retry, undo.orElse(null));
    }

    private @Nullable Retry retry(Fields fields) {
        return fields.object("retry", Keys.RETRY)
                .map(retry -> {
                    if (!retry.has("attempts")) {
                        retry.missing("attempts", "attempts: 3, the first one included");
                    }
                    var first = retry.duration("first", LEAST, LONGEST);
                    var longest = retry.duration("longest", LEAST, LONGEST);
                    var begin = first == null ? USUAL.first() : first;
                    return new Retry(
                            retry.integer("attempts", 1, 20, 3),
                            begin,
                            longest != null
                                    ? longest
                                    : begin.compareTo(USUAL.longest()) > 0
                                            ? begin
                                            : USUAL.longest());
                })
                .orElse(null);
    }

    private @Nullable Undo undo(
            Fields undo, String name, @Nullable JsonNode answer, References known) {
        var tool = undo.required("do", "do: the name of a tool");
        if (tool == null) {
            return null;
        }
        var after = known.branch();
        after.add(name, answer);
        return new Undo(tool, with(undo, tool, after), retry(undo));
    }
}
