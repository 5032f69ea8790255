package dev.remit.core.agent;

import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.start.StartReader;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the folder of a workflow, with its agents and the workflows that it runs.
final class WorkflowFile {
    static final String PATH = "workflow.yaml";

    private static final String AGENTS = "agents/";
    private static final Pattern IN_AGENT = Pattern.compile("agents/([^/]+)/(.+)");

    private final Folder folder;
    private final Faults faults;
    private final @Nullable String registered;
    private final @Nullable String folderName;
    private final Map<String, ToolFiles.Entry> tools;
    private final @Nullable Workflows workflows;
    private final Applied applied;

    /// The folder that was given to the reader.
    WorkflowFile(Folder folder, Applied applied) {
        this(folder, null, null, new ToolFiles(folder).read(), null, applied);
    }

    /// A workflow within another one's folder.
    ///
    /// @param registered its name in the registry
    /// @param tools of the folder that it is in
    WorkflowFile(
            Folder folder,
            String registered,
            String folderName,
            Map<String, ToolFiles.Entry> tools,
            Workflows workflows) {
        this(folder, registered, folderName, tools, workflows, Applied.NONE);
    }

    private WorkflowFile(
            Folder folder,
            @Nullable String registered,
            @Nullable String folderName,
            Map<String, ToolFiles.Entry> tools,
            @Nullable Workflows workflows,
            Applied applied) {
        this.folder = folder;
        this.faults = folder.faults();
        this.registered = registered;
        this.folderName = folderName;
        this.tools = tools;
        this.workflows = workflows;
        this.applied = applied;
    }

    /// A workflow, with its agents.
    ///
    /// @param answer what schemas say of its answer
    /// @param files of each agent, by its name in the registry
    record Result(
            WorkflowDefinition workflow,
            JsonNode answer,
            List<AgentDefinition> agents,
            Map<String, Map<String, String>> files) {}

    /// The whole folder.
    Optional<Bundle> read() {
        return fields().map(fields -> {
            var all = new Workflows(folder, Formats.name(fields, null), applied, tools);
            var root = read(fields, all);
            return bundle(root, all);
        });
    }

    /// A workflow within another one's folder.
    Optional<Result> result() {
        if (folder.files().keySet().stream().anyMatch(path -> path.startsWith("tools/"))) {
            faults.add(
                    folder.named("tools"),
                    "a workflow within another one has no tools of its own",
                    "put them under tools/ of the whole folder");
        }
        return fields().map(fields -> {
            for (var key : StartReader.KEYS) {
                if (fields.has(key)) {
                    fields.fault(
                            key,
                            "a workflow within another one is started by that one alone",
                            "put `" + key + "` into the workflow.yaml of the whole folder");
                }
            }
            return read(fields, Objects.requireNonNull(workflows));
        });
    }

    private Optional<Fields> fields() {
        return folder.source(PATH).flatMap(source -> Fields.at(source, "", Keys.WORKFLOW, faults));
    }

    private static Bundle bundle(Result root, Workflows workflows) {
        var inner = workflows.all();
        var all = new ArrayList<Definition>();
        var files = new LinkedHashMap<String, Map<String, String>>();
        for (var result : inner) {
            all.addAll(result.agents());
            all.add(result.workflow());
            files.putAll(result.files());
            files.put(result.workflow().name(), workflows.files());
        }
        all.addAll(root.agents());
        all.add(root.workflow());
        files.putAll(root.files());
        files.put(root.workflow().name(), workflows.files());
        return new Bundle(root.workflow(), all, files);
    }

