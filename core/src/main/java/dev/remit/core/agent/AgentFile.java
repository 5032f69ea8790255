package dev.remit.core.agent;

import dev.remit.core.agent.AgentDefinition.Check;
import dev.remit.core.agent.AgentDefinition.Limits;
import dev.remit.core.agent.AgentDefinition.OnTrouble;
import dev.remit.core.money.Money;
import dev.remit.core.start.StartReader;
import dev.remit.core.text.Cel;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads the folder of one agent.
final class AgentFile {
    static final String PATH = "agent.yaml";

    private static final String INSTRUCTIONS = "instructions.md";
    private static final String KNOWLEDGE = "knowledge/";

    private final Folder folder;
    private final Faults faults;
    private final @Nullable String workflow;
    private final @Nullable String folderName;
    private final Map<String, ToolFiles.Entry> shared;

    /// @param workflow whose folder the agent is in; absent: it stands alone
    /// @param folderName what its folder demands as its name; absent: any
    /// @param shared tools of the workflow
    AgentFile(
            Folder folder,
            @Nullable String workflow,
            @Nullable String folderName,
            Map<String, ToolFiles.Entry> shared) {
        this.folder = folder;
        this.faults = folder.faults();
        this.workflow = workflow;
        this.folderName = folderName;
        this.shared = shared;
    }

    /// An agent, and everything that its version is made of.
    record Result(AgentDefinition agent, Map<String, String> files) {}

    /// @return absent if the file cannot be parsed; a result is of no use if there are faults
    Optional<Result> read() {
        return folder.source(PATH)
                .flatMap(source -> Fields.at(source, "", Keys.AGENT, faults))
                .map(this::read);
    }

    private Result read(Fields fields) {
        Formats.version(fields, "agent/v1");
        var name = Formats.name(fields, folderName);
        knowledge(fields);
        startsNothing(fields);
        var known = new LinkedHashMap<String, Tool>(BuiltIn.tools());
        shared.forEach((n, entry) -> known.put(n, entry.tool()));
        var own = new ToolFiles(folder).read();
        for (var entry : own.entrySet()) {
            if (shared.containsKey(entry.getKey())) {
                faults.add(
                        folder.named(entry.getValue().path()),
                        entry.getKey() + " is described in the workflow's folder too",
                        "remove one of the two");
            }
            known.put(entry.getKey(), entry.getValue().tool());
        }
        var mandate = new Mandate(fields, known);
        var never = mandate.never();
        var may = mandate.may(never);
        var tools = new TreeMap<String, Tool>();
        var files = new TreeMap<>(folder.files());
        for (var grant : may) {
            var tool = known.get(grant.tool());
            if (tool != null) {
                tools.put(tool.name(), tool);
            }
        }
        var schemas = new SchemaFiles(folder);
        var partsOfVersion = new TreeMap<>(files);
        // A shared tool that the agent may use is a part of what it is.
        tools.keySet().stream()
                .filter(shared::containsKey)
                .forEach(tool -> partsOfVersion.put(sharedPath(tool), sharedText(tool)));
        var model = ModelField.read(fields, faults);
        var agent =
                new AgentDefinition(
                        workflow == null ? name : workflow + "." + name,
                        Folder.hash(partsOfVersion),
                        Objects.requireNonNullElse(fields.text("description"), ""),
                        fields.text("owner"),
                        fields.text("supervisor"),
                        fields.text("affects"),
                        model.route(),
                        instructions(fields),
                        schemas.read(fields, "input"),
                        schemas.read(fields, "answer"),
                        may,
                        never,
                        fields.word("on_trouble", OnTrouble.class, OnTrouble.ESCALATE),
                        budget(fields),
                        limits(fields),
                        checks(fields),
                        goodWhen(fields),
                        fields.text("value"),
                        Map.copyOf(tools),
                        Map.copyOf(files),
                        RehearsalFile.read(folder, tools.keySet()),
                        model.brain());
        return new Result(agent, Map.copyOf(partsOfVersion));
    }

    private void startsNothing(Fields fields) {
        for (var key : StartReader.KEYS) {
            if (workflow != null && fields.has(key)) {
                fields.fault(
                        key,
                        "an agent of a workflow is started by the workflow alone",
                        "put `" + key + "` into workflow.yaml");
            }
        }
    }

    private String sharedPath(String tool) {
        return Objects.requireNonNull(shared.get(tool)).path();
    }

