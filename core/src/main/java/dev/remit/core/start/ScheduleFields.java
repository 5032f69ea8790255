package dev.remit.core.start;

import dev.remit.core.json.Json;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads one schedule.
final class ScheduleFields {
    static final Set<String> KEYS =
            Set.of(
                    "at",
                    "days",
                    "every",
                    "cron",
                    "zone",
                    "input",
                    "overlap",
                    "buffer",
                    "catch_up",
                    "jitter",
                    "models");

    private static final Pattern TIME = Pattern.compile("([01]?[0-9]|2[0-3]):([0-5][0-9])");
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MOST_TIMES = 24;
    private static final String WHEN =
            "one of `at: \"08:30\"`, `every: 15m` and `cron: \"30 8 * * MON-FRI\"`";

    private static final Map<String, String> DAYS =
            Map.ofEntries(
                    Map.entry("every-day", "*"),
                    Map.entry("weekdays", "1-5"),
                    Map.entry("weekends", "6,0"),
                    Map.entry("mon", "1"),
                    Map.entry("tue", "2"),
                    Map.entry("wed", "3"),
                    Map.entry("thu", "4"),
                    Map.entry("fri", "5"),
                    Map.entry("sat", "6"),
                    Map.entry("sun", "0"));

    private final Fields fields;

    ScheduleFields(Fields fields) {
        this.fields = fields;
    }

    /// @return absent if it says no time; there are faults then
    @Nullable ScheduleSpec read() {
        var when = when();
        var jitter = fields.duration("jitter", Duration.ofMillis(1), Duration.ofHours(1));
        var catchUp = fields.duration("catch_up", Duration.ofSeconds(10), LONGEST);
        var overlap = fields.word("overlap", Overlap.class, Overlap.SKIP);
        int buffer = fields.integer("buffer", 1, 1000, ScheduleSpec.BUFFER);
        if (fields.has("buffer") && overlap != Overlap.BUFFER_ALL) {
            fields.fault("buffer", "nothing is kept by this overlap policy", "overlap: buffer_all");
        }
        var models = ModelFields.read(fields);
        var input = fields.get("input");
        return when == null
                ? null
                : new ScheduleSpec(
                        when,
                        input == null ? Json.object() : input,
                        overlap,
                        buffer,
                        catchUp == null ? ScheduleSpec.CATCH_UP : catchUp,
                        jitter == null ? Duration.ZERO : jitter,
                        models);
    }

    private @Nullable When when() {
        var given = Stream.of("at", "every", "cron").filter(fields::has).toList();
        if (given.isEmpty()) {
            fields.missing("at", WHEN);
            return null;
        }
        if (given.size() > 1) {
            fields.fault(given.get(1), "there is `" + given.getFirst() + "` already", WHEN);
            return null;
        }
        if (!given.getFirst().equals("at") && fields.has("days")) {
            fields.fault("days", "`days` goes with `at`", "at: \"08:30\"");
        }
        return switch (given.getFirst()) {
            case "every" -> every();
            case "cron" -> cron();
            default -> at();
        };
    }

    private @Nullable When every() {
        if (fields.has("zone")) {
            fields.fault("zone", "`every` goes by the time that passes, anywhere", "leave it out");
        }
        var period = fields.duration("every", Duration.ofSeconds(1), LONGEST);
        if (period != null && period.toNanosPart() != 0) {
            fields.fault("every", "this is no number of whole seconds", "such as 15m");
            return null;
        }
        return period == null ? null : new When.Every(period);
    }

    private @Nullable When cron() {
        var zone = zone();
        var text = fields.text("cron");
        if (text == null) {
            return null;
        }
        try {
            var cron = Cron.parse(text);
            return zone == null ? null : new When.Calendar(List.of(cron), zone);
        } catch (InvalidCron e) {
            fields.faults()
                    .add(
                            fields.source().file(),
                            fields.source().within(fields.pointer("cron"), 1, e.column()),
                            Objects.requireNonNull(e.getMessage()),
                            e.right());
            return null;
        }
    }

    private @Nullable When at() {
        var zone = zone();
        var days = days();
        var crons = new ArrayList<Cron>();
        for (var time : times()) {
            var found = TIME.matcher(time.text());
            if (found.matches()) {
                crons.add(
                        Cron.parse(
                                Integer.parseInt(found.group(2))
                                        + " "
                                        + Integer.parseInt(found.group(1))
                                        + " * * "
                                        + days));
            } else {
                fields.faults()
                        .add(
                                fields.source().file(),
                                fields.source().value(time.pointer()),
                                "`" + time.text() + "` is no time of day",
                                "hours and minutes, such as \"08:30\"");
            }
        }
        return crons.isEmpty() || zone == null ? null : new When.Calendar(crons, zone);
    }

    private record Written(String text, String pointer) {}

    /// One text, or a list of them.
    private List<Written> written(String key) {
        var value = fields.get(key);
        if (value != null && value.isArray()) {
            var all = new ArrayList<Written>();
            int count = Math.min(fields.list(key), MOST_TIMES);
            for (int i = 0; i < count; i++) {
                var pointer = Source.child(fields.pointer(key), i);
                all.add(new Written(plain(fields.source().at(pointer)), pointer));
            }
            return all;
        }
        var text = fields.text(key);
        return text == null ? List.of() : List.of(new Written(text, fields.pointer(key)));
    }

    private static String plain(JsonNode value) {
        return value.isString() ? value.asString() : Json.write(value);
    }

    private List<Written> times() {
        return written("at");
    }

    private String days() {
        if (!fields.has("days")) {
            return "*";
        }
        var numbers = new ArrayList<String>();
        for (var day : written("days")) {
            var name = day.text().toLowerCase(Locale.ROOT);
            var number =
                    DAYS.get(
                            name.length() > 3 && name.endsWith("day") && !name.startsWith("every")
                                    ? name.substring(0, 3)
                                    : name);
            if (number == null) {
                fields.faults()
                        .add(
                                fields.source().file(),
                                fields.source().value(day.pointer()),
                                "`" + day.text() + "` is no day",
                                Nearest.hint(day.text(), DAYS.keySet()));
            } else {
                numbers.add(number);
            }
        }
        return numbers.isEmpty() || numbers.contains("*") ? "*" : String.join(",", numbers);
    }

    /// Without a default: half of the schedules would be wrong for half of the year.
    private @Nullable ZoneId zone() {
        var name =
                fields.required(
                        "zone",
                        "the place whose clocks count, such as zone: Europe/Berlin, or zone: UTC");
        if (name == null) {
            return null;
        }
        try {
            if (ZoneId.getAvailableZoneIds().contains(name)) {
                return ZoneId.of(name);
            }
        } catch (DateTimeException e) {
            // said below
        }
        fields.fault(
                "zone",
                "there is no time zone `" + name + "`",
                Nearest.to(name, ZoneId.getAvailableZoneIds())
                        .map(near -> "did you mean `" + near + "`?")
                        .orElse("a name of the IANA list, such as Europe/Berlin, or UTC"));
        return null;
    }
}
