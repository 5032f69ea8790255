package dev.remit.core.agent;

import dev.remit.core.expression.Template;
import dev.remit.core.json.Json;
import dev.remit.core.model.Rehearsal;
import dev.remit.core.text.Cel;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `rehearsal.yaml`.
final class RehearsalFile {
    static final String PATH = "rehearsal.yaml";

    /// The names that every expression of a script may use.
    static final Set<String> NAMES = Set.of("input", "turn", "attempt", "messages", "results");

    private static final Set<String> KINDS =
            Set.of(
                    "rate_limited",
                    "overloaded",
                    "server_error",
                    "timed_out",
                    "cut",
                    "garbage",
                    "wrong_schema");

    private final Faults faults;
    private final Set<String> tools;

    private RehearsalFile(Faults faults, Set<String> tools) {
        this.faults = faults;
        this.tools = tools;
    }

    /// @param tools that the agent may use
    /// @return absent if there is no such file
    static @Nullable Rehearsal read(Folder folder, Set<String> tools) {
        var reader = new RehearsalFile(folder.faults(), tools);
        return folder.source(PATH)
                .flatMap(source -> Fields.at(source, "", Keys.REHEARSAL, folder.faults()))
                .map(reader::script)
                .orElse(null);
    }

    private Rehearsal.Script script(Fields fields) {
        if (fields.has("remit")) {
            Formats.version(fields, "rehearsal/v1");
        }
        var replies = new ArrayList<Rehearsal.Reply>();
        if (!fields.has("replies")) {
            fields.missing("replies", "replies: [{answer: …}]");
        }
        int count = fields.list("replies");
        for (int i = 0; i < count; i++) {
            Fields.at(fields.source(), Source.child("/replies", i), Keys.REPLY, faults)
                    .map(this::reply)
                    .ifPresent(replies::add);
        }
        return new Rehearsal.Script(List.copyOf(replies));
    }

    private Rehearsal.Reply reply(Fields fields) {
        var when =
                fields.has("when")
                        ? Cel.check(fields.source(), fields.pointer("when"), NAMES, faults)
                        : null;
        var names = new HashSet<>(NAMES);
        var let = let(fields, names);
        var answer = fields.get("answer");
        if (answer != null) {
            template(fields.source(), fields.pointer("answer"), answer, names);
        }
        var calls = calls(fields, names);
        var fault = fault(fields);
        if (answer == null && calls.isEmpty() && fault == null) {
            fields.missing("answer", "give an answer, calls or a fault");
        }
        int pace = fields.integer("tokens_per_second", 1, 1_000_000, 0);
        return new Rehearsal.Reply(when, let, answer, calls, fault, pace == 0 ? null : pace);
    }

    /// In the order of the file: each may use those above it.
    private Map<String, String> let(Fields fields, Set<String> names) {
        var let = new LinkedHashMap<String, String>();
        if (fields.get("let") == null) {
            return let;
        }
        var source = fields.source();
        var pointer = fields.pointer("let");
        if (fields.object("let", source.names(pointer)).isEmpty()) {
            return let;
        }
        for (var name : source.at(pointer).propertyNames()) {
            var at = Source.child(pointer, name);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                faults.add(
                        source.file(),
                        source.key(at),
                        "`" + name + "` cannot be used in an expression",
                        "letters, digits and _");
            } else if (NAMES.contains(name)) {
                faults.add(
                        source.file(),
                        source.key(at),
                        "`" + name + "` is given already",
                        "choose another name");
            }
            var text = Cel.check(source, at, names, faults);
            if (text != null) {
                let.put(name, text);
            }
            names.add(name);
        }
        return Collections.unmodifiableMap(let);
    }

    private List<Rehearsal.Call> calls(Fields fields, Set<String> names) {
        var calls = new ArrayList<Rehearsal.Call>();
        int count = fields.list("calls");
        for (int i = 0; i < count; i++) {
            Fields.at(fields.source(), Source.child(fields.pointer("calls"), i), Keys.CALL, faults)
                    .flatMap(call -> call(call, names))
                    .ifPresent(calls::add);
        }
        return List.copyOf(calls);
    }

    private Optional<Rehearsal.Call> call(Fields fields, Set<String> names) {
        var tool = fields.required("tool", "the name of a tool");
        if (tool == null) {
            return Optional.empty();
        }
        if (!tools.contains(tool)) {
            fields.fault("tool", "the agent may not use `" + tool + "`", Nearest.hint(tool, tools));
        }
        var arguments = fields.get("arguments");
        if (arguments == null) {
            return Optional.of(new Rehearsal.Call(tool, Json.object()));
        }
        template(fields.source(), fields.pointer("arguments"), arguments, names);
        return Optional.of(new Rehearsal.Call(tool, arguments));
    }

    private Rehearsal.@Nullable Fault fault(Fields fields) {
        var given = fields.get("fault");
        if (given == null) {
            return null;
        }
        if (given.isString()) {
            kind(fields, "fault", given.asString());
            return new Rehearsal.Fault(given.asString(), 1, null);
        }
        return fields.object("fault", Keys.FAULT)
                .map(fault -> {
                    var kind =
                            fault.required(
                                    "kind",
                                    "one of: "
                                            + String.join(", ", KINDS.stream().sorted().toList()));
                    if (kind != null) {
                        kind(fault, "kind", kind);
                    }
                    var delay =
                            fault.duration(
                                    "retry_after", Duration.ofMillis(1), Duration.ofHours(1));
                    return new Rehearsal.Fault(
                            kind == null ? "" : kind,
                            fault.integer("times", 1, 1000, 1),
                            delay == null ? null : delay.toMillis());
                })
                .orElse(null);
    }

    private static void kind(Fields fields, String key, String kind) {
        if (!KINDS.contains(kind)) {
            fields.fault(
                    key,
                    "`" + kind + "` is no fault that can be rehearsed",
                    Nearest.hint(kind, KINDS));
        }
    }

    private void template(Source source, String pointer, JsonNode template, Set<String> names) {
        for (var mistake : Template.mistakes(template, names)) {
            faults.add(
                    source.file(),
                    source.value(pointer + mistake.pointer()),
                    mistake.wrong(),
                    "see docs/expressions.md");
        }
    }
}
