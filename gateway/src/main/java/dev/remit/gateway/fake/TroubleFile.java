package dev.remit.gateway.fake;

import dev.remit.core.text.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one entry of a drill's `faults`.
final class TroubleFile {
    static final Set<String> KEYS =
            Set.of(
                    "kind",
                    "provider",
                    "model",
                    "probability",
                    "on",
                    "every",
                    "status",
                    "retry_after",
                    "should_retry",
                    "after_events",
                    "pings",
                    "delay",
                    "type");
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MANY = 1_000_000;

    /// What can go wrong, by the word for it.
    private enum Kind {
        STATUS,
        CUT,
        UNFINISHED,
        STALL,
        ERROR,
        GARBAGE,
        EMPTY,
        MUTE,
        HANG_UP,
        SLOW_FIRST_TOKEN,
        WRONG_SCHEMA
    }

    private TroubleFile() {}

    static Drill.@Nullable Trouble read(Fields fields) {
        if (fields.required("kind", "one of: " + kinds()) == null) {
            return null;
        }
        var kind = fields.word("kind", Kind.class, Kind.MUTE);
        var calls = calls(fields);
        int every = fields.integer("every", 1, MANY, 0);
        boolean certain = calls.isEmpty() && every == 0;
        return new Drill.Trouble(
                fields.text("provider"),
                fields.text("model"),
                calls,
                every,
                share(fields, "probability", certain ? 1 : 0),
                harm(fields, kind));
    }

    private static String kinds() {
        var kinds = new ArrayList<String>();
        for (var kind : Kind.values()) {
            kinds.add(kind.name().toLowerCase(Locale.ROOT));
        }
        return String.join(", ", kinds);
    }

    private static Drill.Harm harm(Fields fields, Kind kind) {
        int after = fields.integer("after_events", 0, MANY, 1);
        return switch (kind) {
            case STATUS -> fault(new FakeFault.Status(status(fields), headers(fields)));
            case CUT -> fault(new FakeFault.Cut(after));
            case UNFINISHED -> fault(new FakeFault.Unfinished(after));
            case STALL ->
                    fault(new FakeFault.Stall(after, Boolean.TRUE.equals(fields.truth("pings"))));
            case ERROR -> {
                var type = fields.text("type");
                yield fault(
                        new FakeFault.Broken(after, type == null ? "api_error" : type, "on order"));
            }
            case GARBAGE -> fault(new FakeFault.Garbage());
            case EMPTY -> fault(new FakeFault.Empty());
            case MUTE -> fault(new FakeFault.Mute());
            case HANG_UP -> fault(new FakeFault.HangUp());
            case WRONG_SCHEMA -> new Drill.Harm.WrongSchema();
            case SLOW_FIRST_TOKEN -> {
                var delay = fields.duration("delay", LEAST, LONGEST);
                if (!fields.has("delay")) {
                    fields.missing("delay", "delay: 5s");
                }
                yield new Drill.Harm.SlowStart(delay == null ? Duration.ZERO : delay);
            }
        };
    }

    private static Drill.Harm fault(FakeFault fault) {
        return new Drill.Harm.Fault(fault);
    }

    private static int status(Fields fields) {
        if (!fields.has("status")) {
            fields.missing("status", "status: 429");
        }
        return fields.integer("status", 400, 599, 500);
    }

    private static Map<String, String> headers(Fields fields) {
        var headers = new HashMap<String, String>();
        var wait = fields.duration("retry_after", LEAST, LONGEST);
        if (wait != null) {
            headers.put("retry-after-ms", String.valueOf(wait.toMillis()));
            headers.put(
                    "retry-after", String.valueOf(Math.max(1, wait.plusMillis(999).toSeconds())));
        }
        var again = fields.truth("should_retry");
        if (again != null) {
            headers.put("x-should-retry", again.toString());
        }
        return headers;
    }

    private static List<Integer> calls(Fields fields) {
        var calls = new ArrayList<Integer>();
        int count = fields.list("on");
        for (int i = 0; i < count; i++) {
            var each = fields.source().at(fields.pointer("on") + "/" + i);
            if (each.canConvertToInt() && each.isIntegralNumber() && each.intValue() > 0) {
                calls.add(each.intValue());
            } else {
                fields.fault("on", "`" + each + "` is no number of a call", "such as [3, 7]");
            }
        }
        return calls;
    }

    /// A number from 0 to 1.
    static double share(Fields fields, String key, double otherwise) {
        var given = fields.get(key);
        if (given == null) {
            return otherwise;
        }
        if (!given.isNumber() || given.doubleValue() < 0 || given.doubleValue() > 1) {
            fields.fault(key, "`" + key + "` is no share", "a number from 0 to 1, such as 0.05");
            return otherwise;
        }
        return given.doubleValue();
    }
}
