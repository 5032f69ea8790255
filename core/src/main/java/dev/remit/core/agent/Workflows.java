package dev.remit.core.agent;

import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.text.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The workflows that a step can run: those under `workflows/` in the same folder, and those that
/// were applied before. Each is read once; one that would run itself is a fault.
final class Workflows {
    static final String FOLDER = "workflows/";

    /// Which versions of applied workflows a folder runs, by name. Not a part of its version.
    static final String LOCK = "workflows.lock.json";

    private static final Pattern IN_WORKFLOW = Pattern.compile("workflows/([^/]+)/(.+)");

    private final Folder root;
    private final Applied applied;
    private final Map<String, ToolFiles.Entry> tools;
    private final String rootName;
    private final Set<String> names = new TreeSet<>();
    private final Set<String> open = new LinkedHashSet<>();
    private final Map<String, Optional<WorkflowFile.Result>> read = new LinkedHashMap<>();
    private final Map<String, Hash> pinned = new TreeMap<>();

    /// @param tools of the whole folder
    Workflows(Folder root, String rootName, Applied applied, Map<String, ToolFiles.Entry> tools) {
        this.root = root;
        this.rootName = rootName;
        this.applied = applied;
        this.tools = tools;
        for (var path : root.files().keySet()) {
            var in = IN_WORKFLOW.matcher(path);
            if (in.matches()) {
                names.add(in.group(1));
            }
        }
    }

    /// A workflow that a step runs.
    ///
    /// @param answer what schemas say of its answer
    record Found(DefinitionRef ref, @Nullable JsonNode input, @Nullable JsonNode answer) {}

    /// @param step that runs it; whatever is wrong is a fault there
    Optional<Found> find(String name, Fields step) {
        if (open.contains(name) || name.equals(rootName)) {
            var way = new ArrayList<>(open);
            way.addFirst(rootName);
            step.fault(
                    "workflow",
                    "`" + name + "` would run itself: " + String.join(" → ", way) + " → " + name,
                    "take one of these steps out, or use `repeat:`");
            return Optional.empty();
        }
        if (names.contains(name)) {
            return local(name)
                    .map(result ->
                            new Found(
                                    result.workflow().ref(),
                                    result.workflow().input(),
                                    result.answer()));
        }
        var found =
                Formats.isName(name)
                        ? applied.find(name, pins().get(name))
                        : Optional.<WorkflowDefinition>empty();
        if (found.isEmpty()) {
            step.fault(
                    "workflow",
                    "there is no workflow `" + name + "`",
                    Nearest.to(name, names)
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse(
                                    "describe it in workflows/"
                                            + name
                                            + "/workflow.yaml, or apply it first"));
            return Optional.empty();
        }
        pinned.put(name, found.get().version());
        return found.map(w -> new Found(w.ref(), w.input(), null));
    }

    private Optional<WorkflowFile.Result> local(String name) {
        var known = read.get(name);
        if (known != null) {
            return known;
        }
        open.add(name);
        var result =
                new WorkflowFile(
                                root.sub(FOLDER + name + "/"),
                                rootName + "." + name,
                                name,
                                tools,
                                this)
                        .result();
        open.remove(name);
        read.put(name, result);
        return result;
    }

    /// Reads those too that no step runs: their faults are faults.
    List<WorkflowFile.Result> all() {
        for (var name : names) {
            if (!Formats.isName(name)) {
                root.faults()
                        .add(
                                FOLDER + name,
                                "`" + name + "` is no name",
                                "lower-case letters, digits and hyphens");
            } else if (root.has(FOLDER + name + "/" + WorkflowFile.PATH)) {
                local(name);
            } else {
                root.faults()
                        .add(
                                FOLDER + name + "/" + WorkflowFile.PATH,
                                "the file is missing",
                                "every folder under workflows/ describes a workflow in it");
            }
        }
        return read.values().stream().flatMap(Optional::stream).toList();
    }

    private Map<String, Hash> pins() {
        var pins = new TreeMap<String, Hash>();
        root.source(LOCK)
                .ifPresent(lock ->
                        lock.root()
                                .properties()
                                .forEach(p ->
                                        pins.put(p.getKey(), new Hash(p.getValue().asString()))));
        return pins;
    }

    /// The files of the folder, with the versions of applied workflows that were found.
    Map<String, String> files() {
        var files = new TreeMap<>(root.files());
        if (!pinned.isEmpty()) {
            var lock = Json.object();
            pinned.forEach((name, version) -> lock.put(name, version.hex()));
            files.put(LOCK, Json.pretty(lock));
        }
        return Map.copyOf(files);
    }
}