    private Result read(Fields fields, Workflows workflows) {
        Formats.version(fields, "workflow/v1");
        var given = registered == null ? nameAgain(fields) : Formats.name(fields, folderName);
        var name = registered == null ? given : registered;
        var agentFiles = agents(name);
        var agents = new TreeMap<String, AgentDefinition>();
        agentFiles.forEach((n, result) -> result.ifPresent(r -> agents.put(n, r.agent())));
        var known = new LinkedHashMap<String, Tool>(BuiltIn.tools());
        tools.forEach((n, entry) -> known.put(n, entry.tool()));
        var input = new SchemaFiles(folder).read(fields, "input");
        var ran = new TreeMap<String, DefinitionRef>();
        var steps =
                new Steps(
                        fields.source(),
                        faults,
                        agents,
                        agentFiles.keySet(),
                        workflows,
                        ran,
                        known);
        var references = References.start(input, faults);
        List<WorkflowStep> graph = List.of();
        if (!fields.has("steps")) {
            fields.missing("steps", "steps: [name-of-an-agent]");
        } else if (fields.list("steps") == 0) {
            fields.fault("steps", "there is no step", "name at least one agent");
        } else {
            graph = steps.read("/steps", references);
        }
        var output = WorkflowOutput.read(fields, steps.names.top(), references);
        var used = new TreeMap<>(known);
        used.keySet().retainAll(steps.usedTools());
        var pinned = new TreeMap<String, DefinitionRef>();
        agents.forEach((n, agent) -> pinned.put(n, agent.ref()));
        var deadline = fields.duration("deadline", Duration.ofSeconds(1), Duration.ofDays(366));
        var budget = fields.object("budget", Keys.WORKFLOW_BUDGET).map(b -> b.money("session"));
        var workflow =
                new WorkflowDefinition(
                        name,
                        version(own(used.keySet()), agents, ran),
                        Objects.requireNonNullElse(fields.text("description"), ""),
                        input,
                        graph,
                        output.names(),
                        output.template(),
                        budget.orElse(null),
                        deadline,
                        Map.copyOf(pinned),
                        Map.copyOf(ran),
                        Map.copyOf(used));
        var files = new LinkedHashMap<String, Map<String, String>>();
        agentFiles.values().stream()
                .flatMap(Optional::stream)
                .forEach(result -> files.put(result.agent().name(), result.files()));
        return new Result(workflow, output.schema(), List.copyOf(agents.values()), files);
    }

    /// The name, whose faults were told when the folder was begun.
    private static String nameAgain(Fields fields) {
        var name = fields.get("name");
        return name != null && name.isString() ? name.asString() : "unnamed";
    }

    /// By the name of their folder; absent values could not be read.
    private Map<String, Optional<AgentFile.Result>> agents(String workflow) {
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
            if (sub.has(PATH)) {
                faults.add(
                        sub.named(PATH),
                        "a workflow stands among the agents",
                        "move the folder to workflows/"
                                + name
                                + ", and run it by `workflow: "
                                + name
                                + "`");
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
            agents.put(name, new AgentFile(sub, workflow, name, tools).read());
        }
        return agents;
    }

    /// What the version is made of, apart from agents and workflows, which have their own.
    private Map<String, String> own(Iterable<String> used) {
        var own = new TreeMap<>(folder.files());
        own.keySet().removeIf(path -> path.startsWith(AGENTS));
        if (registered == null) {
            own.keySet().removeIf(path -> path.startsWith(Workflows.FOLDER));
            own.remove(Workflows.LOCK);
            return own;
        }
        for (var tool : used) {
            var entry = tools.get(tool);
            if (entry != null) {
                own.put(entry.path(), Objects.requireNonNull(folder.root().text(entry.path())));
            }
        }
        return own;
    }

    private static Hash version(
            Map<String, String> own,
            Map<String, AgentDefinition> agents,
            Map<String, DefinitionRef> workflows) {
        var versions = Json.object();
        agents.forEach((name, agent) -> versions.put(name, agent.version().hex()));
        var parts = new ArrayList<>(List.of(Folder.hash(own), Hash.of(Json.canonical(versions))));
        if (!workflows.isEmpty()) {
            var ran = Json.object();
            workflows.forEach((name, ref) -> ran.put(name, ref.version().hex()));
            parts.add(Hash.of(Json.canonical(ran)));
        }
        return Hash.of(parts);
    }
}
