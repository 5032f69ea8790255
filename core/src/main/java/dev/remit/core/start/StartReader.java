package dev.remit.core.start;

import dev.remit.core.json.Json;
import dev.remit.core.text.Fault;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.text.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads what starts sessions: from the file of an agent or workflow, or by itself.
public final class StartReader {
    /// The keys in the file of an agent or workflow.
    public static final Set<String> KEYS = Set.of("schedules", "on");

    private static final int MOST = 50;

    private StartReader() {}

    /// The starts in the file of an agent or workflow.
    public static Starts read(Fields file) {
        var schedules = new LinkedHashMap<String, JsonNode>();
        each(file, "schedules", ScheduleFields.KEYS)
                .forEach((name, fields) -> {
                    if (new ScheduleFields(fields).read() != null) {
                        schedules.put(name, file.source().at(fields.pointer()));
                    }
                });
        var triggers = new LinkedHashMap<String, JsonNode>();
        each(file, "on", TriggerFields.KEYS)
                .forEach((name, fields) -> {
                    if (new TriggerFields(fields).read() != null) {
                        triggers.put(name, file.source().at(fields.pointer()));
                    }
                });
        return new Starts(schedules, triggers);
    }

    /// Whether an event may have that name.
    public static boolean isEvent(String name) {
        return TriggerFields.isEvent(name);
    }

    private static Map<String, Fields> each(Fields file, String key, Set<String> known) {
        var found = new LinkedHashMap<String, Fields>();
        var entries = file.entries(key);
        if (entries.size() > MOST) {
            file.fault(key, "there are " + entries.size() + " of them", "at most " + MOST);
            return found;
        }
        entries.forEach((name, pointer) -> {
            if (!Formats.isName(name)) {
                file.faults()
                        .add(
                                file.source().file(),
                                file.source().key(pointer),
                                "`" + name + "` is no name",
                                "lower-case letters, digits and hyphens, such as every-morning");
            }
            Fields.at(file.source(), pointer, known, file.faults())
                    .ifPresent(fields -> found.put(name, fields));
        });
        return found;
    }

    /// A schedule by itself.
    ///
    /// @throws InvalidStart if there are faults
    public static ScheduleSpec schedule(JsonNode written) {
        var faults = new Faults();
        var spec =
                fields(written, ScheduleFields.KEYS, faults)
                        .map(fields -> new ScheduleFields(fields).read());
        return spec.filter(s -> faults.isEmpty())
                .orElseThrow(() -> new InvalidStart(faults.sorted()));
    }

    /// What starts sessions by events, by itself.
    ///
    /// @throws InvalidStart if there are faults
    public static TriggerSpec trigger(JsonNode written) {
        var faults = new Faults();
        var spec =
                fields(written, TriggerFields.KEYS, faults)
                        .map(fields -> new TriggerFields(fields).read());
        return spec.filter(s -> faults.isEmpty())
                .orElseThrow(() -> new InvalidStart(faults.sorted()));
    }

    private static java.util.Optional<Fields> fields(
            JsonNode written, Set<String> known, Faults faults) {
        return Source.read("body.json", Json.write(written), faults)
                .flatMap(source -> Fields.at(source, "", known, faults));
    }

    /// What is written is no schedule, or no trigger.
    public static final class InvalidStart extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient List<Fault> faults;

        InvalidStart(List<Fault> faults) {
            super(faults.isEmpty() ? "it cannot be read" : faults.getFirst().toString());
            this.faults = List.copyOf(faults);
        }

        public List<Fault> faults() {
            return faults;
        }
    }
}