    private String sharedText(String tool) {
        return Objects.requireNonNull(folder.root().text(sharedPath(tool)));
    }

    private String instructions(Fields fields) {
        var path = fields.get("instructions") == null ? INSTRUCTIONS : fields.text("instructions");
        if (path == null) {
            return "";
        }
        if (path.contains("\n") || path.length() > 200) {
            fields.fault(
                    "instructions",
                    "this is a text, not the name of a file",
                    "put the text into " + INSTRUCTIONS);
            return "";
        }
        var text = folder.text(path);
        if (text == null) {
            if (fields.has("instructions")) {
                noFile(fields, "instructions", path, "put what the agent is to do into it");
            } else {
                faults.add(
                        folder.named(INSTRUCTIONS),
                        "the file is missing",
                        "write down what the agent is to do, in plain words");
            }
            return "";
        }
        if (text.isBlank()) {
            faults.add(
                    folder.named(path),
                    "the file is empty",
                    "write down what the agent is to do, in plain words");
        }
        return text;
    }

    private void noFile(Fields fields, String key, String path, String otherwise) {
        fields.fault(
                key,
                "there is no file " + folder.named(path),
                Nearest.to(path, folder.files().keySet())
                        .map(near -> "did you mean `" + near + "`?")
                        .orElse(otherwise));
    }

    private void knowledge(Fields fields) {
        var path = fields.text("knowledge");
        if (path == null) {
            return;
        }
        if (!path.equals(KNOWLEDGE) && !(path + "/").equals(KNOWLEDGE)) {
            fields.fault(
                    "knowledge",
                    "the folder for files to explore is named knowledge/",
                    "knowledge: knowledge/");
        } else if (folder.files().keySet().stream().noneMatch(f -> f.startsWith(KNOWLEDGE))) {
            fields.fault(
                    "knowledge",
                    "there is no file in " + folder.named(KNOWLEDGE),
                    "put texts into it, or leave the key out");
        }
    }

    private static @Nullable Money budget(Fields fields) {
        return fields.object("budget", Keys.BUDGET)
                .map(budget -> {
                    budget.money("day");
                    return budget.money("session");
                })
                .orElse(null);
    }

    private static Limits limits(Fields fields) {
        return fields.object("limits", Keys.LIMITS).map(AgentFile::given).orElse(Limits.DEFAULT);
    }

    private static Limits given(Fields limits) {
        var standard = Limits.DEFAULT;
        var time = limits.duration("time", Duration.ofSeconds(1), Duration.ofDays(30));
        return new Limits(
                limits.integer("turns", 1, 10_000, standard.turns()),
                time == null ? standard.time() : time,
                limits.integer("same_call", 1, 1000, standard.sameCall()),
                limits.integer("at_once", 1, 100_000, standard.atOnce()),
                limits.integer("repairs", 0, 20, standard.repairs()),
                limits.integer("output_tokens", 16, 1_000_000, standard.outputTokens()),
                limits.integer("context_tokens", 1000, 10_000_000, standard.contextTokens()));
    }

    private List<Check> checks(Fields fields) {
        var checks = new ArrayList<Check>();
        int count = fields.list("checks");
        for (int i = 0; i < count; i++) {
            var pointer = Source.child(fields.pointer("checks"), i);
            if (fields.source().at(pointer).isObject()) {
                Fields.at(fields.source(), pointer, Keys.CHECK, faults)
                        .flatMap(this::check)
                        .ifPresent(checks::add);
                continue;
            }
            var when = Cel.check(fields.source(), pointer, Check.NAMES, faults);
            if (when != null) {
                checks.add(new Check(when, "this does not hold for the answer: " + when));
            }
        }
        return List.copyOf(checks);
    }

    private Optional<Check> check(Fields check) {
        var says = check.required("says", "what is told when the check fails");
        if (!check.has("when")) {
            check.missing("when", "what must be true, such as \"size(answer.steps) > 0\"");
            return Optional.empty();
        }
        var when = Cel.check(check.source(), check.pointer("when"), Check.NAMES, faults);
        return when == null || says == null ? Optional.empty() : Optional.of(new Check(when, says));
    }

    private @Nullable String goodWhen(Fields fields) {
        var given = fields.text("good_when");
        if (given == null || given.contains("\n") || !given.strip().endsWith(".md")) {
            return given;
        }
        var text = folder.text(given);
        if (text == null) {
            noFile(fields, "good_when", given, "say in it, in plain words, when an answer is good");
        }
        return text;
    }
}
