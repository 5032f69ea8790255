package dev.remit.core.agent;

import dev.remit.core.start.Starts;
import java.util.List;
import java.util.Map;

/// The definitions that a folder holds.
///
/// @param root what the folder is: an agent, or a workflow
/// @param all each agent of a workflow first, then the workflow; the workflows that it runs before
///   it; of an agent only itself
/// @param files see [#filesOf]
/// @param starts what starts the root by itself
public record Bundle(
        Definition root,
        List<Definition> all,
        Map<String, Map<String, String>> files,
        Starts starts) {
    public Bundle(Definition root, List<Definition> all, Map<String, Map<String, String>> files) {
        this(root, all, files, Starts.NONE);
    }

    public Bundle {
        all = List.copyOf(all);
        files = Map.copyOf(files);
    }

    Bundle with(Starts others) {
        return new Bundle(root, all, files, others);
    }

    /// The files that a definition was read from, by path: an agent's own, with the shared tools
    /// that it may use under `tools/`; of a workflow the whole folder.
    public Map<String, String> filesOf(Definition definition) {
        return files.getOrDefault(definition.name(), Map.of());
    }
}
