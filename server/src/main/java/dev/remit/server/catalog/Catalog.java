package dev.remit.server.catalog;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Bundle;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.agent.Definitions;
import dev.remit.core.agent.FolderReader;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.identity.Principal;
import dev.remit.core.json.Hash;
import dev.remit.core.session.UnknownDefinition;
import dev.remit.core.text.Fault;
import dev.remit.store.registry.Application;
import dev.remit.store.registry.DefinitionVersion;
import dev.remit.store.registry.PostgresRegistry;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What was applied, as definitions. A version never changes, so it is read from its files once.
public final class Catalog implements Definitions {
    private static final int KEPT = 1000;
    private static final int SHORTEST_VERSION = 12;
    private static final int VERSIONS_SEARCHED = 10_000;

    private final PostgresRegistry registry;
    private final InstantSource clock;
    private final Map<DefinitionRef, Definition> read =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<DefinitionRef, Definition> eldest) {
                    return size() > KEPT;
                }
            };

    private final Map<DefinitionRef, Application.Kind> kinds = new ConcurrentHashMap<>();

    public Catalog(PostgresRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /// What came of applying a folder.
    public sealed interface Applied {
        /// Nothing was applied.
        record Refused(List<Fault> faults) implements Applied {}

        /// @param root what the folder is
        /// @param parts the root and whatever else was in the folder
        record Done(Definition root, List<Part> parts) implements Applied {}
    }

    /// @param changed false if that version was current already
    public record Part(Definition definition, boolean changed) {}

    /// Makes versions of all that a folder holds, or of nothing.
    ///
    /// @param files text by path
    /// @param dryRun only says what would be
    public Applied apply(Map<String, String> files, Principal by, boolean dryRun) {
        var reading = FolderReader.read(files, this::workflow);
        var bundle = reading.bundle();
        if (bundle == null) {
            return new Applied.Refused(reading.faults());
        }
        if (dryRun) {
            return new Applied.Done(
                    bundle.root(),
                    bundle.all().stream()
                            .map(definition -> new Part(definition, !isCurrent(definition)))
                            .toList());
        }
        var changed = new LinkedHashMap<DefinitionRef, Boolean>();
        for (var applied :
                registry.apply(
                        applications(bundle),
                        Map.of(bundle.root().name(), bundle.starts()),
                        by,
                        clock.instant())) {
            changed.put(applied.application().definition(), applied.changed());
        }
        return new Applied.Done(
                bundle.root(),
                bundle.all().stream()
                        .map(d -> new Part(d, changed.getOrDefault(d.ref(), false)))
                        .toList());
    }

    private static List<Application> applications(Bundle bundle) {
        var root = bundle.root();
        return bundle.all().stream()
                .map(definition ->
                        new Application(
                                definition.ref(),
                                kind(definition),
                                definition.description(),
                                definition.name().equals(root.name()) ? null : root.name(),
                                bundle.filesOf(definition)))
                .toList();
    }

    private static Application.Kind kind(Definition definition) {
        return definition instanceof WorkflowDefinition
                ? Application.Kind.WORKFLOW
                : Application.Kind.AGENT;
    }

    private boolean isCurrent(Definition definition) {
        return registry.current(definition.name())
                .filter(current -> current.definition().equals(definition.ref()))
                .isPresent();
    }

    @Override
    public Definition find(DefinitionRef ref) {
        synchronized (read) {
            var known = read.get(ref);
            if (known != null) {
                return known;
            }
        }
        var definition = read(ref);
        synchronized (read) {
            read.put(ref, definition);
        }
        return definition;
    }

    private Definition read(DefinitionRef ref) {
        var reading = FolderReader.read(registry.files(ref), this::workflow);
        var bundle = reading.bundle();
        if (bundle == null) {
            throw new UnknownDefinition(ref, reading.faults().getFirst());
        }
        return switch (bundle.root()) {
            case AgentDefinition agent -> Renamed.agent(agent, ref);
            case WorkflowDefinition workflow -> within(bundle, ref).orElse(workflow);
        };
    }

    /// A workflow that stands in the folder of another one.
    private static Optional<Definition> within(Bundle bundle, DefinitionRef ref) {
        return bundle.all().stream().filter(d -> d.name().equals(ref.name())).findFirst();
    }

    /// A workflow that another one runs.
    private Optional<WorkflowDefinition> workflow(String name, @Nullable Hash version) {
        var found =
                version == null
                        ? newest(name)
                        : registry.find(new DefinitionRef(name, version))
                                .map(known -> find(known.definition()));
        return found.filter(WorkflowDefinition.class::isInstance)
                .map(WorkflowDefinition.class::cast);
    }

    /// What that version defines, without reading its files.
    public Application.Kind kind(DefinitionRef ref) {
        synchronized (read) {
            var known = read.get(ref);
            if (known != null) {
                return kind(known);
            }
        }
        return kinds.computeIfAbsent(
                ref,
                unknown ->
                        registry.find(unknown)
                                .map(DefinitionVersion::kind)
                                .orElse(Application.Kind.AGENT));
    }

    /// The version that new sessions get.
    public Optional<Definition> newest(String name) {
        return registry.current(name).map(current -> find(current.definition()));
    }

    /// @param version its hash, or the beginning of it, as long as only one begins so
    public Optional<Definition> version(String name, String version) {
        if (version.length() < SHORTEST_VERSION) {
            return Optional.empty();
        }
        var found =
                registry.versions(name, null, VERSIONS_SEARCHED).stream()
                        .filter(v -> v.definition().version().hex().startsWith(version))
                        .toList();
        return found.size() == 1
                ? Optional.of(find(found.getFirst().definition()))
                : Optional.empty();
    }

    /// Current versions, in the order of names.
    ///
    /// @param after name of the last of the page before
    public List<DefinitionVersion> list(@Nullable String after, int limit) {
        return registry.list(after, limit);
    }

    /// What is known of the version that new sessions get.
    public Optional<DefinitionVersion> current(String name) {
        return registry.current(name);
    }

    /// All versions of one, the newest first.
    ///
    /// @param before place of the last of the page before
    public List<DefinitionVersion> versions(String name, @Nullable Long before, int limit) {
        return registry.versions(name, before, limit);
    }
}
