package dev.remit.core.agent;

import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Reads the folder of a workflow, with its agents.
final class WorkflowFile {
    static final String PATH = "workflow.yaml";

    private static final String AGENTS = "agents/";
    private static final Pattern IN_AGENT = Pattern.compile("agents/([^/]+)/(.+)");

    private final Folder folder;
    private final Faults faults;

    WorkflowFile(Folder folder) {
        this.folder = folder;
        this.faults = folder.faults();
    }

    Optional<Bundle> read() {
        return folder.source(PATH)
                .flatMap(source -> Fields.at(source, "", Keys.WORKFLOW, faults))
                .map(this::read);
    }

    private Bundle read(Fields fields) {
        Formats.version(fields, "workflow/v1");
        var name = Formats.name(fields, null);
        var shared = new ToolFiles(folder).read();
        var agentFiles = agents(name, shared);
        var agents = new TreeMap<String, AgentDefinition>();
        agentFiles.forEach((n, result) -> result.ifPresent(r -> agents.put(n, r.agent())));
        var known = new LinkedHashMap<String, Tool>(BuiltIn.tools());
        shared.forEach((n, entry) -> known.put(n, entry.tool()));
        var input = new SchemaFiles(folder).read(fields, "input");
        var steps = new Steps(fields.source(), faults, agents, agentFiles.keySet(), known);
        List<WorkflowStep> graph = List.of();
        if (!fields.has("steps")) {
            fields.missing("steps", "steps: [name-of-an-agent]");
        } else if (fields.list("steps") == 0) {
            fields.fault("steps", "there is no step", "name at least one agent");
        } else {
            graph = steps.read("/steps", References.start(input, faults));
        }
        var output = output(fields, steps);
        var tools = new TreeMap<>(known);
        tools.keySet().retainAll(steps.usedTools());
        var pinned = new TreeMap<String, DefinitionRef>();
        agents.forEach((n, agent) -> pinned.put(n, agent.ref()));
        var deadline = fields.duration("deadline", Duration.ofSeconds(1), Duration.ofDays(30));
        var budget = fields.object("budget", Keys.WORKFLOW_BUDGET).map(b -> b.money("session"));
        var own = own();
        var workflow =
                new WorkflowDefinition(
                        name,
                        version(own, agents),
                        Objects.requireNonNullElse(fields.text("description"), ""),
                        input,
                        graph,
                        output,
                        budget.orElse(null),
                        deadline,
                        Map.copyOf(pinned),
                        Map.copyOf(tools));
        var files = new LinkedHashMap<String, Map<String, String>>();
        agentFiles.values().stream()
                .flatMap(Optional::stream)
                .forEach(result -> files.put(result.agent().name(), result.files()));
        files.put(name, Map.copyOf(folder.files()));
        var all = new ArrayList<Definition>(agents.values());
        all.add(workflow);
        return new Bundle(workflow, all, files);
    }

    /// By the name of their folder; absent values could not be read.
    private Map<String, Optional<AgentFile.Result>> agents(
            String workflow, Map<String, ToolFiles.Entry> shared) {
        var names = new TreeSet<String>();
        for (var path : folder.files().keySet()) {
            var in = IN_AGENT.matcher(path);
            if (in.matches()) {
                names.add(in.group(1));
            }
        }
        var agents = new TreeMap<String, Optional<AgentFile.Result>>();
        for (var name : names) {
            var sub = folder.sub(AGENTS + name + "/");
            if (sub.has(WorkflowFile.PATH)) {
                faults.add(
                        sub.named(PATH),
                        "a workflow within a workflow is not in this version of Remit",
                        "take it out");
            }
            if (!sub.has(AgentFile.PATH)) {
                faults.add(
                        sub.named(AgentFile.PATH),
                        "the file is missing",
                        sub.has("agent.yml")
                                ? "rename agent.yml to agent.yaml"
                                : "every folder under agents/ describes an agent in it");
                continue;
            }
            agents.put(name, new AgentFile(sub, workflow, name, shared).read());
        }
        return agents;
    }

    private List<String> output(Fields fields, Steps steps) {
        var output = fields.texts("output");
        var answers = steps.answers();
        for (int i = 0; i < output.size(); i++) {
            var pointer = Source.child("/output", i);
            if (!answers.containsKey(output.get(i))) {
                faults.add(
                        fields.source().file(),
                        fields.source().value(pointer),
                        "there is no step `" + output.get(i) + "`",
                        Nearest.hint(output.get(i), answers.keySet()));
            } else if (output.indexOf(output.get(i)) < i) {
                faults.add(
                        fields.source().file(),
                        fields.source().value(pointer),
                        "`" + output.get(i) + "` stands here twice",
                        "remove one of them");
            }
        }
        clashes(fields, output.isEmpty() ? List.copyOf(answers.keySet()) : output, answers);
        return output;
    }

    /// Answers are merged into one document: no two may have the same field.
    private void clashes(
            Fields fields, List<String> output, Map<String, Optional<JsonNode>> answers) {
        var owner = new LinkedHashMap<String, String>();
        for (var step : new LinkedHashSet<>(output)) {
            var schema = answers.getOrDefault(step, Optional.empty()).orElse(null);
            SchemaFiles.fields(schema)
                    .forEach(field -> {
                        var first = owner.putIfAbsent(field, step);
                        if (first != null) {
                            fields.fault(
                                    fields.has("output") ? "output" : "steps",
                                    "the answers of `%s` and `%s` both have `%s`"
                                            .formatted(first, step, field),
                                    "give one of the fields another name, or leave a step out of `output`");
                        }
                    });
        }
    }

    private Map<String, String> own() {
        var own = new TreeMap<>(folder.files());
        own.keySet().removeIf(path -> path.startsWith(AGENTS));
        return own;
    }

    private static Hash version(Map<String, String> own, Map<String, AgentDefinition> agents) {
        var versions = Json.object();
        agents.forEach((name, agent) -> versions.put(name, agent.version().hex()));
        return Hash.of(List.of(Folder.hash(own), Hash.of(Json.canonical(versions))));
    }
}
