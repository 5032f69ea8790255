package dev.remit.core.agent;

import dev.remit.core.start.StartReader;
import dev.remit.core.start.Starts;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the folder of an agent or a workflow: text in, definitions or all faults at once out.
/// Pure: the same files always give the same, and nothing else is looked at.
public final class FolderReader {
    /// Largest file, in bytes of UTF-8.
    public static final int MAX_FILE = 1_000_000;

    /// Largest folder, in bytes of UTF-8.
    public static final int MAX_FOLDER = 10_000_000;

    /// Most files in a folder.
    public static final int MAX_FILES = 1000;

    private static final int MAX_PATH = 300;
    private static final Pattern PATH_PART = Pattern.compile("[^/\\\\\\p{Cntrl}]+");

    private FolderReader() {}

    /// @param files texts by path within the folder, with `/` between the parts
    public static Reading read(Map<String, String> files) {
        return read(files, Applied.NONE);
    }

    /// @param applied the workflows that a step may run besides those of the folder
    public static Reading read(Map<String, String> files, Applied applied) {
        var faults = new Faults();
        bounds(files, faults);
        var bundle =
                faults.isEmpty()
                        ? read(Folder.of(files, faults), applied)
                        : Optional.<Bundle>empty();
        if (bundle.isEmpty() && faults.isEmpty()) {
            throw new IllegalStateException("nothing was read, and nobody said why");
        }
        return new Reading(faults.sorted(), faults.isEmpty() ? bundle.orElse(null) : null);
    }

    private static Optional<Bundle> read(Folder folder, Applied applied) {
        boolean agent = folder.has(AgentFile.PATH);
        boolean workflow = folder.has(WorkflowFile.PATH);
        if (agent && workflow) {
            folder.faults()
                    .add(
                            WorkflowFile.PATH,
                            "the folder holds an agent.yaml too",
                            "an agent of a workflow has its own folder: agents/<name>/agent.yaml");
            return Optional.empty();
        }
        if (workflow) {
            return new WorkflowFile(folder, applied)
                    .read()
                    .map(bundle -> bundle.with(starts(folder, WorkflowFile.PATH)));
        }
        if (agent) {
            return new AgentFile(folder, null, null, Map.of())
                    .read()
                    .map(result ->
                            new Bundle(
                                    result.agent(),
                                    List.of(result.agent()),
                                    Map.of(result.agent().name(), result.files()),
                                    starts(folder, AgentFile.PATH)));
        }
        folder.faults()
                .add(
                        AgentFile.PATH,
                        "there is neither an agent.yaml nor a workflow.yaml",
                        hint(folder));
        return Optional.empty();
    }

    private static Starts starts(Folder folder, String path) {
        return folder.source(path)
                .flatMap(source -> Fields.among(source, folder.faults()))
                .map(StartReader::read)
                .orElse(Starts.NONE);
    }

    private static String hint(Folder folder) {
        for (var path : folder.files().keySet()) {
            if (path.equals("agent.yml") || path.equals("workflow.yml")) {
                return "rename " + path + " to " + path.replace(".yml", ".yaml");
            }
            if (path.endsWith("/" + AgentFile.PATH) || path.endsWith("/" + WorkflowFile.PATH)) {
                return "give the folder itself: " + path.substring(0, path.lastIndexOf('/'));
            }
        }
        return "a folder with an agent.yaml; `remit new my-agent` makes one";
    }

    private static void bounds(Map<String, String> files, Faults faults) {
        if (files.size() > MAX_FILES) {
            faults.add("", "the folder has " + files.size() + " files", "at most " + MAX_FILES);
            return;
        }
        long total = 0;
        for (var file : files.entrySet()) {
            var path = file.getKey();
            if (!isPath(path)) {
                faults.add(
                        path.length() > MAX_PATH
                                ? path.substring(0, MAX_PATH)
                                : path.replaceAll("\\p{Cntrl}", "?"),
                        "this is no path within the folder",
                        "names with / between, without .. and without a / at the beginning");
            }
            long size = size(file.getValue());
            total += size;
            if (size > MAX_FILE) {
                faults.add(path, "the file has " + size + " bytes", "at most " + MAX_FILE);
            }
        }
        if (total > MAX_FOLDER) {
            faults.add("", "the folder has " + total + " bytes", "at most " + MAX_FOLDER);
        }
    }

    private static boolean isPath(String path) {
        if (path.isEmpty() || path.length() > MAX_PATH) {
            return false;
        }
        for (var part : path.split("/", -1)) {
            if (!PATH_PART.matcher(part).matches() || part.equals("..") || part.equals(".")) {
                return false;
            }
        }
        return true;
    }

    private static long size(String text) {
        return text.length() > MAX_FILE
                ? text.length()
                : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
